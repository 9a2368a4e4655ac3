/* awslogsrc-simulator: the local AWS as a program. */
#include "arguments.h"
#include "certificate.h"
#include "event_file.h"
#include "oracle.h"
#include "server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *what, const char *detail)
{
    fprintf(stderr, "awslogsrc-simulator: %s: %s\n", what, detail);
    return -1;
}

/* Whole or not at all: whoever waits for the file must not read half of it. */
static int write_file(const char *path, const char *text)
{
    struct sim_buffer temporary = {0};
    sim_buffer_printf(&temporary, "%s.tmp%ld", path, (long)getpid());
    sim_buffer_add(&temporary, "", 1);
    FILE *file = fopen(temporary.data, "w");
    bool good = file && fputs(text, file) >= 0;
    good = file && fclose(file) == 0 && good;
    good = good && rename(temporary.data, path) == 0;
    sim_buffer_clear(&temporary);
    return good ? 0 : complain(path, strerror(errno));
}

static int read_file(const char *path, struct sim_buffer *out)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return complain(path, strerror(errno));
    size_t count = 0;
    do {
        count = fread(sim_buffer_reserve(out, 1 << 20), 1, 1 << 20, file);
        out->length += count;
    } while (count);
    bool good = !ferror(file);
    fclose(file);
    return good ? 0 : complain(path, "cannot be read");
}

/* ---- the world ---- */

static struct sim_series make_series(const struct sim_arguments *arguments, size_t region)
{
    return (struct sim_series){
        .generator = {arguments->kind, arguments->seed + region, "123456789012",
                      arguments->regions[region]},
        .streams = 4,
        .visible_delay_ms = arguments->visible_delay_ms,
    };
}

static void fill_group(const struct sim_arguments *arguments, size_t region, int64_t now_ms,
                       const struct sim_buffer *text, struct sim_group *group)
{
    int64_t start = arguments->start_ms > 0 ? arguments->start_ms : now_ms + arguments->start_ms;
    struct sim_series series = make_series(arguments, region);
    if (arguments->events) {
        int64_t width = now_ms > start ? now_ms - start : 1;
        series.start_ms = start;
        series.count = arguments->events;
        series.per_second = (double)arguments->events * 1000.0 / (double)width;
        sim_group_put_series(group, &series);
    }
    if (arguments->rate > 0) {
        series.start_ms = now_ms;
        series.count = 0;
        series.per_second = arguments->rate;
        series.generator.seed += 1u << 16;
        sim_group_put_series(group, &series);
    }
    struct sim_event_file file = {"events", start, now_ms};
    sim_event_file_put(&file, text->data, text->length, group);
}

static int fill(const struct sim_arguments *arguments, int64_t now_ms, struct sim_service *service)
{
    struct sim_buffer text = {0};
    if (arguments->from && read_file(arguments->from, &text) != 0) {
        sim_buffer_clear(&text);
        return -1;
    }
    for (size_t i = 0; i < arguments->region_count; i++)
        fill_group(arguments, i, now_ms, &text,
                   sim_service_add_group(service, arguments->regions[i], arguments->group, now_ms));
    sim_buffer_clear(&text);
    return 0;
}

static void configure(const struct sim_arguments *arguments, struct sim_service *service)
{
    struct sim_settings *settings = sim_service_settings(service);
    settings->check_signatures = !arguments->no_auth;
    settings->end_time_exclusive = arguments->end_time_exclusive;
    settings->role = arguments->role;
    settings->container_token = arguments->container_token;
    settings->web_identity_token = arguments->web_token;
    settings->key_lifetime_ms = arguments->key_lifetime_ms;
    for (size_t i = 0; i < arguments->role_count; i++)
        sim_service_add_role(service, &arguments->roles[i]);
    sim_service_add_key(service, arguments->access_key, arguments->secret_key,
                        arguments->session_token);
    static const char *const operations[] = {"FilterLogEvents", "DescribeLogGroups",
                                             "DescribeLogStreams"};
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        sim_service_set_quota(service, NULL, operations[i], arguments->quota);
    sim_service_seed_faults(service, arguments->fault_seed);
    for (size_t i = 0; i < arguments->fault_count; i++)
        sim_service_add_fault(service, &arguments->faults[i]);
}

