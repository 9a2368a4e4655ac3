#include "plan/margin.h"

#include "plan/coverage.h"

void als_margin_init(struct als_margin *margin, int64_t width)
{
    *margin = (struct als_margin){.steps = {{.from = ALS_TIME_NEVER, .width = width}}, .count = 1};
}

int64_t als_margin_widest(const struct als_margin *margin)
{
    return margin->steps[margin->count - 1].width;
}

int64_t als_margin_of(const struct als_margin *margin, int64_t ingestion)
{
    size_t i = margin->count - 1;
    while (i > 0 && ingestion < margin->steps[i].from)
        i--;
    return margin->steps[i].width;
}

void als_margin_raise(struct als_margin *margin, int64_t width, int64_t now)
{
    int64_t widest = als_margin_widest(margin);
    if (width <= widest || margin->count == ALS_MARGIN_STEPS)
        return;
    /* No B exceeds now, so no id ingested after now - widest was ever released. */
    margin->steps[margin->count++] =
        (struct als_margin_step){.from = now - widest + 1, .width = width};
}

bool als_margin_observe(struct als_margin *margin, int64_t ingestion, int64_t began, int64_t now,
                        int64_t limit)
{
    int64_t widest = als_margin_widest(margin);
    if (began >= ALS_TIME_MAX || began <= ALS_TIME_NEVER || ingestion >= ALS_TIME_MAX)
        return false;
    if (ingestion >= began - widest / 2)
        return false;
    als_margin_raise(margin, widest > limit / 2 ? limit : 2 * widest, now);
    return als_margin_widest(margin) > widest;
}
