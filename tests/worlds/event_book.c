#include "event_book.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "random.h"

enum { STREAMS = 7, HUGE_GROUP = 25000, SEQUENCE_DIGITS = 20, FEW = 10 };

static const char *const stream_names[STREAMS] = {"123456789012_CloudTrail_eu-west-1",
                                                  "123456789012_CloudTrail_eu-west-1_2",
                                                  "a",
                                                  "with/slashes [and] blanks",
                                                  "stream \"quoted\" \\ back",
                                                  "\303\274nic\303\266de",
                                                  "eni-0123456789abcdef0-all"};

/* --- drawing --- */

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void add(struct event_book *book, const struct book_event *event)
{
    if (book->count == book->capacity) {
        book->capacity = book->capacity * 2 + 1024;
        book->events = sim_reallocate(book->events, book->capacity * sizeof *book->events);
    }
    book->events[book->count] = *event;
    book->events[book->count].number = (uint32_t)book->count;
    book->count++;
}

/* Within what is promised: visible at most margin after ingestion and horizon after its time. */
static int64_t draw_visibility(const struct world_plan *plan, uint64_t *random)
{
    double kind = sim_random_unit(random);
    if (kind < 0.6)
        return world_draw(random, 0, WORLD_SECOND);
    if (kind < 0.88)
        return world_draw(random, 0, 5 * WORLD_SECOND);
    return world_draw(random, 0, kind < 0.96 ? lesser(plan->margin, WORLD_MINUTE) : plan->margin);
}

static void add_at(struct event_book *book, const struct world_plan *plan, uint64_t *random,
                   int64_t t)
{
    double kind = sim_random_unit(random);
    int64_t delay = draw_visibility(plan, random);
    struct book_event event = {.timestamp = t,
                               .ingestion_time = t + world_draw(random, 5, 800),
                               .stream = (uint8_t)world_draw(random, 0, STREAMS - 1)};
    if (kind > 0.96) {
        event.ingestion_time = t;
        event.timestamp = t + world_draw(random, 0, WORLD_AHEAD);
    } else if (kind > 0.89) {
        event.ingestion_time = t + world_draw(random, 0, plan->horizon - delay);
    } else if (kind > 0.80) {
        event.ingestion_time = t + world_draw(random, 0, WORLD_MINUTE);
    }
    event.visible_at = lesser(event.ingestion_time + delay, event.timestamp + plan->horizon);
    if (event.timestamp < plan->start_time)
        event.state = EVENT_UNWANTED;
    add(book, &event);
}

/* A tenth of the hours are silent, some are busy; bursts come within a second or a millisecond. */
static void draw_hour(struct event_book *book, const struct world_plan *plan, uint64_t *random,
                      int64_t hour)
{
    static const double factors[] = {0, 0.2, 0.5, 0.5, 1, 1, 1, 1, 1.5, 3};
    double rate = plan->rate * factors[world_draw(random, 0, 9)] / (double)WORLD_SECOND;
    double at = 0;
    while (rate > 0) {
        at += -log(1 - sim_random_unit(random)) / rate;
        if (at >= (double)WORLD_HOUR)
            break;
        add_at(book, plan, random, hour + (int64_t)at);
        while (world_chance(random, 0.05)) /* siblings in the same millisecond */
            add_at(book, plan, random, hour + (int64_t)at);
    }
    if (world_chance(random, 0.1)) {
        int64_t start = hour + world_draw(random, 0, WORLD_HOUR - WORLD_SECOND);
        int64_t width = world_chance(random, 0.5) ? WORLD_SECOND : 1;
        for (int64_t left = world_draw(random, 10, (int64_t)(2000 * plan->rate) + 20); left > 0;
             left--)
            add_at(book, plan, random, start + world_draw(random, 0, width - 1));
    }
}

static void add_huge_group(struct event_book *book, const struct world_plan *plan, uint64_t *random)
{
    int64_t t = plan->begin + world_draw(random, 0, WORLD_DAY);
    for (int i = 0; i < HUGE_GROUP; i++)
        add(book,
            &(struct book_event){.timestamp = t,
                                 .ingestion_time = t + 100,
                                 .visible_at = t + 200 + world_draw(random, 0, 20 * WORLD_SECOND)});
}

