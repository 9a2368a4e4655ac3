#include "event/arrow.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "event/payload.h"

/* https://arrow.apache.org/docs/format/CDataInterface.html,
 * https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout */

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

static const char *const names[FIELD_COUNT] = {
    "region",   "log_group", "log_stream", "timestamp",  "ingestion_time",
    "event_id", "message",   "payload",    "identifier", "flags"};

enum {
    INLINE_MAX = 12,   /* bytes of text that a view holds itself */
    PLACES_MAX = 2,    /* memory that the views of a column point into */
    BUFFERS_MAX = 5,   /* validity, views, the places, their sizes */
    WRAPPER_SIZE = 256 /* as in event/batch.c: what a wrapper adds to the texts in it */
};

/* A page has 16 MiB at most, its spill three times that, and the payloads of 10,000 events are not
 * much more: 31 bits are enough for every offset. */
struct view {
    int32_t size;
    union {
        char text[INLINE_MAX];
        struct {
            char prefix[4];
            int32_t place;
            int32_t offset;
        } far;
    } as;
};

struct column {
    const void *buffers[BUFFERS_MAX];
    void *values; /* views, offsets or numbers */
    char *text;   /* that was copied for this column, or NULL */
    struct {
        const char *data;
        size_t size;
    } places[PLACES_MAX];
    int64_t place_sizes[PLACES_MAX];
};

/* All memory of an array. The array and each of its columns have a reference, since a consumer may
 * move columns out and release them whenever it likes. */
struct export
{
    atomic_int references;
    awslogsrc_batch *batch;
    size_t field_count;
    const void *no_validity; /* the one buffer of the struct */
    struct ArrowArray arrays[FIELD_COUNT];
    struct ArrowArray *children[FIELD_COUNT];
    struct column columns[FIELD_COUNT];
};

/* The fields that these flags ask for, in order. */
static size_t choose_fields(int flags, enum field fields[FIELD_COUNT])
{
    size_t count = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (i != FIELD_PAYLOAD || (flags & AWSLOGSRC_ARROW_NO_PAYLOAD) == 0)
            fields[count++] = (enum field)i;
    }
    return count;
}

/* --- Schema --- */

struct schema_export {
    struct ArrowSchema schemas[FIELD_COUNT];
    struct ArrowSchema *children[FIELD_COUNT];
};

static void release_field(struct ArrowSchema *schema)
{
    schema->release = NULL; /* its strings are literals */
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    }
    als_free(schema->private_data);
    schema->release = NULL;
}

static const char *format_of(enum field field, int flags)
{
    switch (field) {
    case FIELD_TIMESTAMP:
    case FIELD_INGESTION_TIME: return "tsm:UTC";
    case FIELD_FLAGS: return "i";
    default: return (flags & AWSLOGSRC_ARROW_COPY_TEXT) != 0 ? "u" : "vu";
    }
}

int als_arrow_export_schema(int flags, struct ArrowSchema *out)
{
    struct schema_export *export = als_new(sizeof *export);
    enum field fields[FIELD_COUNT];
    if (export == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    size_t count = choose_fields(flags, fields);
    for (size_t i = 0; i < count; i++) {
        export->schemas[i] = (struct ArrowSchema){.format = format_of(fields[i], flags),
                                                  .name = names[fields[i]],
                                                  .release = release_field};
        export->children[i] = &export->schemas[i];
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = (int64_t)count,
                                .children = export->children,
                                .release = release_schema,
                                .private_data = export};
    return 0;
}

/* --- Array --- */

static void unref_export(struct export *export)
{
    if (atomic_fetch_sub(&export->references, 1) != 1)
        return;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        als_free(export->columns[i].values);
        als_free(export->columns[i].text);
    }
    als_batch_unref(export->batch);
    als_free(export);
}

static void release_column(struct ArrowArray *array)
{
    struct export *export = array->private_data;
    array->release = NULL;
    unref_export(export);
}

static void release_array(struct ArrowArray *array)
{
    struct export *export = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    }
    array->release = NULL;
    unref_export(export);
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

static bool is_shared(enum field field) /* the same text for every event */
{
    return field == FIELD_REGION || field == FIELD_LOG_GROUP;
}

static struct view make_view(struct column *column, struct als_text text)
{
    struct view view = {.size = (int32_t)text.size};
    if (text.size <= INLINE_MAX) {
        memcpy(view.as.text, text.data, text.size);
        return view;
    }
    size_t place = 0;
    uintptr_t at = (uintptr_t)text.data;
    if (at - (uintptr_t)column->places[0].data >= column->places[0].size)
        place = 1;
    size_t offset = at - (uintptr_t)column->places[place].data;
    if (column->place_sizes[place] < (int64_t)(offset + text.size))
        column->place_sizes[place] = (int64_t)(offset + text.size);
    memcpy(view.as.far.prefix, text.data, sizeof view.as.far.prefix);
    view.as.far.place = (int32_t)place;
    view.as.far.offset = (int32_t)offset;
    return view;
}

