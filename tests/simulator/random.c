#include "random.h"

uint64_t sim_random_mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

uint64_t sim_random_next(uint64_t *state)
{
    uint64_t value = sim_random_mix(*state);
    *state += 0x9e3779b97f4a7c15u;
    return value;
}

double sim_random_unit(uint64_t *state)
{
    return (double)(sim_random_next(state) >> 11) * 0x1.0p-53;
}
