#include "virtual_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "awslogsrc/error.h"
#include "awslogsrc/options.h"
#include "awslogsrc/source.h"
#include "crash_store.h"
#include "host.h"
#include "random.h"
#include "service.h"

#define LOG_GROUP "aws-controltower/CloudTrailLogs"

#define SETTLING                                                                    \
    (3 * WORLD_HOUR) /* what the last ages may wait for a wider read, and then some \
                      */
#define OVERTIME (24 * WORLD_HOUR)

static const char *const region_names[WORLD_REGIONS] = {"us-east-1", "eu-central-1", "sa-east-1"};

struct world {
    struct world_plan plan;
    struct virtual_aws aws;
    struct event_book books[WORLD_REGIONS];
    struct host host;
    struct crash_store store;
    uint64_t crashes;
    awslogsrc_source *source;
    struct als_timer disturbance, relief;
    bool stopped;
    bool verbose;
    uint64_t random;
};

/* --- the service --- */

static void show(void *user_data, int64_t server_ms)
{
    struct world *world = user_data;
    for (size_t i = 0; i < world->plan.regions; i++)
        event_book_show(&world->books[i], server_ms);
}

static void add_faults(struct world *world)
{
    static const struct {
        enum sim_fault_kind kind;
        double share;
    } kinds[] = {{SIM_FAULT_THROTTLING, 0.2},
                 {SIM_FAULT_INTERNAL_ERROR, 0.1},
                 {SIM_FAULT_UNAVAILABLE, 0.1},
                 {SIM_FAULT_HTML_ERROR, 0.07},
                 {SIM_FAULT_RESET, 0.1},
                 {SIM_FAULT_RESET_BODY, 0.1},
                 {SIM_FAULT_TRUNCATE, 0.1},
                 {SIM_FAULT_TRUNCATE_CHUNKED, 0.05},
                 {SIM_FAULT_MALFORMED, 0.1},
                 {SIM_FAULT_SLOW, 0.1},
                 {SIM_FAULT_HANG, 0.02},
                 {SIM_FAULT_HTML_OK, 0.02},
                 {SIM_FAULT_EMPTY_BODY, 0.02},
                 {SIM_FAULT_ACCESS_DENIED, 0.005},
                 {SIM_FAULT_EXPIRED_CREDENTIALS, 0.01}};
    static const enum sim_fault_kind of_tokens[] = {SIM_FAULT_EXPIRED_PAGE_TOKEN,
                                                    SIM_FAULT_REPEATED_PAGE_TOKEN};
    static const enum sim_fault_kind of_outage[] = {SIM_FAULT_RESET, SIM_FAULT_UNAVAILABLE,
                                                    SIM_FAULT_HANG, SIM_FAULT_ACCESS_DENIED};
    const struct world_plan *plan = &world->plan;
    struct sim_service *service = world->aws.service;
    if (plan->outage_from != 0)
        sim_service_add_fault(service,
                              &(struct sim_fault){.kind = of_outage[plan->seed % 4],
                                                  .region = region_names[plan->regions - 1],
                                                  .from_ms = plan->outage_from,
                                                  .until_ms = plan->outage_until});
    for (size_t i = 0; plan->fault_share > 0 && i < sizeof kinds / sizeof kinds[0]; i++)
        sim_service_add_fault(service,
                              &(struct sim_fault){.kind = kinds[i].kind,
                                                  .probability = plan->fault_share * kinds[i].share,
                                                  .delay_ms = 5 * WORLD_SECOND});
    for (size_t i = 0; plan->faults_of_tokens && i < 2; i++)
        sim_service_add_fault(service,
                              &(struct sim_fault){.kind = of_tokens[i], .probability = 0.03});
}

static void open_service(struct world *world)
{
    const struct world_plan *plan = &world->plan;
    virtual_aws_init(&world->aws, plan->seed, plan->begin);
    world->aws.wall_ahead_ms = plan->wall_ahead_ms;
    world->aws.before_request = show;
    world->aws.user_data = world;
    struct sim_settings *settings = sim_service_settings(world->aws.service);
    settings->page_events = plan->page_events;
    settings->scan_events = plan->scan_events;
    settings->empty_pages = plan->empty_pages;
    settings->empty_every = plan->empty_every;
    settings->end_time_exclusive = plan->end_time_exclusive;
    settings->check_signatures = plan->seed % 4 == 0; /* a third of the time goes there */
    if (plan->quota > 0)
        sim_service_set_quota(world->aws.service, NULL, "FilterLogEvents", plan->quota);
    add_faults(world);
    for (size_t i = 0; i < plan->regions && i < WORLD_REGIONS; i++) {
        struct sim_group *group =
            sim_service_add_group(world->aws.service, region_names[i], LOG_GROUP, plan->begin);
        event_book_init(&world->books[i], plan, region_names[i], group);
        world->books[i].verbose = world->verbose;
        world->books[i].now_ms = &world->aws.now_ms;
    }
}

