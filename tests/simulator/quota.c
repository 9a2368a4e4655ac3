#include "quota.h"

#include "buffer.h"

#include <stdlib.h>
#include <string.h>

struct sim_quota {
    char *region;
    char *operation;
    double per_second;
    double tokens;
    int64_t filled_ms;
};

static struct sim_quota *find(const struct sim_quotas *quotas, const char *region,
                              const char *operation)
{
    for (size_t i = 0; i < quotas->count; i++) {
        struct sim_quota *quota = &quotas->list[i];
        if (strcmp(quota->region, region) == 0 && strcmp(quota->operation, operation) == 0)
            return quota;
    }
    return NULL;
}

void sim_quotas_set(struct sim_quotas *quotas, const char *region, const char *operation,
                    double per_second)
{
    struct sim_quota *quota = find(quotas, region, operation);
    if (!quota) {
        quotas->list = sim_reallocate(quotas->list, (quotas->count + 1) * sizeof *quotas->list);
        quota = &quotas->list[quotas->count++];
        *quota = (struct sim_quota){.region = sim_duplicate(region),
                                    .operation = sim_duplicate(operation),
                                    .filled_ms = INT64_MIN};
    }
    quota->per_second = per_second;
}

bool sim_quotas_take(struct sim_quotas *quotas, const char *region, const char *operation,
                     int64_t now_ms)
{
    struct sim_quota *quota = find(quotas, region, operation);
    if (!quota) {
        const struct sim_quota *each = find(quotas, "", operation);
        if (!each || each->per_second <= 0)
            return true;
        sim_quotas_set(quotas, region, operation, each->per_second);
        quota = find(quotas, region, operation);
    }
    if (quota->per_second <= 0)
        return true;
    double burst = quota->per_second < 1 ? 1 : quota->per_second;
    if (quota->filled_ms == INT64_MIN)
        quota->tokens = burst;
    else if (now_ms > quota->filled_ms)
        quota->tokens += (double)(now_ms - quota->filled_ms) * quota->per_second / 1000;
    if (quota->tokens > burst)
        quota->tokens = burst;
    quota->filled_ms = now_ms;
    if (quota->tokens < 1)
        return false;
    quota->tokens -= 1;
    return true;
}

void sim_quotas_clear(struct sim_quotas *quotas)
{
    for (size_t i = 0; i < quotas->count; i++) {
        free(quotas->list[i].region);
        free(quotas->list[i].operation);
    }
    free(quotas->list);
    *quotas = (struct sim_quotas){0};
}
