/* The whole of AWS, and a loop, in virtual time: what the reactor and libcurl are in real life, but
 * answered by the simulator's model in this process. Weeks take seconds, and every run of a seed is
 * the same. */
#ifndef VIRTUAL_AWS_H
#define VIRTUAL_AWS_H

#include "awslogsrc/context.h"
#include "net/loop.h"

struct sim_service;

#define VIRTUAL_AWS_KEY    "AKIDEXAMPLE"
#define VIRTUAL_AWS_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

struct virtual_aws {
    struct als_loop loop;
    struct sim_service *service;
    awslogsrc_context *context; /* NULL: freed by the test, which must not go on running it */
    int64_t now_ms;             /* monotonic */
    int64_t epoch_ms;           /* the server's clock at monotonic 0 */
    int64_t wall_ahead_ms;      /* the local wall clock less the server's */
    int64_t least_latency_ms, most_latency_ms;
    uint64_t random;
    uint64_t requests;
    unsigned in_flight, most_in_flight;
    const char *unknown_host; /* requests to URLs with this in them find no host; NULL: none */
    /* Runs before the service looks at a request: what has become visible by then. Optional. */
    void (*before_request)(void *user_data, int64_t server_ms);
    void *user_data;
};

/* The server's clock starts at server_ms. The service knows one key, VIRTUAL_AWS_KEY. */
void virtual_aws_init(struct virtual_aws *aws, uint64_t seed, int64_t server_ms);
/* Sources must be gone. */
void virtual_aws_clear(struct virtual_aws *aws);

int64_t virtual_aws_server_ms(const struct virtual_aws *aws);
int64_t virtual_aws_monotonic(const struct virtual_aws *aws, int64_t server_ms);

/* Jumps from timer to timer and from answer to answer up to this server time. False, and the clock
 * stands still, where the library spins: a million timers without a millisecond passing. */
bool virtual_aws_run_until(struct virtual_aws *aws, int64_t server_ms);
bool virtual_aws_run(struct virtual_aws *aws, int64_t ms);

#endif
