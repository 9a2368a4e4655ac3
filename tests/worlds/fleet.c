#include "fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "service.h"

enum {
    LOOK_MS = 1000,
    WINDOW_MS = 10000,
    NEARLY_NOW_MS = 5000, /* a call that reads up to here polls the live edge */
};

static const int64_t noon = INT64_C(1772366400000); /* 2026-03-01T12:00:00Z */

/* --- calls --- */

static struct fleet_traffic *traffic_of(struct fleet *fleet, const char *region)
{
    for (size_t i = 0; i < fleet->traffic_count; i++) {
        if (strcmp(fleet->traffic[i].region, region) == 0)
            return &fleet->traffic[i];
    }
    if (fleet->traffic_count == sizeof fleet->traffic / sizeof fleet->traffic[0])
        abort();
    struct fleet_traffic *traffic = &fleet->traffic[fleet->traffic_count++];
    traffic->region = region;
    return traffic;
}

static void note_traffic(struct fleet_traffic *traffic, const struct sim_call *call)
{
    traffic->calls++;
    traffic->throttled += call->error != NULL && strcmp(call->error, "ThrottlingException") == 0;
    if (traffic->count == traffic->capacity) {
        traffic->capacity = traffic->capacity == 0 ? 1024 : 2 * traffic->capacity;
        traffic->times = sim_reallocate(traffic->times, traffic->capacity * sizeof(int64_t));
    }
    traffic->times[traffic->count++] = call->time_ms;
    while (traffic->times[traffic->first] <= call->time_ms - WINDOW_MS)
        traffic->first++;
    if (traffic->count - traffic->first > traffic->most)
        traffic->most = traffic->count - traffic->first;
    if (traffic->first > traffic->capacity / 2) {
        traffic->count -= traffic->first;
        memmove(traffic->times, traffic->times + traffic->first, traffic->count * sizeof(int64_t));
        traffic->first = 0;
    }
}

static void note_poll(struct fleet_group *group, int64_t time_ms)
{
    int64_t passed = time_ms - group->last_poll;
    if (group->polls++ == 0)
        group->first_poll = time_ms;
    else if (passed > group->longest_poll)
        group->longest_poll = passed;
    group->last_poll = time_ms;
}

static struct fleet_group *find_group(const struct fleet *fleet, const char *region,
                                      const char *name)
{
    for (size_t i = 0; name != NULL && i < fleet->group_count; i++) {
        struct fleet_group *group = fleet->groups[i];
        if (strcmp(group->name, name) == 0 && strcmp(group->region, region) == 0)
            return group;
    }
    return NULL;
}

static void look(void *user_data)
{
    struct fleet *fleet = user_data;
    struct sim_call_log *log = sim_service_log(fleet->aws.service);
    for (size_t i = 0; i < log->count; i++) {
        struct sim_call *call = &log->calls[i];
        bool polls = !call->has_token && call->end_time != INT64_MAX && call->status == 200 &&
                     call->end_time >= call->time_ms - NEARLY_NOW_MS;
        struct fleet_group *group = polls ? find_group(fleet, call->region, call->group) : NULL;
        if (group != NULL)
            note_poll(group, call->time_ms);
        note_traffic(traffic_of(fleet, call->region), call);
        free(call->group);
    }
    log->count = 0;
    als_loop_arm(&fleet->aws.loop, &fleet->look, fleet->aws.now_ms + LOOK_MS);
}

/* --- events --- */

static void note_lag(struct fleet_group *group, int64_t lag_ms)
{
    struct fleet *fleet = group->fleet;
    int64_t step = lag_ms / FLEET_LAG_STEP_MS;
    step = step < FLEET_LAGS ? step : FLEET_LAGS - 1;
    fleet->lags[step]++;
    fleet->lag_count++;
    group->lag_count++;
    group->lag_sum += lag_ms;
    group->lag_most = lag_ms > group->lag_most ? lag_ms : group->lag_most;
}