static int by_visibility(const void *a, const void *b)
{
    const struct book_event *x = a;
    const struct book_event *y = b;
    if (x->visible_at != y->visible_at)
        return x->visible_at < y->visible_at ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

void event_book_init(struct event_book *book, const struct world_plan *plan, const char *region,
                     struct sim_group *group)
{
    *book = (struct event_book){.seed = plan->seed, .region = region, .group = group};
    uint64_t random =
        sim_random_mix(plan->seed ^ 0xb00c ^ (uint64_t)region[0] << 32 ^ (uint64_t)region[3]);
    for (int64_t hour = plan->first_event; hour < plan->end; hour += WORLD_HOUR)
        draw_hour(book, plan, &random, hour);
    if (plan->huge_group)
        add_huge_group(book, plan, &random);
    if (book->count > 0)
        qsort(book->events, book->count, sizeof *book->events, by_visibility);
}

void event_book_clear(struct event_book *book)
{
    free(book->events);
}

/* --- messages: texts of every kind that JSON can carry --- */

static void write_message(const struct event_book *book, const struct book_event *event,
                          struct sim_buffer *out)
{
    static const char *const pieces[] = {"plain text ",
                                         "\"quoted\" ",
                                         "back\\slash ",
                                         "tab\tline\r\nend ",
                                         "{\"eventVersion\":\"1.08\"} ",
                                         "\xc3\xa9\xe2\x82\xac ",
                                         "\xf0\x9f\x98\x80 ",
                                         "\x01\x1f\x7f "};
    uint64_t random = sim_random_mix(book->seed ^ (uint64_t)event->number << 20);
    out->length = 0;
    if (random % 4 == 0) { /* many events have the same text */
        sim_buffer_text(out, "heartbeat");
        return;
    }
    sim_buffer_printf(out, "%" PRIu32 " ", event->number);
    for (uint64_t left = random % 6; left > 0; left--)
        sim_buffer_text(out, pieces[sim_random_next(&random) % 8]);
    if (random % 7 == 0)
        sim_buffer_add(out, "nul\0inside", 10);
}

void event_book_show(struct event_book *book, int64_t now)
{
    struct sim_buffer message = {0};
    for (; book->shown < book->count && book->events[book->shown].visible_at <= now;
         book->shown++) {
        const struct book_event *event = &book->events[book->shown];
        write_message(book, event, &message);
        sim_group_put(book->group, &(struct sim_event){.timestamp = event->timestamp,
                                                       .ingestion_time = event->ingestion_time,
                                                       .visible_at = event->visible_at,
                                                       .stream = stream_names[event->stream],
                                                       .message = message.data,
                                                       .message_length = message.length});
    }
    sim_buffer_clear(&message);
}

/* --- judging --- */

/* An event id ends in the number under which the service took the event in. */
static struct book_event *find(struct event_book *book, const awslogsrc_event *event)
{
    size_t size = 0;
    const char *id = awslogsrc_event_event_id(event, &size);
    if (id == NULL || size != SIM_EVENT_ID_SIZE - 1)
        return NULL;
    unsigned long long number = strtoull(id + size - SEQUENCE_DIGITS, NULL, 10);
    return number < book->shown ? &book->events[number] : NULL;
}

static bool same(const char *a, size_t size, const char *b, size_t other)
{
    return size == other && (size == 0 || memcmp(a, b, size) == 0);
}

static bool is_identical(const struct event_book *book, const struct book_event *expected,
                         const awslogsrc_event *event)
{
    struct sim_buffer message = {0};
    char expected_id[SIM_EVENT_ID_SIZE];
    size_t text_size = 0, stream_size = 0, id_size = 0;
    const char *text = awslogsrc_event_message(event, &text_size);
    const char *stream = awslogsrc_event_log_stream(event, &stream_size);
    const char *id = awslogsrc_event_event_id(event, &id_size);
    struct sim_event stored = {.timestamp = expected->timestamp,
                               .sequence = (uint64_t)(expected - book->events)};
    sim_event_id(book->group, &stored, expected_id);
    write_message(book, expected, &message);
    bool identical = awslogsrc_event_timestamp_ms(event) == expected->timestamp &&
                     awslogsrc_event_ingestion_time_ms(event) == expected->ingestion_time &&
                     awslogsrc_event_flags(event) == 0 &&
                     same(text, text_size, message.data, message.length) &&
                     same(stream, stream_size, stream_names[expected->stream],
                          strlen(stream_names[expected->stream])) &&
                     same(id, id_size, expected_id, SIM_EVENT_ID_SIZE - 1);
    sim_buffer_clear(&message);
    return identical;
}

static void tell(const struct event_book *book, const char *what, const struct book_event *event)
{
    if (book->verbose)
        printf("  %s: %s #%" PRIu32 " timestamp %" PRId64 " ingested +%" PRId64 " visible +%" PRId64
               " state %u\n",
               what, book->region, event->number, event->timestamp,
               event->ingestion_time - event->timestamp, event->visible_at - event->timestamp,
               event->state);
}

void event_book_delivered(struct event_book *book, const awslogsrc_event *event)
{
    struct book_event *known = find(book, event);
    if (known == NULL || known->state == EVENT_UNWANTED || !is_identical(book, known, event)) {
        book->wrong++;
        if (known != NULL)
            tell(book, "wrong", known);
        return;
    }
    if (known->state != EVENT_DUE && known->state != EVENT_MAYBE) {
        book->repeated++;
        tell(book, "repeated", known);
    }
    known->state = EVENT_WITH_HOST;
}

void event_book_set(struct event_book *book, const awslogsrc_event *event, enum event_state state)
{
    struct book_event *known = find(book, event);
    if (known == NULL || known->state == EVENT_UNWANTED)
        return;
    known->state = (uint8_t)state;
    if (state == EVENT_DONE)
        known->done_ms = *book->now_ms;
}

void event_book_crash(struct event_book *book, int64_t stored_ms)
{
    for (size_t i = 0; i < book->shown; i++) {
        if (book->events[i].state == EVENT_DONE && book->events[i].done_ms >= stored_ms)
            book->events[i].state = EVENT_MAYBE;
    }
}

uint64_t event_book_missing(const struct event_book *book)
{
    uint64_t missing = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct book_event *event = &book->events[i];
        if (event->state == EVENT_DUE || event->state == EVENT_WITH_HOST) {
            if (missing++ < FEW)
                tell(book, "missing", event);
        }
    }
    return missing;
}
