#include "source/pacing.h"

enum {
    AHEAD_MS = 1000, /* worth of events that may arrive before their time: calls take a while */
    USUAL_WEIGHT = 4 /* the last page counts for a fourth */
};

void als_pacing_init(struct als_pacing *pacing, int64_t limit)
{
    /* Nothing is usual yet: to expect full pages would make quiet regions wait for one another. */
    *pacing = (struct als_pacing){.limit = limit};
}

int als_pacing_page(const struct als_pacing *pacing, int most)
{
    return pacing->limit > 0 && pacing->limit < most ? (int)pacing->limit : most;
}

static int64_t time_of(const struct als_pacing *pacing, int64_t events)
{
    return events * 1000000 / pacing->limit;
}

static int64_t round_up(int64_t us)
{
    return (us + 999) / 1000;
}

int64_t als_pacing_ask_at(const struct als_pacing *pacing, int64_t now)
{
    if (pacing->limit == 0)
        return 0;
    int64_t free_us = pacing->free_us > now * 1000 ? pacing->free_us : now * 1000;
    free_us += time_of(pacing, pacing->waiting + pacing->asked);
    return round_up(free_us) - AHEAD_MS;
}

int64_t als_pacing_deliver_at(const struct als_pacing *pacing)
{
    return round_up(pacing->free_us);
}

int64_t als_pacing_asked(struct als_pacing *pacing)
{
    pacing->asked += pacing->usual;
    return pacing->usual;
}

void als_pacing_answered(struct als_pacing *pacing, int64_t asked)
{
    pacing->asked -= asked;
}

void als_pacing_arrived(struct als_pacing *pacing, int64_t events)
{
    pacing->waiting += events;
    pacing->usual += (events - pacing->usual) / USUAL_WEIGHT;
}

void als_pacing_left(struct als_pacing *pacing, int64_t events)
{
    pacing->waiting -= events;
}

void als_pacing_delivered(struct als_pacing *pacing, int64_t events, int64_t now)
{
    if (pacing->limit == 0)
        return;
    int64_t from_us = pacing->free_us > now * 1000 ? pacing->free_us : now * 1000;
    pacing->free_us = from_us + time_of(pacing, events);
}
