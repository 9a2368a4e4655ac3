/* awslogsrc: the command on top of libawslogsrc. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector.h"
#include "console.h"
#include "help.h"

static bool is_one_of(const char *text, const char *const *names)
{
    while (*names != NULL && strcmp(text, *names) != 0)
        names++;
    return *names != NULL;
}

static int finish_printing(void)
{
    if (fflush(stdout) == 0)
        return EXIT_DONE;
    console_say("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

static int collect(int argc, char **argv)
{
    struct arguments arguments;
    struct configuration configuration = {0};
    int code = EXIT_USAGE;
    if (!arguments_parse(argc, argv, &arguments)) {
        code = EXIT_USAGE;
    } else if (arguments.help) {
        help_print_collect();
        code = finish_printing();
    } else if (configuration_load(&arguments, &configuration)) {
        code = collector_run(&arguments, &configuration);
    }
    configuration_clear(&configuration);
    arguments_clear(&arguments);
    return code;
}

static int print_version(void)
{
    printf("awslogsrc %s\n", awslogsrc_version());
    return finish_printing();
}

static int run(const char *command, int argc, char **argv)
{
    static const char *const later[] = {"check", "trust", "normalize", "policy", NULL};
    static const char *const help[] = {"help", "--help", "-h", NULL};
    if (strcmp(command, "collect") == 0)
        return collect(argc, argv);
    if (is_one_of(command, later)) {
        console_say("%s: not available yet in %s", command, AWSLOGSRC_VERSION);
        return EXIT_USAGE;
    }
    if (is_one_of(command, help)) {
        help_print();
        return finish_printing();
    }
    if (argc > 0) {
        console_say("\"%s\" is too much: try 'awslogsrc help'", argv[0]);
        return EXIT_USAGE;
    }
    if (strcmp(command, "options") == 0) {
        help_print_options();
        return finish_printing();
    }
    if (strcmp(command, "version") == 0 || strcmp(command, "--version") == 0)
        return print_version();
    console_say("\"%s\" is not a command: try 'awslogsrc help'", command);
    return EXIT_USAGE;
}

/* A descriptor opened later must never take the place of a standard one. */
static bool standard_descriptors_are_open(void)
{
    bool output_is_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    int fd = STDIN_FILENO;
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd >= 0)
        (void)close(fd);
    return output_is_open;
}

int main(int argc, char **argv)
{
    if (!standard_descriptors_are_open()) {
        console_say("standard output: is closed");
        return EXIT_FAILED;
    }
    if (argc < 2) {
        console_say("a command is missing: try 'awslogsrc help'");
        return EXIT_USAGE;
    }
    return run(argv[1], argc - 2, argv + 2);
}
