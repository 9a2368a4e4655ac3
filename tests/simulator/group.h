#ifndef SIM_GROUP_H
#define SIM_GROUP_H

#include "event_store.h"
#include "series.h"

#define SIM_EVENT_ID_SIZE 57
#define SIM_MAX_SERIES    8

/* An event, put into a group or read from it. */
struct sim_event {
    int64_t timestamp;
    int64_t ingestion_time;
    int64_t visible_at;
    const char *stream;
    const char *message; /* any bytes; read: NULL until sim_event_load() when it is generated */
    size_t message_length;
    uint64_t sequence; /* read only, as is the next */
    uint32_t stream_number;
};

struct sim_stream {
    char *name;
    int64_t created_ms;
    int64_t last_timestamp; /* of the events put; INT64_MIN without any */
    int64_t last_ingestion;
};

struct sim_group {
    char *name;
    uint64_t number; /* unique in the world, part of the event ids */
    int64_t created_ms;
    int64_t retention_ms; /* 0: for ever */
    struct sim_store store;
    struct sim_series series[SIM_MAX_SERIES];
    uint32_t *series_streams[SIM_MAX_SERIES]; /* a series' own stream numbers to the group's */
    size_t series_count;
    struct sim_stream *streams;
    uint32_t stream_count;
    uint64_t put_count;
};

/* The number of the stream called so, created when missing. */
uint32_t sim_group_stream(struct sim_group *group, const char *name);
bool sim_group_has_stream(const struct sim_group *group, const char *name);
/* Copies the event. It may lie anywhere in time; order of calls is order of arrival. */
void sim_group_put(struct sim_group *group, const struct sim_event *event);
/* Names in the generator are borrowed for the group's life. False when there are too many. */
bool sim_group_put_series(struct sim_group *group, const struct sim_series *series);

/*
 * Every event in order, visible or not, that exists at now_ms (see struct sim_series). `after`
 * may be NULL: from the beginning. Nothing may be put while a cursor is in use.
 */
struct sim_cursor {
    const struct sim_group *group;
    int64_t now_ms;
    struct sim_place place;
    uint64_t next[SIM_MAX_SERIES];
};

void sim_cursor_seek(struct sim_cursor *cursor, const struct sim_group *group, int64_t now_ms,
                     const struct sim_key *after);
bool sim_cursor_next(struct sim_cursor *cursor, struct sim_event *out);

/* Makes the message of a generated event, in `scratch`, which it replaces. */
void sim_event_load(const struct sim_group *group, struct sim_event *event,
                    struct sim_buffer *scratch);
/* 56 decimal digits, unique in the world. */
void sim_event_id(const struct sim_group *group, const struct sim_event *event,
                  char out[SIM_EVENT_ID_SIZE]);

void sim_group_clear(struct sim_group *group);

#endif
