#ifndef SIM_CALL_LOG_H
#define SIM_CALL_LOG_H

#include "endpoint.h"
#include "fault.h"

/* One request as the service saw it. */
struct sim_call {
    int64_t time_ms;
    enum sim_endpoint endpoint;
    const char *region;    /* the world's; "" when unknown */
    const char *operation; /* "FilterLogEvents"; "" when unknown */
    char *group;           /* as asked for; NULL without */
    int64_t start_time;    /* INT64_MIN without */
    int64_t end_time;      /* INT64_MAX without */
    bool has_token;
    bool more; /* the answer carried a nextToken */
    int status;
    const char *error; /* exception's name; NULL on success */
    enum sim_fault_kind fault;
    size_t events;
};

/* Requests of one region and operation. */
struct sim_call_counter {
    const char *region;
    const char *operation;
    uint64_t calls;
    uint64_t throttled; /* by quota or fault */
    uint64_t events;
    uint64_t bytes; /* of bodies */
    struct sim_second {
        int64_t second;
        uint32_t calls;
    } * seconds; /* each second with a call, in order of the first */
    size_t second_count;
    size_t second_capacity;
};

/* Requests of an endpoint; its counter has its name as `operation`. */
struct sim_endpoint_counter {
    struct sim_call_counter counter;
    atomic_uint in_flight;
    unsigned most_in_flight;
};

struct sim_call_log {
    struct sim_call *calls; /* only while `keep` */
    size_t count;
    size_t capacity;
    bool keep;
    struct sim_call_counter *counters;
    size_t counter_count;
    struct sim_endpoint_counter endpoints[SIM_ENDPOINT_COUNT];
};

/* Takes call->group. */
void sim_call_log_add(struct sim_call_log *log, const struct sim_call *call, size_t body_length);
/* Counts a request in; the caller counts it out of what is returned. */
atomic_uint *sim_call_log_enter(struct sim_call_log *log, enum sim_endpoint endpoint);
/* NULL when there was no such call. */
const struct sim_call_counter *sim_call_log_counter(const struct sim_call_log *log,
                                                    const char *region, const char *operation);
/* The most calls in any second of the clock; and in any `width_s` seconds that follow each other.
 */
uint32_t sim_call_counter_peak(const struct sim_call_counter *counter, int64_t width_s);
void sim_call_log_clear(struct sim_call_log *log);

#endif
