#include "chance.h"

double chance_uniform(struct als_random *random, double low, double high)
{
    double unit = (double)(als_random_next(random) >> 11) / 9007199254740992.0;
    return low + unit * (high - low);
}

/* The logarithm by hand, so that the tests need no libm. */
double chance_exponential(struct als_random *random, double mean)
{
    double rest = 1 - chance_uniform(random, 0, 1);
    double sum = 0;
    while (rest < 0.5) {
        rest *= 2;
        sum += 0.6931471805599453;
    }
    double z = (1 - rest) / (1 + rest);
    double square = z * z;
    return mean * (sum + 2 * z * (1 + square * (1.0 / 3 + square * (1.0 / 5 + square / 7))));
}

bool chance_of(struct als_random *random, double probability)
{
    return chance_uniform(random, 0, 1) < probability;
}
