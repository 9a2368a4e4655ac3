#ifndef SIM_QUOTA_H
#define SIM_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Requests per second by region and operation: token buckets that hold one second's worth. */
struct sim_quotas {
    struct sim_quota *list;
    size_t count;
};

/* Region "" stands for each region by itself (its own bucket); 0 per second lifts the quota. */
void sim_quotas_set(struct sim_quotas *quotas, const char *region, const char *operation,
                    double per_second);
/* False when the request is one too many. */
bool sim_quotas_take(struct sim_quotas *quotas, const char *region, const char *operation,
                     int64_t now_ms);
void sim_quotas_clear(struct sim_quotas *quotas);

#endif
