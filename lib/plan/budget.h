/* The arithmetic of the API rate limiter: a token bucket whose rate falls when the service
 * throttles and climbs back afterwards. Pure; times are monotonic milliseconds. */
#ifndef ALS_PLAN_BUDGET_H
#define ALS_PLAN_BUDGET_H

#include <stdint.h>

struct als_budget {
    double quota; /* calls a second: published, or capped by api_rate_limit; never exceeded */
    double rate;  /* the current one */
    double before_throttle; /* where the climb slows down */
    double tokens;
    int64_t filled_at;
    int64_t throttled_at;
    int64_t climbed_at;
};

void als_budget_init(struct als_budget *budget, double calls_per_second, int64_t now);

/* 0: go, a token was taken. Otherwise ms to wait (at least 1). */
int64_t als_budget_take(struct als_budget *budget, int64_t now);

void als_budget_give_back(struct als_budget *budget); /* a token that was not used */

/* Another quota from now on. What throttling taught about the rate stays, below the new quota. */
void als_budget_limit(struct als_budget *budget, double calls_per_second);

void als_budget_throttled(struct als_budget *budget, int64_t now); /* the service said: too fast */
void als_budget_answered(struct als_budget *budget, int64_t now);  /* any other answer */

double als_budget_rate(const struct als_budget *budget);

#endif
