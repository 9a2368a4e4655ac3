#include "event/arrow.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "event/arrow_table.h"
#include "event/payload.h"

enum field {
    FIELD_REGION,
    FIELD_LOG_GROUP,
    FIELD_LOG_STREAM,
    FIELD_TIMESTAMP,
    FIELD_INGESTION_TIME,
    FIELD_EVENT_ID,
    FIELD_MESSAGE,
    FIELD_PAYLOAD,
    FIELD_IDENTIFIER,
    FIELD_FLAGS,
    FIELD_COUNT
};

enum {
    WRAPPER_SIZE = 256, /* as in event/batch.c: what a wrapper adds to the texts in it */
    AHEAD = 16          /* events whose text is fetched before it is their turn: memory is slow */
};

static const struct als_arrow_field all_fields[FIELD_COUNT] = {
    [FIELD_REGION] = {"region", ALS_ARROW_TEXT, false},
    [FIELD_LOG_GROUP] = {"log_group", ALS_ARROW_TEXT, false},
    [FIELD_LOG_STREAM] = {"log_stream", ALS_ARROW_TEXT, false},
    [FIELD_TIMESTAMP] = {"timestamp", ALS_ARROW_TIME, false},
    [FIELD_INGESTION_TIME] = {"ingestion_time", ALS_ARROW_TIME, false},
    [FIELD_EVENT_ID] = {"event_id", ALS_ARROW_TEXT, false},
    [FIELD_MESSAGE] = {"message", ALS_ARROW_TEXT, false},
    [FIELD_PAYLOAD] = {"payload", ALS_ARROW_TEXT, false},
    [FIELD_IDENTIFIER] = {"identifier", ALS_ARROW_TEXT, false},
    [FIELD_FLAGS] = {"flags", ALS_ARROW_INT32, false},
};

/* The columns that the flags ask for. */
struct layout {
    enum field order[FIELD_COUNT];
    struct als_arrow_field fields[FIELD_COUNT];
    size_t count;
};

static void make_layout(struct layout *layout, int flags)
{
    layout->count = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct als_arrow_field field = all_fields[i];
        if (i == FIELD_PAYLOAD && (flags & AWSLOGSRC_ARROW_NO_PAYLOAD) != 0)
            continue;
        if (field.kind == ALS_ARROW_TEXT && (flags & AWSLOGSRC_ARROW_COPY_TEXT) != 0)
            field.kind = ALS_ARROW_COPY;
        layout->order[layout->count] = (enum field)i;
        layout->fields[layout->count++] = field;
    }
}

int als_arrow_export_schema(int flags, struct ArrowSchema *out)
{
    struct layout layout;
    make_layout(&layout, flags);
    return als_arrow_table_export_schema(layout.fields, layout.count, out);
}

static struct als_text text_of(const struct awslogsrc_event *event, enum field field)
{
    const struct als_log_event *data = &event->data;
    switch (field) {
    case FIELD_REGION: return als_text_of(event->batch->origin->region);
    case FIELD_LOG_GROUP: return als_text_of(event->batch->origin->log_group);
    case FIELD_LOG_STREAM: return (struct als_text){data->log_stream, data->log_stream_size};
    case FIELD_EVENT_ID: return (struct als_text){data->event_id, data->event_id_size};
    case FIELD_IDENTIFIER: return als_batch_identifier(event);
    default: return (struct als_text){data->message, data->message_size};
    }
}

/* Whether all events have the same text there. */
static bool is_shared(const awslogsrc_batch *batch, enum field field)
{
    return field == FIELD_REGION || field == FIELD_LOG_GROUP ||
           (field == FIELD_IDENTIFIER && batch->identifiers.size == 0);
}

/* --- Views --- */

static int fill_shared(struct als_arrow_column *column, const awslogsrc_batch *batch,
                       enum field field)
{
    struct als_arrow_view *views = column->values;
    if (batch->count == 0)
        return 0;
    struct als_text text = text_of(&batch->events[0], field);
    column->places[0] = text.data;
    views[0] = als_arrow_table_view(column, 0, text);
    for (size_t i = 1; i < batch->count; i++)
        views[i] = views[0];
    return 0;
}

static int fill_identifiers(struct als_arrow_column *column, const awslogsrc_batch *batch)
{
    struct als_arrow_view *views = column->values;
    column->places[0] = batch->identifiers.data;
    column->places[1] = batch->origin->identifier;
    for (size_t i = 0; i < batch->count; i++) {
        const struct awslogsrc_event *event = &batch->events[i];
        views[i] = als_arrow_table_view(column, event->identifier_size == 0 ? 1 : 0,
                                        als_batch_identifier(event));
    }
    return 0;
}

