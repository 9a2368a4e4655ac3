#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere, for ever. */
uint64_t sim_random_mix(uint64_t value);
uint64_t sim_random_next(uint64_t *state);
/* 0 <= x < 1 */
double sim_random_unit(uint64_t *state);

#endif
