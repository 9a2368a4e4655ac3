#include "plan/budget.h"

#include <stdbool.h>

/* Milliseconds and shares. */
#define CEILING_TOKENS 1.0   /* no bursts: quotas are counted by the second */
#define DECREASE       0.7   /* on throttling, as the SDKs' adaptive mode has it */
#define SLOWEST        0.05  /* calls a second that are always tried */
#define DEAF_MS        1000  /* the answers to calls sent before count as one throttling */
#define RECOVERY_MS    60000 /* from nothing to the full quota, or to the rate that was too fast */
#define NEAR_BELOW     0.9   /* of the rate that was too fast: from here ... */
#define NEAR_ABOVE     1.1   /* ... to here ... */
#define CAUTION        0.1   /* ... the climb is that much slower: others may use the same quota */

void als_budget_init(struct als_budget *budget, double calls_per_second, int64_t now)
{
    *budget = (struct als_budget){
        .quota = calls_per_second,
        .rate = calls_per_second,
        .before_throttle = calls_per_second,
        .tokens = CEILING_TOKENS,
        .filled_at = now,
        .throttled_at = now - DEAF_MS,
        .climbed_at = now,
    };
}

int64_t als_budget_take(struct als_budget *budget, int64_t now)
{
    if (now > budget->filled_at) {
        budget->tokens += (double)(now - budget->filled_at) * budget->rate / 1000;
        if (budget->tokens > CEILING_TOKENS)
            budget->tokens = CEILING_TOKENS;
        budget->filled_at = now;
    }
    if (budget->tokens >= 1) {
        budget->tokens -= 1;
        return 0;
    }
    return (int64_t)((1 - budget->tokens) * 1000 / budget->rate) + 1;
}

void als_budget_give_back(struct als_budget *budget)
{
    budget->tokens += 1;
}

void als_budget_limit(struct als_budget *budget, double calls_per_second)
{
    bool untouched = budget->rate >= budget->quota;
    budget->quota = calls_per_second;
    if (untouched || budget->rate > budget->quota)
        budget->rate = budget->before_throttle = budget->quota;
}

void als_budget_throttled(struct als_budget *budget, int64_t now)
{
    budget->climbed_at = now;
    if (now < budget->throttled_at + DEAF_MS)
        return;
    budget->throttled_at = now;
    budget->before_throttle = budget->rate;
    budget->rate *= DECREASE;
    if (budget->rate < SLOWEST)
        budget->rate = budget->quota < SLOWEST ? budget->quota : SLOWEST;
    budget->tokens = 0;
}

void als_budget_answered(struct als_budget *budget, int64_t now)
{
    if (budget->rate >= budget->quota || now <= budget->climbed_at)
        return;
    bool above = budget->rate > NEAR_ABOVE * budget->before_throttle;
    bool near = !above && budget->rate >= NEAR_BELOW * budget->before_throttle;
    double goal = above ? budget->quota : budget->before_throttle;
    double step = (double)(now - budget->climbed_at) * goal / RECOVERY_MS;
    budget->climbed_at = now;
    budget->rate += near ? CAUTION * step : step;
    if (budget->rate > budget->quota)
        budget->rate = budget->quota;
}

double als_budget_rate(const struct als_budget *budget)
{
    return budget->rate;
}
