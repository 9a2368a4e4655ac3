#include "group.h"

#include "random.h"

#include <stdlib.h>
#include <string.h>

/* Sequence numbers: what was put counts from 0, series s from (s + 1) << 48. */
enum { SERIES_SHIFT = 48 };
static const uint64_t index_mask = (UINT64_C(1) << SERIES_SHIFT) - 1;

static bool find_stream(const struct sim_group *group, const char *name, uint32_t *number)
{
    for (uint32_t i = 0; i < group->stream_count; i++) {
        if (strcmp(group->streams[i].name, name) == 0) {
            *number = i;
            return true;
        }
    }
    return false;
}

bool sim_group_has_stream(const struct sim_group *group, const char *name)
{
    uint32_t number;
    return find_stream(group, name, &number);
}

uint32_t sim_group_stream(struct sim_group *group, const char *name)
{
    uint32_t number;
    if (find_stream(group, name, &number))
        return number;
    group->streams =
        sim_reallocate(group->streams, (group->stream_count + 1) * sizeof *group->streams);
    group->streams[group->stream_count] = (struct sim_stream){.name = sim_duplicate(name),
                                                              .created_ms = group->created_ms,
                                                              .last_timestamp = INT64_MIN,
                                                              .last_ingestion = INT64_MIN};
    return group->stream_count++;
}

void sim_group_put(struct sim_group *group, const struct sim_event *event)
{
    uint32_t number = sim_group_stream(group, event->stream);
    struct sim_stream *stream = &group->streams[number];
    if (event->timestamp > stream->last_timestamp)
        stream->last_timestamp = event->timestamp;
    if (event->ingestion_time > stream->last_ingestion)
        stream->last_ingestion = event->ingestion_time;
    struct sim_record record = {
        .key = {event->timestamp, event->ingestion_time, group->put_count++},
        .visible_at = event->visible_at,
        .stream = number,
        .message_length = (uint32_t)event->message_length,
        .message = sim_allocate(event->message_length + 1),
    };
    if (event->message_length)
        memcpy(record.message, event->message, event->message_length);
    sim_store_put(&group->store, &record);
}

bool sim_group_put_series(struct sim_group *group, const struct sim_series *series)
{
    size_t at = group->series_count;
    if (at == SIM_MAX_SERIES)
        return false;
    uint32_t streams = series->streams ? series->streams : 1;
    group->series[at] = *series;
    group->series_streams[at] = sim_reallocate(NULL, streams * sizeof(uint32_t));
    struct sim_buffer name = {0};
    for (uint32_t i = 0; i < streams; i++) {
        name.length = 0;
        sim_generator_stream(&series->generator, i, &name);
        sim_buffer_add(&name, "", 1);
        group->series_streams[at][i] = sim_group_stream(group, name.data);
    }
    sim_buffer_clear(&name);
    group->series_count++;
    return true;
}

static struct sim_key series_key(const struct sim_group *group, size_t at, uint64_t index)
{
    const struct sim_series *series = &group->series[at];
    return (struct sim_key){sim_series_timestamp(series, index),
                            sim_series_ingestion_time(series, index),
                            (uint64_t)(at + 1) << SERIES_SHIFT | index};
}

static uint64_t seek_series(const struct sim_group *group, size_t at, const struct sim_key *after)
{
    if (after->sequence >> SERIES_SHIFT == at + 1)
        return (after->sequence & index_mask) + 1;
    const struct sim_series *series = &group->series[at];
    uint64_t index = sim_series_seek(series, after->timestamp);
    for (; !series->count || index < series->count; index++) {
        struct sim_key key = series_key(group, at, index);
        if (sim_key_compare(&key, after) > 0)
            break;
    }
    return index;
}

void sim_cursor_seek(struct sim_cursor *cursor, const struct sim_group *group, int64_t now_ms,
                     const struct sim_key *after)
{
    const struct sim_key beginning = {INT64_MIN, INT64_MIN, 0};
    *cursor = (struct sim_cursor){.group = group, .now_ms = now_ms};
    after = after ? after : &beginning;
    cursor->place = sim_store_seek(&group->store, after);
    for (size_t i = 0; i < group->series_count; i++)
        cursor->next[i] = seek_series(group, i, after);
}

static void from_record(const struct sim_record *record, struct sim_event *out)
{
    *out = (struct sim_event){.timestamp = record->key.timestamp,
                              .ingestion_time = record->key.ingestion_time,
                              .visible_at = record->visible_at,
                              .message = record->message,
                              .message_length = record->message_length,
                              .sequence = record->key.sequence,
                              .stream_number = record->stream};
}

static void from_series(const struct sim_group *group, size_t at, const struct sim_key *key,
                        struct sim_event *out)
{
    const struct sim_series *series = &group->series[at];
    uint64_t index = key->sequence & index_mask;
    *out = (struct sim_event){.timestamp = key->timestamp,
                              .ingestion_time = key->ingestion_time,
                              .visible_at = sim_series_visible_at(series, index),
                              .sequence = key->sequence,
                              .stream_number =
                                  group->series_streams[at][sim_series_stream(series, index)]};
}

bool sim_cursor_next(struct sim_cursor *cursor, struct sim_event *out)
{
    const struct sim_group *group = cursor->group;
    const struct sim_record *record = sim_store_at(&group->store, cursor->place);
    struct sim_key best = {0};
    size_t source = SIM_MAX_SERIES; /* the store */
    if (record)
        best = record->key;
    for (size_t i = 0; i < group->series_count; i++) {
        if (!sim_series_exists(&group->series[i], cursor->next[i], cursor->now_ms))
            continue;
        struct sim_key key = series_key(group, i, cursor->next[i]);
        if ((!record && source == SIM_MAX_SERIES) || sim_key_compare(&key, &best) < 0) {
            best = key;
            source = i;
        }
    }
    if (source < SIM_MAX_SERIES) {
        from_series(group, source, &best, out);
        cursor->next[source]++;
    } else if (record) {
        from_record(record, out);
        cursor->place = sim_store_next(&group->store, cursor->place);
    } else {
        return false;
    }
    out->stream = group->streams[out->stream_number].name;
    return true;
}

void sim_event_load(const struct sim_group *group, struct sim_event *event,
                    struct sim_buffer *scratch)
{
    if (event->message)
        return;
    size_t at = (size_t)(event->sequence >> SERIES_SHIFT) - 1;
    scratch->length = 0;
    sim_generator_message(&group->series[at].generator, event->sequence & index_mask,
                          event->timestamp, scratch);
    event->message = scratch->data;
    event->message_length = scratch->length;
}

static char *digits(char *at, uint64_t value, size_t width)
{
    for (size_t i = width; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + width;
}

void sim_event_id(const struct sim_group *group, const struct sim_event *event,
                  char out[SIM_EVENT_ID_SIZE])
{
    /* AWS's have 56 digits as well and begin with the time; group and sequence make it unique. */
    char *at = out;
    *at++ = '3';
    at = digits(at, (uint64_t)event->timestamp, 13);
    at = digits(at, sim_random_mix(group->number ^ event->sequence), 16);
    at = digits(at, group->number, 6);
    at = digits(at, event->sequence, 20);
    *at = '\0';
}

void sim_group_clear(struct sim_group *group)
{
    for (uint32_t i = 0; i < group->stream_count; i++)
        free(group->streams[i].name);
    for (size_t i = 0; i < group->series_count; i++)
        free(group->series_streams[i]);
    free(group->streams);
    free(group->name);
    sim_store_clear(&group->store);
    *group = (struct sim_group){0};
}
