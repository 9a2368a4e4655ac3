#include "aws/quota.h"

#include <stddef.h>

enum { USUAL = 10 };

int als_quota_filter_log_events(struct als_text region)
{
    static const struct {
        const char *region;
        int calls_per_second;
    } exceptions[] = {
        {"us-east-1", 25}, {"ap-northeast-3", 5}, {"ap-southeast-3", 5},
        {"ca-west-1", 5},  {"eu-central-1", 5},   {"il-central-1", 5},
    };
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        if (als_text_equal(region, als_text_of(exceptions[i].region)))
            return exceptions[i].calls_per_second;
    }
    return USUAL;
}
