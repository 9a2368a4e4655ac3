/* awslogsrc: the command on top of libawslogsrc. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "collector.h"
#include "console.h"
#include "help.h"
#include "normalize.h"
#include "policy.h"
#include "trust.h"

static int finish_printing(void)
{
    if (fflush(stdout) == 0)
        return EXIT_DONE;
    console_say("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

/* A command that takes what collect takes: sources, from a file and from options. */
static int with_sources(int argc, char **argv, void (*print_help)(void),
                        int (*run)(const struct arguments *arguments,
                                   const struct configuration *configuration))
{
    struct arguments arguments;
    struct configuration configuration = {0};
    int code = EXIT_USAGE;
    if (!arguments_parse(argc, argv, &arguments)) {
        code = EXIT_USAGE;
    } else if (arguments.help) {
        print_help();
        code = finish_printing();
    } else if (configuration_load(&arguments, &configuration)) {
        code = run(&arguments, &configuration);
    }
    configuration_clear(&configuration);
    arguments_clear(&arguments);
    return code;
}

static int run_collect(int argc, char **argv)
{
    return with_sources(argc, argv, help_print_collect, collector_run);
}

static int check_as_table(const struct arguments *arguments,
                          const struct configuration *configuration)
{
    (void)arguments;
    return check_run(configuration, CHECK_FORMAT_TABLE);
}

static int check_as_json(const struct arguments *arguments,
                         const struct configuration *configuration)
{
    (void)arguments;
    return check_run(configuration, CHECK_FORMAT_JSON);
}

static int run_check(int argc, char **argv)
{
    enum check_format format = CHECK_FORMAT_TABLE;
    if (!check_take_format(&argc, argv, &format))
        return EXIT_USAGE;
    return with_sources(argc, argv, help_print_check,
                        format == CHECK_FORMAT_JSON ? check_as_json : check_as_table);
}

static int print_policy(const struct arguments *arguments,
                        const struct configuration *configuration)
{
    (void)arguments;
    int code = policy_print(configuration);
    return code == EXIT_DONE ? finish_printing() : code;
}

static int run_policy(int argc, char **argv)
{
    return with_sources(argc, argv, help_print_policy, print_policy);
}

static int run_trust(int argc, char **argv)
{
    struct arguments arguments = {0};
    int code = EXIT_DONE;
    if (!arguments_parse_word(argc, argv, &arguments)) {
        code = EXIT_USAGE;
    } else if (arguments.help) {
        help_print_trust();
    } else if (arguments.word == NULL) {
        console_say("trust: HOST[:PORT] is missing: try 'awslogsrc trust --help'");
        code = EXIT_USAGE;
    } else {
        code = trust_run(arguments.word, &arguments);
    }
    arguments_clear(&arguments);
    return code == EXIT_DONE ? finish_printing() : code;
}

/* A command that takes nothing, and prints. */
static int print(int argc, char **argv, void (*print_it)(void))
{
    if (argc == 1 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0))
        print_it = help_print;
    else if (argc > 0) {
        console_say("\"%s\" is too much: try 'awslogsrc help'", argv[0]);
        return EXIT_USAGE;
    }
    print_it();
    return finish_printing();
}

static void print_version(void)
{
    printf("awslogsrc %s\n", awslogsrc_version());
}

static int run_version(int argc, char **argv)
{
    return print(argc, argv, print_version);
}

static int run_options(int argc, char **argv)
{
    return print(argc, argv, help_print_options);
}

static int run_help(int argc, char **argv)
{
    (void)argc, (void)argv;
    help_print();
    return finish_printing();
}

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"collect", run_collect},     {"check", run_check},       {"trust", run_trust},
    {"normalize", normalize_run}, {"options", run_options},   {"policy", run_policy},
    {"version", run_version},     {"--version", run_version}, {"help", run_help},
    {"--help", run_help},         {"-h", run_help},
};

static int run(const char *name, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc, argv);
    }
    console_say("\"%s\" is not a command: try 'awslogsrc help'", name);
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
    enum { LARGE = 128 * 1024 };
    /* Pages of events go back to the system at once. Left to itself, malloc takes to keeping blocks
     * as large as those that were freed, and several megabytes of them (mallopt(3)). */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)signal(SIGPIPE, SIG_IGN); /* whoever stops reading is an output that failed */
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