static void note_event(struct fleet_group *group, const awslogsrc_event *event)
{
    int64_t timestamp = awslogsrc_event_timestamp_ms(event);
    group->delivered++;
    for (size_t i = 0; i < group->series_count; i++) {
        const struct sim_series *series = &group->series[i];
        uint64_t index = sim_series_seek(series, timestamp);
        if (index >= series->count || sim_series_timestamp(series, index) != timestamp)
            continue;
        /* Events of one millisecond come in any order. */
        while (group->seen[i][index] > 0 && index + 1 < series->count &&
               sim_series_timestamp(series, index + 1) == timestamp)
            index++;
        group->repeated += group->seen[i][index] > 0;
        group->seen[i][index] = 1;
        if (timestamp >= group->fleet->measured_since)
            note_lag(group, virtual_aws_server_ms(&group->fleet->aws) -
                                sim_series_visible_at(series, index));
        return;
    }
    group->unknown++;
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct fleet *fleet = user_data;
    struct fleet_group *group =
        find_group(fleet, awslogsrc_batch_region(batch), awslogsrc_batch_log_group(batch));
    (void)source;
    if (group == NULL)
        abort();
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++)
        note_event(group, awslogsrc_batch_event(batch, i));
    return AWSLOGSRC_ACCEPT;
}

/* --- life --- */

void fleet_init(struct fleet *fleet, uint64_t seed)
{
    *fleet = (struct fleet){.begin_ms = noon, .measured_since = noon};
    virtual_aws_init(&fleet->aws, seed, noon);
    sim_service_log(fleet->aws.service)->keep = true;
    sim_service_settings(fleet->aws.service)->check_signatures = false; /* a third of the time */
    fleet->look = (struct als_timer){.fn = look, .user_data = fleet};
    als_loop_arm(&fleet->aws.loop, &fleet->look, fleet->aws.now_ms);
}

void fleet_clear(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->source_count; i++)
        awslogsrc_source_free(fleet->sources[i]);
    als_loop_disarm(&fleet->aws.loop, &fleet->look);
    virtual_aws_clear(&fleet->aws);
    for (size_t i = 0; i < fleet->group_count; i++) {
        for (size_t j = 0; j < FLEET_SERIES; j++)
            free(fleet->groups[i]->seen[j]);
        free(fleet->groups[i]);
    }
    for (size_t i = 0; i < fleet->traffic_count; i++)
        free(fleet->traffic[i].times);
    free(fleet->groups);
    free(fleet->sources);
}

struct fleet_group *fleet_add_group(struct fleet *fleet, const char *region, const char *name)
{
    struct fleet_group *group = sim_allocate(sizeof *group);
    *group = (struct fleet_group){.fleet = fleet};
    group->group = sim_service_add_group(fleet->aws.service, region, name, fleet->begin_ms);
    group->name = group->group->name;
    group->region = sim_world_region(sim_service_world(fleet->aws.service), region)->name;
    fleet->groups =
        sim_reallocate(fleet->groups, (fleet->group_count + 1) * sizeof(struct fleet_group *));
    fleet->groups[fleet->group_count++] = group;
    return group;
}

void fleet_put_series(struct fleet_group *group, const struct sim_series *series)
{
    struct sim_series *own = &group->series[group->series_count];
    *own = *series;
    own->generator.account = "123456789012";
    own->generator.region = group->region;
    own->generator.seed = sim_random_mix(group->fleet->group_count * 8 + group->series_count);
    group->seen[group->series_count++] = sim_allocate(own->count);
    if (!sim_group_put_series(group->group, own))
        abort();
}

static void set(awslogsrc_options *options, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(options, name, value, &error) == 0)
        return;
    (void)fprintf(stderr, "%s\n", awslogsrc_error_message(error));
    abort();
}

