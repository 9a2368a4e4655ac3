#include "arguments.h"

#include "calendar.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: awslogsrc-simulator [OPTION]...\n"
    "A local CloudWatch Logs (FilterLogEvents, DescribeLogGroups, DescribeLogStreams) with STS\n"
    "and the metadata of EC2 (IMDSv2, /latest/) and containers (/v2/credentials/) on one port of\n"
    "127.0.0.1, for tests. Prints 'listening on http://127.0.0.1:PORT' when ready; SIGTERM and\n"
    "SIGINT end it, with its counters on stderr.\n"
    "\n"
    "  --port N              port to listen on; 0 takes a free one [0]\n"
    "  --port-file FILE      write the port number there once listening\n"
    "  --tls                 https, with a certificate made at start\n"
    "  --tls-name NAMES      that names these, as DNS:logs.example, and not localhost (with "
    "--tls)\n"
    "  --metadata-port N     plain http there as well, for metadata beside --tls; 0 takes a free\n"
    "                        one; prints 'metadata on http://127.0.0.1:PORT'\n"
    "  --ca-out FILE         write the certificate of the authority that signed it (with --tls)\n"
    "  --region NAME         a region; may be repeated [us-east-1]\n"
    "  --group NAME          the log group, in each region [CloudTrail/logs]\n"
    "\n"
    "Events, in each region:\n"
    "  --events N            generate N, spread evenly from --start to now [0]\n"
    "  --from FILE           or read them, one a line: {\"timestamp\":MS,\"message\":TEXT} with\n"
    "                        optional ingestion_time, visible_at, stream; or plain messages,\n"
    "                        spread evenly from --start to now\n"
    "  --kind KIND           cloudtrail, vpc or text [cloudtrail]\n"
    "  --seed N              of the generated events [1]\n"
    "  --start WHEN          -30s, -90m, -24h, -14d, or 2026-01-31T23:59:59Z [-24h]\n"
    "  --rate EPS            so many new events per second from now on [0]\n"
    "  --visible-delay DUR   generated events show up to DUR after their time [0s]\n"
    "\n"
    "Who may ask:\n"
    "  --access-key KEY      [AKIDEXAMPLE]\n"
    "  --secret-key KEY      [wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY]\n"
    "  --session-token TEXT  to be sent with each request [none]\n"
    "  --no-auth             do not look at signatures\n"
    "  --role NAME           the role of the instance and the container, which hand out its keys\n"
    "                        [none: 404]\n"
    "  --container-token TEXT\n"
    "                        the Authorization that the container endpoint wants [none]\n"
    "  --assumable ARN[=ID]  a role that STS knows, with the external id that it wants; may be\n"
    "                        repeated [every role, for everyone]\n"
    "  --web-token TEXT      the only web identity token that STS accepts [any]\n"
    "  --key-lifetime DUR    of handed out keys; of STS, at most: what is asked for counts [1h]\n"
    "\n"
    "Behaviour:\n"
    "  --quota N             requests per second, region and operation [no quota]\n"
    "  --end-time-exclusive  events at endTime are not returned\n"
    "  --clock-offset DUR    the server's clock is off by DUR, as -10m or 10m [0s]\n"
    "  --fault KIND=P[:OPERATION][@REGION]\n"
    "                        with probability P (0 to 1]; may be repeated. OPERATION:\n"
    "                        FilterLogEvents ... imds[.token .roles .role .region] container\n"
    "                        sts[.AssumeRole .AssumeRoleWithWebIdentity .GetCallerIdentity].\n"
    "                        The faults of keys are expired ones (stale-keys), an error in a 200\n"
    "                        (code-not-success), and what missing-member says. KIND:";
static const char help_end[] =
    "  --fault-seed N        of the faults' random numbers [1]\n"
    "  --expect-out FILE     write the number and the hash of the events of each region, at the\n"
    "                        start and, with those that appeared since, at the end: the sum mod\n"
    "                        2^64 of the first 8 bytes of SHA-256 over region NUL stream NUL\n"
    "                        timestamp NUL ingestion_time NUL event_id NUL message\n"
    "  --help                this text\n"
    "\n"
    "Exit status: 0 ended by a signal, 1 could not run, 2 wrong arguments.\n";

void sim_arguments_help(void)
{
    fputs(help, stdout);
    size_t column = 80;
    for (unsigned i = 1; i < SIM_FAULT_COUNT; i++) {
        const char *name = sim_fault_name((enum sim_fault_kind)i);
        if (column + strlen(name) + 1 > 78) {
            fputs("\n                       ", stdout);
            column = 23;
        }
        column += (size_t)printf(" %s", name);
    }
    printf("\n%s", help_end);
}

static bool parse_count(const char *text, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    if (*text < '0' || *text > '9')
        return false;
    *out = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0;
}

static bool parse_positive(const char *text, double *out)
{
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out) && *out >= 0;
}