/* --- the source --- */

static void must(int status, const awslogsrc_error *error)
{
    if (status == 0)
        return;
    (void)fprintf(stderr, "%s\n", awslogsrc_error_message(error));
    abort();
}

static void set(awslogsrc_options *options, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    must(awslogsrc_options_set(options, name, value, &error), error);
}

static void set_number(awslogsrc_options *options, const char *name, int64_t value,
                       const char *unit)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64 "%s", value, unit);
    set(options, name, text);
}

static awslogsrc_options *options_of(const struct world_plan *plan)
{
    awslogsrc_error *error = NULL;
    awslogsrc_options *options = NULL;
    char start[SIM_CALENDAR_SIZE], regions[64] = {0};
    must(awslogsrc_options_new(&options, &error), error);
    for (size_t i = 0, used = 0; i < plan->regions && i < WORLD_REGIONS; i++)
        used += (size_t)snprintf(regions + used, sizeof regions - used, "%s%s", i > 0 ? "," : "",
                                 region_names[i]);
    sim_calendar_iso(plan->start_time, start);
    set(options, "access_key", VIRTUAL_AWS_KEY);
    set(options, "secret_key", VIRTUAL_AWS_SECRET);
    set(options, "regions", regions);
    set(options, "log_group", LOG_GROUP);
    set(options, "start_time", plan->start_time == 0 ? "beginning" : start);
    set_number(options, "poll_interval", plan->poll, "ms");
    set_number(options, "late_arrival_horizon", plan->horizon, "ms");
    set_number(options, "visibility_margin", plan->margin, "ms");
    set_number(options, "max_recent_ids", (int64_t)plan->max_recent_ids, "");
    set_number(options, "max_inflight", (int64_t)plan->max_inflight >> 20, "MiB");
    set_number(options, "backfill_parallelism", plan->parallelism, "");
    return options;
}

static void open_source(struct world *world)
{
    awslogsrc_error *error = NULL;
    awslogsrc_options *options = options_of(&world->plan);
    must(awslogsrc_source_new(world->aws.context, options, &world->source, &error), error);
    awslogsrc_options_free(options);
    if (world->plan.stored)
        must(awslogsrc_source_set_store(world->source, world->store.store), NULL);
    must(host_attach(&world->host, world->source), NULL);
    must(awslogsrc_source_start(world->source, &error), error);
}

/* --- what happens to it --- */

static void relieve(void *user_data)
{
    struct world *world = user_data;
    if (world->source == NULL) {
        crash_store_recover(&world->store);
        open_source(world);
    } else if (world->stopped)
        must(awslogsrc_source_start(world->source, NULL), NULL);
    else
        must(awslogsrc_source_resume(world->source), NULL);
    world->stopped = false;
}

/* Everything goes but the store, without a word. */
static void crash(struct world *world)
{
    host_before_stop(&world->host);
    crash_store_crash(&world->store);
    for (size_t i = 0; i < world->plan.regions; i++)
        event_book_crash(&world->books[i],
                         crash_store_covers(&world->store, world->books[i].region));
    awslogsrc_source_free(world->source);
    world->source = NULL;
    world->crashes++;
}

static void disturb(void *user_data)
{
    struct world *world = user_data;
    struct virtual_aws *aws = &world->aws;
    int64_t now = aws->now_ms;
    if (virtual_aws_server_ms(aws) >= world->plan.end)
        return;
    if (world->plan.clock_jumps)
        aws->wall_ahead_ms = world_draw(&world->random, -WORLD_DAY, WORLD_DAY);
    int64_t pause = world_chance(&world->random, 0.7)
                        ? world_draw(&world->random, 0, 10 * WORLD_MINUTE)
                        : world_draw(&world->random, 0, 3 * WORLD_HOUR);
    world->stopped = world_chance(&world->random, 0.5);
    bool crashes = world->plan.stored && world_chance(&world->random, 0.5);
    if (world->verbose)
        printf("  %s for %" PRId64 " s at %" PRId64 "\n",
               crashes          ? "crashed"
               : world->stopped ? "stopped"
                                : "paused",
               pause / WORLD_SECOND, virtual_aws_server_ms(aws));
    if (crashes) {
        crash(world);
    } else if (world->stopped) {
        host_before_stop(&world->host);
        must(awslogsrc_source_stop(world->source), NULL);
    } else {
        must(awslogsrc_source_pause(world->source), NULL);
    }
    als_loop_arm(&aws->loop, &world->relief, now + pause);
    als_loop_arm(&aws->loop, &world->disturbance,
                 now + pause + world_draw(&world->random, 0, 2 * world->plan.disturb_every));
}