static int write_expectation(const struct sim_arguments *arguments, struct sim_service *service)
{
    if (!arguments->expect_out)
        return 0;
    int64_t now = sim_server_now(arguments->clock_offset_ms);
    struct sim_buffer text = {0};
    sim_buffer_text(&text, "{\"regions\":{");
    for (size_t i = 0; i < arguments->region_count; i++) {
        const char *region = arguments->regions[i];
        const struct sim_group *group = sim_region_group(
            sim_world_region(sim_service_world(service), region), arguments->group);
        struct sim_oracle oracle = sim_oracle_of(group, region, now);
        sim_buffer_printf(&text, "%s\"%s\":{\"events\":%llu,\"hash\":\"%016llx\"}", i ? "," : "",
                          region, (unsigned long long)oracle.events,
                          (unsigned long long)oracle.hash);
    }
    sim_buffer_printf(&text, "},\"as_of\":%lld}\n", (long long)now);
    sim_buffer_add(&text, "", 1);
    int result = write_file(arguments->expect_out, text.data);
    sim_buffer_clear(&text);
    return result;
}

/* ---- running ---- */

static int announce(const struct sim_arguments *arguments, const struct sim_server *server)
{
    unsigned port = sim_server_port(server);
    char text[8];
    snprintf(text, sizeof text, "%u\n", port);
    if (arguments->port_file && write_file(arguments->port_file, text) != 0)
        return -1;
    printf("listening on %s://127.0.0.1:%u\n", arguments->tls ? "https" : "http", port);
    if (arguments->metadata)
        printf("metadata on http://127.0.0.1:%u\n", sim_server_metadata_port(server));
    return fflush(stdout) == 0 ? 0 : complain("stdout", strerror(errno));
}

static void print_counters(struct sim_service *service)
{
    const struct sim_call_log *log = sim_service_log(service);
    for (size_t i = 0; i < log->counter_count; i++) {
        const struct sim_call_counter *counter = &log->counters[i];
        fprintf(stderr,
                "requests region=%s operation=%s calls=%llu throttled=%llu events=%llu bytes=%llu "
                "peak_per_second=%u\n",
                counter->region, counter->operation, (unsigned long long)counter->calls,
                (unsigned long long)counter->throttled, (unsigned long long)counter->events,
                (unsigned long long)counter->bytes, sim_call_counter_peak(counter, 1));
    }
    for (size_t i = 0; i < SIM_ENDPOINT_COUNT; i++) {
        const struct sim_call_counter *counter = &log->endpoints[i].counter;
        if (counter->calls)
            fprintf(stderr, "endpoint name=%s calls=%llu peak_per_second=%u most_in_flight=%u\n",
                    counter->operation, (unsigned long long)counter->calls,
                    sim_call_counter_peak(counter, 1), log->endpoints[i].most_in_flight);
    }
    for (unsigned i = 1; i < SIM_FAULT_COUNT; i++) {
        uint64_t count = sim_service_injected(service, (enum sim_fault_kind)i);
        if (count)
            fprintf(stderr, "faults kind=%s injected=%llu\n",
                    sim_fault_name((enum sim_fault_kind)i), (unsigned long long)count);
    }
}

static int serve(const struct sim_arguments *arguments, const struct sim_certificate *certificate,
                 struct sim_service *service)
{
    sigset_t ends;
    int signal_number = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL); /* before there are threads: they inherit it */
    signal(SIGPIPE, SIG_IGN);
    struct sim_server_options options = {arguments->port,
                                         certificate->key,
                                         certificate->chain,
                                         arguments->clock_offset_ms,
                                         arguments->metadata,
                                         arguments->metadata_port,
                                         false};
    struct sim_server *server = sim_server_start(service, &options);
    if (!server)
        return complain("cannot listen", strerror(errno));
    int result = announce(arguments, server);
    if (result == 0)
        sigwait(&ends, &signal_number);
    sim_server_stop(server);
    print_counters(service);
    return result;
}

static int run(const struct sim_arguments *arguments, struct sim_service *service)
{
    struct sim_certificate certificate = {0};
    configure(arguments, service);
    if (arguments->tls && sim_certificate_make(&certificate, arguments->tls_name) != 0)
        return complain("certificate", "OpenSSL cannot make one");
    bool good = (!arguments->ca_out || write_file(arguments->ca_out, certificate.authority) == 0) &&
                fill(arguments, sim_server_now(arguments->clock_offset_ms), service) == 0 &&
                write_expectation(arguments, service) == 0 &&
                serve(arguments, &certificate, service) == 0 &&
                write_expectation(arguments, service) == 0;
    sim_certificate_clear(&certificate);
    return good ? 0 : -1;
}

int main(int argc, char **argv)
{
    static struct sim_arguments arguments;
    switch (sim_arguments_parse(argc, argv, &arguments)) {
    case SIM_ARGUMENTS_HELP: sim_arguments_help(); return EXIT_SUCCESS;
    case SIM_ARGUMENTS_WRONG: return 2;
    case SIM_ARGUMENTS_RUN: break;
    }
    struct sim_service *service = sim_service_new(arguments.seed);
    int result = run(&arguments, service);
    sim_service_free(service);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