/* Where the texts of the column are, to tell which place a view points into. */
static void find_places(struct column *column, const awslogsrc_batch *batch, enum field field)
{
    if (is_shared(field)) {
        struct als_text text = text_of(&batch->events[0], field);
        column->places[0].data = text.data;
        column->places[0].size = text.size;
        return;
    }
    if (field == FIELD_IDENTIFIER) {
        struct als_text standard = als_text_of(batch->origin->identifier);
        bool own = batch->identifiers.size > 0;
        column->places[0].data = own ? batch->identifiers.data : standard.data;
        column->places[0].size = own ? batch->identifiers.size : standard.size;
        column->places[1].data = standard.data;
        return;
    }
    column->places[0].data = batch->text;
    column->places[0].size = batch->text_size;
    column->places[1].data = batch->spill;
}

/* The buffers behind the views: those places that hold something, then the list of their sizes. */
static void list_places(struct column *column, struct ArrowArray *array)
{
    size_t used = column->place_sizes[1] > 0 ? 2 : column->place_sizes[0] > 0 ? 1 : 0;
    for (size_t i = 0; i < used; i++)
        column->buffers[2 + i] = column->places[i].data;
    column->buffers[2 + used] = column->place_sizes;
    array->n_buffers = (int64_t)(3 + used);
}

static int fill_views(struct column *column, const awslogsrc_batch *batch, enum field field)
{
    struct view *views = als_new_array(batch->count, sizeof *views);
    if (views == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    column->values = views;
    if (batch->count > 0)
        find_places(column, batch, field);
    for (size_t i = 0; i < batch->count; i++)
        views[i] = is_shared(field) && i > 0 ? views[0]
                                             : make_view(column, text_of(&batch->events[i], field));
    return 0;
}

/* The texts of a column one behind the other, and where each of them ends. */
static int join_texts(struct column *column, const awslogsrc_batch *batch, enum field field,
                      bool wrapped)
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
    column->places[0].size = joined.size;
    column->text = als_buffer_take(&joined);
    column->places[0].data = column->text == NULL ? "" : column->text;
    return 0;
}

/* Turns ends into views. */
static int view_joined(struct column *column, size_t count)
{
    const int32_t *ends = column->values;
    struct view *views = als_new_array(count, sizeof *views);
    if (views == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        views[i] = make_view(column, (struct als_text){column->places[0].data + ends[i],
                                                       (size_t)(ends[i + 1] - ends[i])});
    als_free(column->values);
    column->values = views;
    return 0;
}

static int fill_text(struct column *column, const awslogsrc_batch *batch, enum field field,
                     int flags, struct ArrowArray *array)
{
    bool wrapped = field == FIELD_PAYLOAD && !batch->origin->extract_original_event;
    bool copied = (flags & AWSLOGSRC_ARROW_COPY_TEXT) != 0;
    int status = copied || wrapped ? join_texts(column, batch, field, wrapped)
                                   : fill_views(column, batch, field);
    if (status == 0 && wrapped && !copied)
        status = view_joined(column, batch->count);
    column->buffers[1] = column->values;
    if (copied) {
        column->buffers[2] = column->places[0].data;
        array->n_buffers = 3;
    } else {
        list_places(column, array);
    }
    return status;
}

static int fill_numbers(struct column *column, const awslogsrc_batch *batch, enum field field,
                        struct ArrowArray *array)
{
    size_t size = field == FIELD_FLAGS ? sizeof(int32_t) : sizeof(int64_t);
    column->values = als_new_array(batch->count, size);
    column->buffers[1] = column->values;
    array->n_buffers = 2;
    if (column->values == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int32_t *flags = column->values;
    int64_t *times = column->values;
    for (size_t i = 0; i < batch->count; i++) {
        const struct als_log_event *data = &batch->events[i].data;
        if (field == FIELD_FLAGS)
            flags[i] = (int32_t)data->flags;
        else
            times[i] = field == FIELD_TIMESTAMP ? data->timestamp_ms : data->ingestion_time_ms;
    }
    return 0;
}

static int fill_column(struct export *export, size_t number, enum field field, int flags)
{
    struct ArrowArray *array = &export->arrays[number];
    struct column *column = &export->columns[number];
    *array = (struct ArrowArray){.length = (int64_t) export->batch->count,
                                 .buffers = column->buffers,
                                 .release = release_column,
                                 .private_data = export};
    export->children[number] = array;
    if (field == FIELD_TIMESTAMP || field == FIELD_INGESTION_TIME || field == FIELD_FLAGS)
        return fill_numbers(column, export->batch, field, array);
    return fill_text(column, export->batch, field, flags, array);
}

int als_arrow_export_batch(awslogsrc_batch *batch, int flags, struct ArrowArray *out)
{
    struct export *export = als_new(sizeof *export);
    enum field fields[FIELD_COUNT];
    if (export == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    size_t count = choose_fields(flags, fields);
    atomic_init(&export->references, 1);
    export->batch = als_batch_ref(batch);
    for (size_t i = 0; i < count; i++) {
        int status = fill_column(export, i, fields[i], flags);
        if (status != 0) {
            unref_export(export);
            return status;
        }
    }
    atomic_store(&export->references, (int)count + 1);
    *out = (struct ArrowArray){.length = (int64_t)batch->count,
                               .n_buffers = 1,
                               .n_children = (int64_t)count,
                               .buffers = &export->no_validity,
                               .children = export->children,
                               .release = release_array,
                               .private_data = export};
    return 0;
}