static bool parse_duration(const char *text, int64_t *out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || errno || value > 1000000000 || value < -1000000000)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].unit) == 0) {
            *out = value * units[i].ms;
            return true;
        }
    }
    return false;
}

static bool parse_fault(const char *text, struct sim_arguments *out)
{
    char kind[32];
    char probability[32];
    size_t name = strcspn(text, "=");
    if (out->fault_count == SIM_MAX_FAULTS || text[name] != '=' || name >= sizeof kind)
        return false;
    snprintf(kind, sizeof kind, "%.*s", (int)name, text);
    text += name + 1;
    size_t number = strcspn(text, ":@");
    snprintf(probability, sizeof probability, "%.*s", (int)number, text);
    struct sim_fault *fault = &out->faults[out->fault_count];
    char *region = out->fault_regions[out->fault_count];
    char *operation = out->fault_operations[out->fault_count];
    if (!sim_fault_parse(kind, &fault->kind) || !parse_positive(probability, &fault->probability) ||
        fault->probability > 1 || fault->probability == 0)
        return false;
    text += number;
    if (*text == ':') {
        size_t length = strcspn(++text, "@");
        snprintf(operation, sizeof out->fault_operations[0], "%.*s", (int)length, text);
        fault->operation = operation;
        text += length;
    }
    if (*text == '@') {
        snprintf(region, sizeof out->fault_regions[0], "%.63s", text + 1);
        fault->region = region;
    }
    if (fault->kind == SIM_FAULT_CLOCK_SKEW)
        fault->skew_ms = INT64_C(10) * 60 * 1000;
    out->fault_count++;
    return true;
}

static bool add_region(const char *name, struct sim_arguments *out)
{
    if (out->region_count == SIM_MAX_REGIONS || !*name)
        return false;
    out->regions[out->region_count++] = name;
    return true;
}

static bool add_role(const char *text, struct sim_arguments *out)
{
    if (out->role_count == SIM_MAX_ROLES)
        return false;
    char *arn = out->role_arns[out->role_count];
    size_t length = strcspn(text, "=");
    if (length == 0 || length >= sizeof out->role_arns[0])
        return false;
    snprintf(arn, sizeof out->role_arns[0], "%.*s", (int)length, text);
    out->roles[out->role_count++] = (struct sim_role){
        .arn = arn, .external_id = text[length] == '=' ? text + length + 1 : NULL};
    return true;
}

enum option_id {
    PORT = 256,
    PORT_FILE,
    METADATA_PORT,
    TLS,
    TLS_NAME,
    CA_OUT,
    REGION,
    GROUP,
    EVENTS,
    FROM,
    KIND,
    SEED,
    RATE,
    START,
    VISIBLE_DELAY,
    ACCESS_KEY,
    SECRET_KEY,
    SESSION_TOKEN,
    NO_AUTH,
    ROLE,
    CONTAINER_TOKEN,
    ASSUMABLE,
    WEB_TOKEN,
    KEY_LIFETIME,
    QUOTA,
    END_TIME_EXCLUSIVE,
    CLOCK_OFFSET,
    FAULT,
    FAULT_SEED,
    EXPECT_OUT,
    HELP
};

static const struct option_name {
    const char *name;
    enum option_id option;
    bool has_value;
} options[] = {
    {"port", PORT, true},
    {"port-file", PORT_FILE, true},
    {"metadata-port", METADATA_PORT, true},
    {"tls", TLS, false},
    {"tls-name", TLS_NAME, true},
    {"ca-out", CA_OUT, true},
    {"region", REGION, true},
    {"group", GROUP, true},
    {"events", EVENTS, true},
    {"from", FROM, true},
    {"kind", KIND, true},
    {"seed", SEED, true},
    {"rate", RATE, true},
    {"start", START, true},
    {"visible-delay", VISIBLE_DELAY, true},
    {"access-key", ACCESS_KEY, true},
    {"secret-key", SECRET_KEY, true},
    {"session-token", SESSION_TOKEN, true},
    {"no-auth", NO_AUTH, false},
    {"role", ROLE, true},
    {"container-token", CONTAINER_TOKEN, true},
    {"assumable", ASSUMABLE, true},
    {"web-token", WEB_TOKEN, true},
    {"key-lifetime", KEY_LIFETIME, true},
    {"quota", QUOTA, true},
    {"end-time-exclusive", END_TIME_EXCLUSIVE, false},
    {"clock-offset", CLOCK_OFFSET, true},
    {"fault", FAULT, true},
    {"fault-seed", FAULT_SEED, true},
    {"expect-out", EXPECT_OUT, true},
    {"help", HELP, false},
};
enum { OPTIONS = sizeof options / sizeof *options };

static bool set_text(const char **at, const char *value)
{
    *at = value;
    return *value != '\0';
}

static bool set_flag(bool *at)
{
    *at = true;
    return true;
}

static bool set_port(uint16_t *at, const char *value)
{
    uint64_t port = 0;
    bool good = parse_count(value, &port) && port <= 65535;
    *at = (uint16_t)port;
    return good;
}

