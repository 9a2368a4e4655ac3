/* Seeded chance for simulated worlds. */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>

#include "base/random.h"

double chance_uniform(struct als_random *random, double low, double high);
double chance_exponential(struct als_random *random, double mean);
bool chance_of(struct als_random *random, double probability);

#endif
