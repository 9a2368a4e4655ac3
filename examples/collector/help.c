#include "help.h"

#include <awslogsrc/awslogsrc.h>
#include <stdio.h>

void help_print(void)
{
    (void)fputs(
        "Usage: awslogsrc COMMAND [ARGUMENT]...\n"
        "Reads every event of Amazon CloudWatch Logs groups.\n"
        "\n"
        "  collect [-c FILE] [--OPTION VALUE]...  write events to standard output\n"
        "  check [-c FILE] [--OPTION VALUE]... [--format table|json]\n"
        "                                         tries everything that the sources need, step by\n"
        "                                         step, and says what to do where it fails\n"
        "  policy [-c FILE] [--OPTION VALUE]...   the least IAM policy that the sources need\n"
        "  trust HOST[:PORT] [--trust-store FILE] [--OPTION VALUE]...\n"
        "                                         show a server's certificates, and store them in "
        "FILE\n"
        "  normalize [--format F] [FILE]...       messages from files, as a SIEM takes them\n"
        "  options                                every option of a source\n"
        "  version                                this version, and those of what it is linked "
        "with\n"
        "  help                                   this text; 'awslogsrc collect --help' says "
        "more\n",
        stdout);
}

void help_print_collect(void)
{
    (void)fputs(
        "Usage: awslogsrc collect [-c FILE] [--OPTION VALUE]... [--format FORMAT]\n"
        "                         [--delimiter lf|nul] [--output DESTINATION] [--once] [--quiet]\n"
        "                         [--metrics-listen HOST:PORT]\n"
        "\n"
        "  -c FILE             sections [source NAME] with options; each is a source of its own.\n"
        "                      Without a file there is one source, called default.\n"
        "  --OPTION VALUE      any option that 'awslogsrc options' lists; also --OPTION=VALUE.\n"
        "                      Applies to every section, and wins over the file. '-' and '_' are\n"
        "                      the same. A boolean option may stand without a value.\n"
        "  --once              read everything up to now, then exit, instead of following\n"
        "  --format json       an object a line, with: source region log_group log_stream\n"
        "                      timestamp ingestion_time (integers, ms since 1970 UTC) event_id\n"
        "                      message payload identifier flags (an array of strings;\n"
        "                      \"replaced_text\": something was not valid Unicode and reads "
        "U+FFFD\n"
        "                      now). Nothing is lost in it. This is the default.\n"
        "  --format payload    the payload alone, ended by LF. A LF inside is written as \\n; a\n"
        "                      backslash stays as it is, so an original \\n looks the same.\n"
        "  --format record     the event taken apart, as JSON: see 'awslogsrc normalize --help'\n"
        "  --format ecs|ocsf|leef|cef\n"
        "                      the same as a SIEM takes it; ended by LF\n"
        "  --delimiter nul     payloads as they are, or records of leef and cef, each ended by "
        "NUL\n"
        "  --output -          standard output; the default\n"
        "  --output file:PATH  appended to a file, which SIGHUP has made anew once it was moved\n"
        "  --output syslog://HOST:PORT, syslog+tcp://HOST:PORT, syslog+tls://HOST:PORT\n"
        "                      to a syslog receiver, with these:\n"
        "  --syslog-header H   rfc5424 (default), rfc3164, short (default for leef), none\n"
        "  --framing F         of streams: octet (default), lf (default for leef)\n"
        "  --max-message N     bytes of a message; 65507 over UDP, else 0: no limit\n"
        "  --oversize O        truncate (default), drop-to-leef, refuse (the command fails)\n"
        "  --output-ca-file F  whom to trust over TLS, in place of the system's store\n"
        "  --metrics-listen HOST:PORT\n"
        "                      the figures of all sources for Prometheus, at\n"
        "                      http://HOST:PORT/metrics; port 0 takes a free one\n"
        "  --quiet             no progress line and no summary on stderr; troubles only\n"
        "\n"
        "SIGINT and SIGTERM: finish what is being written, and exit with 0; a second one exits at\n"
        "once. Exit codes: 0 done; 1 the output failed, or with --once a region; 2 wrong usage or\n"
        "options, and nothing was written to standard output.\n",
        stdout);
}

void help_print_check(void)
{
    (void)fputs(
        "Usage: awslogsrc check [-c FILE] [--OPTION VALUE]... [--format table|json]\n"
        "\n"
        "Tries everything that the sources need, step by step, and says what to do where it "
        "fails.\n"
        "Delivers nothing and moves no position. -c and --OPTION are as in 'awslogsrc collect "
        "--help'.\n"
        "\n"
        "Exit codes: 0 all is well; 1 something failed; 2 wrong usage.\n",
        stdout);
}

void help_print_policy(void)
{
    (void)fputs("Usage: awslogsrc policy [-c FILE] [--OPTION VALUE]...\n"
                "\n"
                "Prints the least IAM policy that the sources need. -c and --OPTION are as in\n"
                "'awslogsrc collect --help'.\n",
                stdout);
}

void help_print_trust(void)
{
    (void)fputs(
        "Usage: awslogsrc trust HOST[:PORT] [--trust-store FILE] [--OPTION VALUE]...\n"
        "\n"
        "Shows the certificates of a server, reached as the options of networks say (proxy, "
        "ca_file,\n"
        "timeouts), and with --trust-store enters them in FILE, so that the server is trusted.\n"
        "\n"
        "Exit codes: 0 done; 1 the server could not be reached, or FILE not be written; 2 wrong "
        "usage.\n",
        stdout);
}

void help_print_normalize(void)
{
    (void)fputs(
        "Usage: awslogsrc normalize [--format F] [--original] [--delimiter lf|nul]\n"
        "                           [--max-message N] [--oversize O] [--log-source-type T]\n"
        "                           [--vpc-flow-format F] [--quiet] [FILE]...\n"
        "\n"
        "Takes messages, one a line, from the files or standard input: lines of 'collect', "
        "payloads\n"
        "{LogStreamName: ...}, or messages as they are in a log. Writes each as a record.\n"
        "\n"
        "  --format F          json (default; every field by its name), ecs, ocsf (1.5), leef "
        "(2.0),\n"
        "                      cef (0), original (the message)\n"
        "  --original          json, ecs and ocsf hold the whole message as well\n"
        "  --delimiter nul     messages are ended by NUL, on both sides\n"
        "  --max-message N     bytes of a record; 0 (default): no limit\n"
        "  --oversize O        truncate (default; values end in [truncated]), drop-to-leef, "
        "refuse\n"
        "  --log-source-type, --vpc-flow-format\n"
        "                      as the options of sources: see 'awslogsrc options'\n"
        "  --quiet             do not say on stderr how many messages could not be parsed\n"
        "\n"
        "Exit codes: 0 done; 1 a file could not be read, a message was too large, or the output "
        "failed;\n"
        "2 wrong usage.\n",
        stdout);
}

void help_print_options(void)
{
    for (int i = 0; i < awslogsrc_option_count(); i++) {
        int flags = awslogsrc_option_flags(i);
        const char *standard = awslogsrc_option_default(i);
        printf("%s (%s", awslogsrc_option_name(i), awslogsrc_option_type(i));
        if ((flags & AWSLOGSRC_OPTION_REQUIRED) != 0)
            (void)fputs(", required", stdout);
        if (*standard != '\0')
            printf(", default %s", standard);
        printf(")\n    %s\n", awslogsrc_option_help(i));
    }
}
