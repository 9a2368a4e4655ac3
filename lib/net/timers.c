#include "net/timers.h"

#include <stddef.h>

static bool earlier(const struct als_timer *a, const struct als_timer *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

/* Joins two heaps (either may be NULL): the later root becomes the first child of the other. */
static struct als_timer *meld(struct als_timer *a, struct als_timer *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    if (earlier(b, a)) {
        struct als_timer *swap = a;
        a = b;
        b = swap;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->previous = b;
    a->child = b;
    return a;
}

static struct als_timer *detach_first(struct als_timer **list)
{
    struct als_timer *first = *list;
    if (first != NULL) {
        *list = first->next;
        first->next = first->previous = NULL;
    }
    return first;
}

/* The two passes of a pairing heap: pairs from left to right, then all pairs from right to left. */
static struct als_timer *meld_siblings(struct als_timer *list)
{
    struct als_timer *pairs = NULL;
    while (list != NULL) {
        struct als_timer *one = detach_first(&list);
        struct als_timer *pair = meld(one, detach_first(&list));
        pair->next = pairs;
        pairs = pair;
    }
    struct als_timer *root = NULL;
    while (pairs != NULL) {
        struct als_timer *pair = pairs;
        pairs = pair->next;
        pair->next = NULL;
        root = meld(root, pair);
    }
    return root;
}

void als_timers_arm(struct als_timers *timers, struct als_timer *timer, int64_t due_ms)
{
    als_timers_disarm(timers, timer);
    timer->due_ms = due_ms;
    timer->order = ++timers->armings;
    timer->armed = true;
    timer->child = timer->next = timer->previous = NULL;
    timers->root = meld(timers->root, timer);
}

void als_timers_disarm(struct als_timers *timers, struct als_timer *timer)
{
    if (!timer->armed)
        return;
    timer->armed = false;
    struct als_timer *orphans = meld_siblings(timer->child);
    if (timers->root == timer) {
        timers->root = orphans;
    } else {
        if (timer->previous->child == timer)
            timer->previous->child = timer->next;
        else
            timer->previous->next = timer->next;
        if (timer->next != NULL)
            timer->next->previous = timer->previous;
        timers->root = meld(timers->root, orphans);
    }
    if (timers->root != NULL)
        timers->root->previous = NULL;
    timer->child = timer->next = timer->previous = NULL;
}

int64_t als_timers_next_due(const struct als_timers *timers)
{
    return timers->root == NULL ? INT64_MAX : timers->root->due_ms;
}

int als_timers_run(struct als_timers *timers, int64_t now_ms, int limit)
{
    uint64_t last_order = timers->armings;
    int ran = 0;
    while (ran < limit && timers->root != NULL && timers->root->due_ms <= now_ms &&
           timers->root->order <= last_order) {
        struct als_timer *timer = timers->root;
        als_timers_disarm(timers, timer);
        timer->fn(timer->user_data);
        ran++;
    }
    return ran;
}
