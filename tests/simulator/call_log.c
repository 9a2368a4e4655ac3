#include "call_log.h"

#include "buffer.h"

#include <stdlib.h>
#include <string.h>

static const char *const endpoint_names[SIM_ENDPOINT_COUNT] = {"logs", "imds", "container", "sts"};

static struct sim_call_counter *find(const struct sim_call_log *log, const char *region,
                                     const char *operation)
{
    for (size_t i = 0; i < log->counter_count; i++) {
        struct sim_call_counter *counter = &log->counters[i];
        if (strcmp(counter->region, region) == 0 && strcmp(counter->operation, operation) == 0)
            return counter;
    }
    return NULL;
}

const struct sim_call_counter *sim_call_log_counter(const struct sim_call_log *log,
                                                    const char *region, const char *operation)
{
    return find(log, region, operation);
}

static struct sim_call_counter *find_or_add(struct sim_call_log *log, const struct sim_call *call)
{
    struct sim_call_counter *counter = find(log, call->region, call->operation);
    if (counter)
        return counter;
    log->counters = sim_reallocate(log->counters, (log->counter_count + 1) * sizeof *log->counters);
    counter = &log->counters[log->counter_count++];
    *counter = (struct sim_call_counter){.region = call->region, .operation = call->operation};
    return counter;
}

static void count_second(struct sim_call_counter *counter, int64_t second)
{
    if (counter->second_count && counter->seconds[counter->second_count - 1].second == second) {
        counter->seconds[counter->second_count - 1].calls++;
        return;
    }
    if (counter->second_count == counter->second_capacity) {
        counter->second_capacity = counter->second_capacity ? counter->second_capacity * 2 : 64;
        counter->seconds =
            sim_reallocate(counter->seconds, counter->second_capacity * sizeof *counter->seconds);
    }
    counter->seconds[counter->second_count++] = (struct sim_second){second, 1};
}

static void count(struct sim_call_counter *counter, const struct sim_call *call, size_t body_length)
{
    counter->calls++;
    counter->throttled += call->error && strcmp(call->error, "ThrottlingException") == 0;
    counter->events += call->events;
    counter->bytes += body_length;
    count_second(counter, call->time_ms / 1000);
}

void sim_call_log_add(struct sim_call_log *log, const struct sim_call *call, size_t body_length)
{
    struct sim_call_counter *endpoint = &log->endpoints[call->endpoint].counter;
    endpoint->region = "";
    endpoint->operation = endpoint_names[call->endpoint];
    count(endpoint, call, body_length);
    count(find_or_add(log, call), call, body_length);
    if (!log->keep) {
        free(call->group);
        return;
    }
    if (log->count == log->capacity) {
        log->capacity = log->capacity ? log->capacity * 2 : 64;
        log->calls = sim_reallocate(log->calls, log->capacity * sizeof *log->calls);
    }
    log->calls[log->count++] = *call;
}

atomic_uint *sim_call_log_enter(struct sim_call_log *log, enum sim_endpoint endpoint)
{
    struct sim_endpoint_counter *at = &log->endpoints[endpoint];
    unsigned now = atomic_fetch_add(&at->in_flight, 1) + 1;
    if (now > at->most_in_flight)
        at->most_in_flight = now;
    return &at->in_flight;
}

uint32_t sim_call_counter_peak(const struct sim_call_counter *counter, int64_t width_s)
{
    uint32_t peak = 0;
    uint32_t sum = 0;
    for (size_t last = 0, first = 0; last < counter->second_count; last++) {
        sum += counter->seconds[last].calls;
        while (counter->seconds[first].second <= counter->seconds[last].second - width_s)
            sum -= counter->seconds[first++].calls;
        peak = sum > peak ? sum : peak;
    }
    return peak;
}

void sim_call_log_clear(struct sim_call_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        free(log->calls[i].group);
    free(log->calls);
    for (size_t i = 0; i < log->counter_count; i++)
        free(log->counters[i].seconds);
    free(log->counters);
    log->calls = NULL;
    log->counters = NULL;
    log->count = log->capacity = log->counter_count = 0;
    for (size_t i = 0; i < SIM_ENDPOINT_COUNT; i++) { /* what is in flight stays so */
        struct sim_endpoint_counter *endpoint = &log->endpoints[i];
        free(endpoint->counter.seconds);
        endpoint->counter = (struct sim_call_counter){0};
        endpoint->most_in_flight = atomic_load(&endpoint->in_flight);
    }
}
