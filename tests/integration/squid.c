#include "testing.h"

#include "squid.h"

#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { START_LIMIT_MS = 30000, PAUSE_MS = 20 };

static const char program[] = "/usr/sbin/squid";
static const char digest_helper[] = "/usr/lib/squid/digest_file_auth";

/* The folder, its files and its log are for the user that squid becomes when root starts it. */
static const char *write_file(const struct squid *squid, const char *name, const char *text)
{
    static char path[2 * PROXY_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", squid->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0666), 0);
    return path;
}

/* squid hands the password to its helper percent-encoded. */
static const char check_script[] = "while read -r line; do\n"
                                   "    case $line in\n"
                                   "    'me s3cr%23t-p@ss') echo OK ;;\n"
                                   "    *) echo ERR ;;\n"
                                   "    esac\n"
                                   "done\n";

static const char rules[] = "auth_param basic program /bin/sh %s/check.sh\n"
                            "auth_param basic children 1 startup=1\n"
                            "auth_param basic realm test\n"
                            "auth_param digest program %s %s/digest.txt\n"
                            "auth_param digest children 1 startup=1\n"
                            "auth_param digest realm test\n"
                            "acl by_basic myportname basic basic6\n"
                            "acl by_digest myportname digest digest6\n"
                            "auth_schemes basic by_basic\n"
                            "auth_schemes digest by_digest\n"
                            "acl known proxy_auth REQUIRED\n"
                            "acl refused port %u\n"
                            "http_access deny refused\n"
                            "http_access allow !by_basic !by_digest\n"
                            "http_access allow known\n"
                            "http_access deny all\n"
                            "cache deny all\n"
                            "shutdown_lifetime 0 seconds\n"
                            "access_log stdio:%s/access.log\n"
                            "cache_log %s/cache.log\n"
                            "pid_filename none\n"
                            "pinger_enable off\n"
                            "coredump_dir none\n";

static void configure(struct squid *squid, unsigned refused_port)
{
    char text[4096];
    const char *folder = squid->folder;
    int size = snprintf(text, sizeof text,
                        "http_port 127.0.0.1:%u name=open\nhttp_port [::1]:%u name=open6\n"
                        "http_port 127.0.0.1:%u name=basic\nhttp_port [::1]:%u name=basic6\n"
                        "http_port 127.0.0.1:%u name=digest\nhttp_port [::1]:%u name=digest6\n"
                        "https_port 127.0.0.1:%u tls-cert=%s/proxy.pem tls-key=%s/proxy.key\n",
                        squid->open_port, squid->open_port, squid->basic_port, squid->basic_port,
                        squid->digest_port, squid->digest_port, squid->tls_port, folder, folder);
    (void)snprintf(text + size, sizeof text - (size_t)size, rules, folder, digest_helper, folder,
                   refused_port, folder, folder);
    (void)write_file(squid, "squid.conf", text);
}

bool squid_start(struct squid *squid, const char *folder, const char *tls_certificate,
                 const char *tls_key, unsigned refused_port)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    char configuration[2 * PROXY_PATH_SIZE];
    if (access(program, X_OK) != 0 || access(digest_helper, X_OK) != 0) {
        printf("SKIPPED: squid is not installed\n");
        return false;
    }
    *squid = (struct squid){.open_port = proxy_free_port(),
                            .basic_port = proxy_free_port(),
                            .digest_port = proxy_free_port(),
                            .tls_port = proxy_free_port()};
    (void)snprintf(squid->folder, sizeof squid->folder, "%s", folder);
    assert_int_equal(chmod(folder, 0777), 0);
    (void)write_file(squid, "check.sh", check_script);
    (void)write_file(squid, "digest.txt", SQUID_USERNAME ":" SQUID_PASSWORD "\n");
    (void)write_file(squid, "proxy.pem", tls_certificate);
    (void)write_file(squid, "proxy.key", tls_key);
    (void)write_file(squid, "access.log", "");
    (void)write_file(squid, "cache.log", "");
    configure(squid, refused_port);
    (void)snprintf(configuration, sizeof configuration, "%s/squid.conf", folder);
    const char *const arguments[] = {program, "-N", "-f", configuration, NULL};
    process_start(&squid->process, &(struct process_options){.arguments = arguments});
    for (int waited = 0; !proxy_answers(squid->open_port) || !proxy_answers(squid->tls_port);
         waited += PAUSE_MS) {
        assert_true(waited < START_LIMIT_MS);
        (void)nanosleep(&pause, NULL);
    }
    return true;
}

void squid_stop(struct squid *squid)
{
    process_signal(&squid->process, SIGTERM);
    (void)process_finish(&squid->process);
    process_clear(&squid->process);
}

char *squid_log(const struct squid *squid)
{
    char path[2 * PROXY_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/access.log", squid->folder);
    return test_read_file(path, NULL);
}
