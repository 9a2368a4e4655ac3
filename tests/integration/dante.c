#include "testing.h"

#include "dante.h"
#include "loopback.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { START_LIMIT_MS = 10000, PAUSE_MS = 20 };

static const char program[] = "/usr/sbin/danted";

static const char rules4[] =
    "client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 log: error }\n"
    "socks block { from: 0.0.0.0/0 to: 0.0.0.0/0 port = %u log: connect }\n"
    "socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 log: connect error }\n";

static const char rules6[] = "client pass { from: ::/0 to: ::/0 log: error }\n"
                             "socks pass { from: ::/0 to: ::/0 log: connect error }\n"
                             "socks pass { from: 0.0.0.0/0 to: ::/0 log: connect error }\n"
                             "socks pass { from: ::/0 to: 0.0.0.0/0 log: connect error }\n";

static void configure(const struct dante *dante, const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "logoutput: %s\ninternal: 127.0.0.1 port = %u\n", dante->log, dante->port);
    if (loopback_has_ipv6())
        (void)fprintf(file, "internal: ::1 port = %u\nexternal.protocol: ipv4 ipv6\n", dante->port);
    (void)fprintf(file, "external: lo\nclientmethod: none\nsocksmethod: none\n");
    (void)fprintf(file, rules4,
                  dante->refused_port); /* NOLINT(clang-diagnostic-format-nonliteral) */
    if (loopback_has_ipv6())
        (void)fputs(rules6, file);
    assert_int_equal(fclose(file), 0);
}

bool dante_start(struct dante *dante, const char *folder)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    char configuration[PROXY_PATH_SIZE], pid_file[PROXY_PATH_SIZE];
    if (access(program, X_OK) != 0) {
        printf("SKIPPED: Dante is not installed\n");
        return false;
    }
    *dante = (struct dante){.port = proxy_free_port(), .refused_port = proxy_free_port()};
    (void)snprintf(dante->log, sizeof dante->log, "%s/danted.log", folder);
    (void)snprintf(configuration, sizeof configuration, "%s/danted.conf", folder);
    (void)snprintf(pid_file, sizeof pid_file, "%s/danted.pid", folder);
    configure(dante, configuration);
    const char *const arguments[] = {program, "-f", configuration, "-p", pid_file, "-N", "1", NULL};
    process_start(&dante->process, &(struct process_options){.arguments = arguments});
    for (int waited = 0; !proxy_answers(dante->port); waited += PAUSE_MS) {
        if (waited >= START_LIMIT_MS) {
            printf("SKIPPED: Dante does not start here\n");
            dante_stop(dante);
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

void dante_stop(struct dante *dante)
{
    process_signal(&dante->process, SIGTERM);
    (void)process_finish(&dante->process);
    process_clear(&dante->process);
}

char *dante_log(const struct dante *dante)
{
    return test_read_file(dante->log, NULL);
}
