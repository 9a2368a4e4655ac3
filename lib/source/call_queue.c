#include "source/call_queue.h"

#include "base/memory.h"

enum {
    KEY_CEILING = 64 * 1024,
    DELAY_WEIGHT = 8,   /* the last wait counts for an eighth */
    UNUSED_WAIT_MS = 10 /* where nobody could use a turn */
};

/* --- life --- */

static void give_turns(void *user_data);

static char *write_key(const struct als_call_queue_key *key)
{
    struct als_buffer text;
    als_buffer_init(&text, KEY_CEILING);
    als_buffer_format(&text, "%s\n%s\n%s", key->region, key->operation, key->identity);
    if (text.status == 0)
        return als_buffer_take(&text);
    als_buffer_clear(&text);
    return NULL;
}

struct als_call_queue *als_call_queue_of(struct als_call_queue **list, struct als_loop *loop,
                                         const struct als_call_queue_key *key)
{
    char *text = write_key(key);
    if (text == NULL)
        return NULL;
    for (struct als_call_queue *queue = *list; queue != NULL; queue = queue->next) {
        if (als_text_equal(als_text_of(queue->key), als_text_of(text))) {
            als_free(text);
            queue->references++;
            return queue;
        }
    }
    struct als_call_queue *queue = als_new(sizeof *queue);
    if (queue == NULL) {
        als_free(text);
        return NULL;
    }
    queue->list = list;
    queue->next = *list;
    *list = queue;
    queue->references = 1;
    queue->key = text;
    queue->loop = loop;
    queue->timer.fn = give_turns;
    queue->timer.user_data = queue;
    queue->published = key->published;
    als_budget_init(&queue->budget, key->published, als_loop_now_ms(loop));
    return queue;
}

void als_call_queue_unref(struct als_call_queue *queue)
{
    if (queue == NULL || --queue->references > 0)
        return;
    struct als_call_queue **link = queue->list;
    while (*link != queue)
        link = &(*link)->next;
    *link = queue->next;
    als_loop_disarm(queue->loop, &queue->timer);
    als_free(queue->key);
    als_free(queue);
}

/* --- turns --- */

static void remove_turn(struct als_call_queue *queue, struct als_turn *turn,
                        enum als_scan_kind kind)
{
    if (turn->previous != NULL)
        turn->previous->next = turn->next;
    else
        queue->first[kind] = turn->next;
    if (turn->next != NULL)
        turn->next->previous = turn->previous;
    else
        queue->last[kind] = turn->previous;
    turn->next = turn->previous = NULL;
    turn->waits = false;
    queue->waiting--;
}

static void add_turn(struct als_call_queue *queue, struct als_turn *turn, enum als_scan_kind kind)
{
    turn->previous = queue->last[kind];
    if (turn->previous != NULL)
        turn->previous->next = turn;
    else
        queue->first[kind] = turn;
    queue->last[kind] = turn;
    turn->waits = true;
    turn->since_ms = als_loop_now_ms(queue->loop);
    queue->waiting++;
}

static unsigned kinds_waiting(const struct als_call_queue *queue)
{
    unsigned kinds = 0;
    for (unsigned kind = 0; kind < ALS_SCAN_KINDS; kind++)
        kinds |= queue->first[kind] != NULL ? 1U << kind : 0;
    return kinds;
}

/* Whether the turn was used. The caller may be gone afterwards. */
static bool give_turn(struct als_call_queue *queue)
{
    unsigned ready = kinds_waiting(queue);
    enum als_scan_kind kind = als_shares_turn(&queue->shares, ready);
    struct als_turn *turn = queue->first[kind];
    const struct als_caller *caller = turn->caller;
    int64_t waited = als_loop_now_ms(queue->loop) - turn->since_ms;
    remove_turn(queue, turn, kind);
    if (!caller->take_turn(caller->user_data, kind))
        return false;
    als_shares_called(&queue->shares, ready, kind);
    if (kind == ALS_SCAN_LIVE)
        queue->delay_ms += (waited - queue->delay_ms) / DELAY_WEIGHT;
    return true;
}

static void give_turns(void *user_data)
{
    struct als_call_queue *queue = user_data;
    int64_t now = als_loop_now_ms(queue->loop);
    int64_t wait = als_budget_take(&queue->budget, now);
    queue->references++;
    bool used = wait > 0;
    /* Whoever cannot use a turn may want one again at once: everybody is asked once at most. */
    for (size_t asked = queue->waiting; !used && asked > 0 && queue->waiting > 0; asked--)
        used = give_turn(queue);
    if (!used) {
        als_budget_give_back(&queue->budget);
        wait = UNUSED_WAIT_MS;
    }
    if (queue->waiting > 0 && !queue->timer.armed)
        als_loop_arm(queue->loop, &queue->timer, now + wait);
    als_call_queue_unref(queue);
}

void als_call_queue_want(struct als_caller *caller, unsigned kinds)
{
    struct als_call_queue *queue = caller->queue;
    for (unsigned kind = 0; kind < ALS_SCAN_KINDS; kind++) {
        struct als_turn *turn = &caller->turns[kind];
        bool wants = (kinds & 1U << kind) != 0;
        turn->caller = caller;
        if (wants && !turn->waits)
            add_turn(queue, turn, kind);
        else if (!wants && turn->waits)
            remove_turn(queue, turn, kind);
    }
    if (queue->waiting == 0)
        als_loop_disarm(queue->loop, &queue->timer);
    else if (!queue->timer.armed)
        als_loop_arm(queue->loop, &queue->timer, als_loop_now_ms(queue->loop));
}

void als_call_queue_answered(struct als_call_queue *queue, bool throttled)
{
    int64_t now = als_loop_now_ms(queue->loop);
    if (throttled)
        als_budget_throttled(&queue->budget, now);
    else
        als_budget_answered(&queue->budget, now);
}

/* --- callers --- */

static void set_quota(struct als_call_queue *queue)
{
    int64_t limit = 0;
    for (const struct als_caller *caller = queue->callers; caller != NULL; caller = caller->next) {
        if (caller->limit > 0 && (limit == 0 || caller->limit < limit))
            limit = caller->limit;
    }
    als_budget_limit(&queue->budget, limit > 0 ? (double)limit : queue->published);
}

void als_call_queue_enter(struct als_caller *caller)
{
    struct als_call_queue *queue = caller->queue;
    if (caller->entered)
        return;
    caller->entered = true;
    caller->previous = NULL;
    caller->next = queue->callers;
    if (caller->next != NULL)
        caller->next->previous = caller;
    queue->callers = caller;
    queue->caller_count++;
    set_quota(queue);
}

void als_call_queue_leave(struct als_caller *caller)
{
    struct als_call_queue *queue = caller->queue;
    if (!caller->entered)
        return;
    als_call_queue_want(caller, 0);
    caller->entered = false;
    if (caller->previous != NULL)
        caller->previous->next = caller->next;
    else
        queue->callers = caller->next;
    if (caller->next != NULL)
        caller->next->previous = caller->previous;
    queue->caller_count--;
    set_quota(queue);
}