awslogsrc_source *fleet_add_source(struct fleet *fleet, const char *regions, const char *group,
                                   const char *const *more)
{
    awslogsrc_options *options = NULL;
    awslogsrc_source *source = NULL;
    if (awslogsrc_options_new(&options, NULL) != 0)
        abort();
    set(options, "access_key", VIRTUAL_AWS_KEY);
    set(options, "secret_key", VIRTUAL_AWS_SECRET);
    set(options, "regions", regions);
    set(options, "log_group", group);
    for (; *more != NULL; more += 2)
        set(options, more[0], more[1]);
    if (awslogsrc_source_new(fleet->aws.context, options, &source, NULL) != 0 ||
        awslogsrc_source_on_batch(source, on_batch, fleet, NULL) != 0 ||
        awslogsrc_source_start(source, NULL) != 0)
        abort();
    awslogsrc_options_free(options);
    fleet->sources =
        sim_reallocate(fleet->sources, (fleet->source_count + 1) * sizeof(awslogsrc_source *));
    fleet->sources[fleet->source_count++] = source;
    return source;
}

void fleet_run(struct fleet *fleet, int64_t ms)
{
    if (!virtual_aws_run(&fleet->aws, ms))
        abort();
}

/* --- figures --- */

void fleet_measure(struct fleet *fleet)
{
    look(fleet);
    for (size_t i = 0; i < fleet->traffic_count; i++)
        fleet->traffic[i].calls = fleet->traffic[i].throttled = 0;
    for (size_t i = 0; i < fleet->group_count; i++) {
        fleet->groups[i]->polls = 0;
        fleet->groups[i]->longest_poll = 0;
        fleet->groups[i]->lag_count = 0;
        fleet->groups[i]->lag_sum = fleet->groups[i]->lag_most = 0;
    }
    memset(fleet->lags, 0, sizeof fleet->lags);
    fleet->lag_count = 0;
    fleet->measured_since = virtual_aws_server_ms(&fleet->aws);
}

uint64_t fleet_missing(const struct fleet *fleet)
{
    int64_t now = virtual_aws_server_ms(&fleet->aws);
    uint64_t missing = 0;
    for (size_t i = 0; i < fleet->group_count; i++) {
        const struct fleet_group *group = fleet->groups[i];
        for (size_t j = 0; j < group->series_count; j++) {
            for (uint64_t k = 0; k < group->series[j].count; k++)
                missing +=
                    group->seen[j][k] == 0 && sim_series_visible_at(&group->series[j], k) <= now;
        }
    }
    return missing;
}

uint64_t fleet_delivered(const struct fleet *fleet)
{
    uint64_t delivered = 0;
    for (size_t i = 0; i < fleet->group_count; i++)
        delivered += fleet->groups[i]->delivered;
    return delivered;
}

uint64_t fleet_repeated(const struct fleet *fleet)
{
    uint64_t repeated = 0;
    for (size_t i = 0; i < fleet->group_count; i++)
        repeated += fleet->groups[i]->repeated + fleet->groups[i]->unknown;
    return repeated;
}

void fleet_intervals(const struct fleet *fleet, int64_t *shortest, int64_t *longest)
{
    *shortest = INT64_MAX;
    *longest = 0;
    for (size_t i = 0; i < fleet->group_count; i++) {
        const struct fleet_group *group = fleet->groups[i];
        if (group->polls < 2) {
            *longest = INT64_MAX;
            continue;
        }
        int64_t mean = (group->last_poll - group->first_poll) / (int64_t)(group->polls - 1);
        *shortest = mean < *shortest ? mean : *shortest;
        *longest = mean > *longest ? mean : *longest;
    }
}

int64_t fleet_lag(const struct fleet *fleet, double share)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < FLEET_LAGS; i++) {
        seen += fleet->lags[i];
        if ((double)seen >= share * (double)fleet->lag_count)
            return (int64_t)(i + 1) * FLEET_LAG_STEP_MS;
    }
    return INT64_MAX;
}