static bool set_start(int64_t *at, const char *value)
{
    if (sim_calendar_parse_iso(value, at))
        return *at > 0;
    return parse_duration(value, at) && *at <= 0;
}

static bool apply(enum option_id option, const char *value, struct sim_arguments *out)
{
    switch (option) {
    case PORT: return set_port(&out->port, value);
    case METADATA_PORT: return set_flag(&out->metadata) && set_port(&out->metadata_port, value);
    case PORT_FILE: return set_text(&out->port_file, value);
    case TLS: return set_flag(&out->tls);
    case TLS_NAME: return set_text(&out->tls_name, value);
    case CA_OUT: return set_text(&out->ca_out, value);
    case REGION: return add_region(value, out);
    case GROUP: return set_text(&out->group, value);
    case EVENTS: return parse_count(value, &out->events);
    case FROM: return set_text(&out->from, value);
    case KIND: return sim_generator_kind_parse(value, &out->kind);
    case SEED: return parse_count(value, &out->seed);
    case RATE: return parse_positive(value, &out->rate);
    case START: return set_start(&out->start_ms, value);
    case VISIBLE_DELAY:
        return parse_duration(value, &out->visible_delay_ms) && out->visible_delay_ms >= 0;
    case ACCESS_KEY: return set_text(&out->access_key, value);
    case SECRET_KEY: return set_text(&out->secret_key, value);
    case SESSION_TOKEN: return set_text(&out->session_token, value);
    case NO_AUTH: return set_flag(&out->no_auth);
    case ROLE: return set_text(&out->role, value);
    case CONTAINER_TOKEN: return set_text(&out->container_token, value);
    case ASSUMABLE: return add_role(value, out);
    case WEB_TOKEN: return set_text(&out->web_token, value);
    case KEY_LIFETIME:
        return parse_duration(value, &out->key_lifetime_ms) && out->key_lifetime_ms > 0;
    case QUOTA: return parse_positive(value, &out->quota);
    case END_TIME_EXCLUSIVE: return set_flag(&out->end_time_exclusive);
    case CLOCK_OFFSET: return parse_duration(value, &out->clock_offset_ms);
    case FAULT: return parse_fault(value, out);
    case FAULT_SEED: return parse_count(value, &out->fault_seed);
    case EXPECT_OUT: return set_text(&out->expect_out, value);
    case HELP: break;
    }
    return true;
}

static enum sim_arguments_result complain(const char *format, const char *detail)
{
    fputs("awslogsrc-simulator: ", stderr);
    fprintf(stderr, "%s: %s\n", format, detail);
    fputs("Try --help.\n", stderr);
    return SIM_ARGUMENTS_WRONG;
}

static enum sim_arguments_result check_together(const struct sim_arguments *out)
{
    if (out->events && out->from)
        return complain("cannot be used together", "--events and --from");
    if (out->ca_out && !out->tls)
        return complain("needs --tls", "--ca-out");
    if (out->tls_name && !out->tls)
        return complain("needs --tls", "--tls-name");
    if (out->no_auth && (out->access_key || out->secret_key || out->session_token))
        return complain("cannot be used together", "--no-auth and keys");
    if (!out->access_key != !out->secret_key)
        return complain("needs both", "--access-key and --secret-key");
    return SIM_ARGUMENTS_RUN;
}

static void set_defaults(struct sim_arguments *out)
{
    if (!out->region_count)
        out->regions[out->region_count++] = "us-east-1";
    if (!out->access_key) {
        out->access_key = "AKIDEXAMPLE";
        out->secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    }
}

enum sim_arguments_result sim_arguments_parse(int argc, char **argv, struct sim_arguments *out)
{
    struct option table[OPTIONS + 1] = {{0}};
    for (int i = 0; i < OPTIONS; i++)
        table[i] =
            (struct option){options[i].name, options[i].has_value, NULL, (int)options[i].option};
    *out = (struct sim_arguments){.group = "CloudTrail/logs",
                                  .start_ms = INT64_C(-24) * 3600 * 1000,
                                  .key_lifetime_ms = INT64_C(3600) * 1000,
                                  .seed = 1,
                                  .fault_seed = 1};
    int choice = 0;
    opterr = 0;
    while ((choice = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        if (choice == ':')
            return complain("needs a value", argv[optind - 1]);
        if (choice == '?')
            return complain("unknown option", argv[optind - 1]);
        if (choice == HELP)
            return SIM_ARGUMENTS_HELP;
        if (!apply((enum option_id)choice, optarg, out)) {
            fprintf(stderr, "awslogsrc-simulator: --%s: wrong value: %s\nTry --help.\n",
                    options[choice - PORT].name, optarg);
            return SIM_ARGUMENTS_WRONG;
        }
    }
    if (optind < argc)
        return complain("unexpected argument", argv[optind]);
    enum sim_arguments_result result = check_together(out);
    set_defaults(out);
    return result;
}