static int fill_views(struct als_arrow_column *column, const awslogsrc_batch *batch,
                      enum field field)
{
    struct als_arrow_view *views = als_new_array(batch->count, sizeof *views);
    if (views == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    column->values = views;
    if (is_shared(batch, field))
        return fill_shared(column, batch, field);
    if (field == FIELD_IDENTIFIER)
        return fill_identifiers(column, batch);
    column->places[0] = batch->text;
    column->places[1] = batch->spill;
    for (size_t i = 0; i < batch->count; i++) {
        if (i + AHEAD < batch->count)
            __builtin_prefetch(text_of(&batch->events[i + AHEAD], field).data);
        struct als_text text = text_of(&batch->events[i], field);
        bool spilled = (uintptr_t)text.data - (uintptr_t)batch->text >= batch->text_size;
        views[i] = als_arrow_table_view(column, spilled ? 1 : 0, text);
    }
    return 0;
}

/* A payload without wrapper is the message, whose column is the one before. */
static int copy_views(struct als_arrow_column *column, size_t count)
{
    const struct als_arrow_column *message = column - 1;
    struct als_arrow_view *views = als_new_array(count, sizeof *views);
    if (views == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    *column = *message;
    column->values = memcpy(views, message->values, count * sizeof *views);
    return 0;
}

/* --- Copies --- */

/* The texts of a column one behind the other, and where each of them ends. */
static int join_texts(struct als_arrow_column *column, const awslogsrc_batch *batch,
                      enum field field, bool wrapped)
{
    struct als_buffer joined;
    int32_t *ends = als_new_array(batch->count + 1, sizeof *ends);
    column->values = ends;
    als_buffer_init(&joined, INT32_MAX);
    size_t room = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct als_log_event *data = &batch->events[i].data;
        room += wrapped ? WRAPPER_SIZE + (size_t)data->message_size + data->log_stream_size +
                              data->event_id_size
                        : text_of(&batch->events[i], field).size;
    }
    als_buffer_reserve(&joined, room + 1);
    for (size_t i = 0; ends != NULL && i < batch->count; i++) {
        if (wrapped)
            als_payload_wrap(&batch->events[i].data, &joined);
        else
            als_buffer_append_text(&joined, text_of(&batch->events[i], field));
        ends[i + 1] = (int32_t)joined.size;
    }
    if (ends == NULL || joined.status != 0) {
        als_buffer_clear(&joined);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    column->text = als_buffer_take(&joined);
    return 0;
}

/* Turns ends into views. */
static int view_joined(struct als_arrow_column *column, size_t count)
{
    const int32_t *ends = column->values;
    struct als_arrow_view *views = als_new_array(count, sizeof *views);
    if (views == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    column->places[0] = column->text;
    for (size_t i = 0; i < count; i++)
        views[i] = als_arrow_table_view(
            column, 0, (struct als_text){column->text + ends[i], (size_t)(ends[i + 1] - ends[i])});
    als_free(column->values);
    column->values = views;
    return 0;
}

static int fill_text(struct als_arrow_column *column, const awslogsrc_batch *batch,
                     enum field field, bool copied)
{
    bool wrapped = field == FIELD_PAYLOAD && !batch->origin->extract_original_event;
    if (!copied && !wrapped)
        return field == FIELD_PAYLOAD ? copy_views(column, batch->count)
                                      : fill_views(column, batch, field);
    int status = join_texts(column, batch, field, wrapped);
    return status == 0 && !copied ? view_joined(column, batch->count) : status;
}

/* --- Numbers --- */

static int fill_times(struct als_arrow_column *column, const awslogsrc_batch *batch,
                      enum field field)
{
    int64_t *times = als_new_array(batch->count, sizeof *times);
    column->values = times;
    for (size_t i = 0; times != NULL && i < batch->count; i++)
        times[i] = field == FIELD_TIMESTAMP ? batch->events[i].data.timestamp_ms
                                            : batch->events[i].data.ingestion_time_ms;
    return times == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
}

static int fill_flags(struct als_arrow_column *column, const awslogsrc_batch *batch)
{
    int32_t *flags = als_new_array(batch->count, sizeof *flags);
    column->values = flags;
    for (size_t i = 0; flags != NULL && i < batch->count; i++)
        flags[i] = (int32_t)batch->events[i].data.flags;
    return flags == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
}

static int fill_column(struct als_arrow_column *column, const awslogsrc_batch *batch,
                       enum field field, enum als_arrow_kind kind)
{
    if (kind == ALS_ARROW_TIME)
        return fill_times(column, batch, field);
    if (kind == ALS_ARROW_INT32)
        return fill_flags(column, batch);
    return fill_text(column, batch, field, kind == ALS_ARROW_COPY);
}

int als_arrow_export_batch(awslogsrc_batch *batch, int flags, struct ArrowArray *out)
{
    struct layout layout;
    make_layout(&layout, flags);
    struct als_arrow_table *table = als_arrow_table_new(batch, layout.count);
    if (table == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    for (size_t i = 0; i < layout.count; i++) {
        int status = fill_column(&table->columns[i], batch, layout.order[i], layout.fields[i].kind);
        if (status != 0) {
            als_arrow_table_free(table);
            return status;
        }
    }
    als_arrow_table_export(table, layout.fields, batch->count, out);
    return 0;
}