static uint64_t missing(const struct world *world)
{
    uint64_t count = 0;
    for (size_t i = 0; i < world->plan.regions; i++)
        count += event_book_missing(&world->books[i]);
    return count;
}

static void run(struct world *world, struct virtual_world_result *result)
{
    const struct world_plan *plan = &world->plan;
    int64_t settled = plan->end + WORLD_AHEAD + plan->horizon + SETTLING;
    if (plan->disturb_every != 0)
        als_loop_arm(&world->aws.loop, &world->disturbance,
                     world->aws.now_ms + world_draw(&world->random, 0, plan->disturb_every));
    bool runs = virtual_aws_run_until(&world->aws, settled);
    bool verbose = world->books[0].verbose;
    for (size_t i = 0; i < plan->regions; i++)
        world->books[i].verbose = false;
    while (runs && missing(world) > 0 && result->overtime_ms < OVERTIME) {
        runs = virtual_aws_run(&world->aws, WORLD_HOUR);
        result->overtime_ms += WORLD_HOUR;
    }
    for (size_t i = 0; i < plan->regions; i++)
        world->books[i].verbose = verbose;
    result->spun = !runs;
    result->simulated_ms = virtual_aws_server_ms(&world->aws) - plan->begin;
}

static void judge(const struct world *world, struct virtual_world_result *result)
{
    for (size_t i = 0; i < world->plan.regions; i++) {
        const struct event_book *book = &world->books[i];
        result->events += book->count;
        result->lost += event_book_missing(book);
        result->repeated += book->repeated;
        result->wrong += book->wrong;
    }
    for (int kind = SIM_FAULT_NONE + 1; kind < SIM_FAULT_COUNT; kind++)
        result->failures += sim_service_injected(world->aws.service, (enum sim_fault_kind)kind);
    result->broken_later = world->host.broken_later;
    result->batches = world->host.batches;
    result->postponements = world->host.postponements;
    result->requests = world->aws.requests;
    result->crashes = world->crashes;
}

struct virtual_world_result virtual_world_run(uint64_t seed, bool verbose)
{
    struct virtual_world_result result = {0};
    struct world *world = sim_allocate(sizeof *world);
    *world = (struct world){.plan = world_plan_of(seed),
                            .disturbance = {.fn = disturb, .user_data = world},
                            .relief = {.fn = relieve, .user_data = world},
                            .verbose = verbose,
                            .random = sim_random_mix(seed ^ 0xd157)};
    if (verbose)
        world_plan_print(&world->plan);
    open_service(world);
    crash_store_init(&world->store, &world->aws, seed);
    host_init(&world->host, &world->plan, &world->aws, world->books);
    open_source(world);
    run(world, &result);
    judge(world, &result);
    awslogsrc_source_free(world->source);
    host_clear(&world->host);
    crash_store_clear(&world->store);
    als_loop_disarm(&world->aws.loop, &world->disturbance);
    als_loop_disarm(&world->aws.loop, &world->relief);
    virtual_aws_clear(&world->aws);
    for (size_t i = 0; i < world->plan.regions; i++)
        event_book_clear(&world->books[i]);
    free(world);
    return result;
}

bool virtual_world_is_good(const struct virtual_world_result *result)
{
    return result->lost == 0 && result->repeated == 0 && result->wrong == 0 &&
           result->broken_later == 0 && !result->spun;
}

void virtual_world_print(uint64_t seed, const struct virtual_world_result *result)
{
    printf("seed %" PRIu64 ": %" PRIu64 " events, lost %" PRIu64 ", repeated %" PRIu64
           ", wrong %" PRIu64 ", other after LATER %" PRIu64 "%s; %" PRIu64 " requests, %" PRIu64
           " failed, %" PRIu64 " batches, %" PRIu64 " postponed, %" PRIu64
           " crashes, %.1f days, %" PRId64 " h overtime\n",
           seed, result->events, result->lost, result->repeated, result->wrong,
           result->broken_later, result->spun ? ", SPUN" : "", result->requests, result->failures,
           result->batches, result->postponements, result->crashes,
           (double)result->simulated_ms / WORLD_DAY, result->overtime_ms / WORLD_HOUR);
}
