/* One seeded world: the whole library against the simulated service, days in a second; and what
 * the oracle found. */
#ifndef VIRTUAL_WORLD_H
#define VIRTUAL_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct virtual_world_result {
    uint64_t events;
    uint64_t lost;     /* never acknowledged */
    uint64_t repeated; /* delivered again without nack, drop or stop in between */
    uint64_t wrong;    /* not byte-identical, never there, or older than start_time */
    uint64_t broken_later;
    uint64_t requests, failures; /* failures: faults injected */
    uint64_t batches, postponements, crashes;
    int64_t simulated_ms;
    int64_t overtime_ms; /* how long after everything was to be settled it took */
    bool spun;           /* the library ran timers without time passing */
};

struct virtual_world_result virtual_world_run(uint64_t seed, bool verbose);

/* Whether the two promises held. */
bool virtual_world_is_good(const struct virtual_world_result *result);
void virtual_world_print(uint64_t seed, const struct virtual_world_result *result);

#endif
