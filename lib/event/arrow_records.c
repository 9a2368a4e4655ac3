#include "event/arrow_records.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "event/arrow_table.h"
#include "event/normalizer.h"
#include "normalize/parser.h"

enum {
    COLUMN_IDENTIFIER,
    COLUMN_FIRST_FIELD,
    COLUMN_COUNT = COLUMN_FIRST_FIELD + ALS_RECORD_FIELDS
};

enum place { PLACE_BODY, PLACE_SPILL, PLACE_COPY }; /* of texts: the batch's memory, or our own */

/* A column that is being filled. Most have nothing in them: they get memory with their first value.
 */
struct growing {
    size_t present;
    struct als_buffer copy;     /* where text is to be copied */
    struct als_text last;       /* was copied last, */
    struct als_arrow_view view; /* and is there */
};

struct builder {
    struct als_arrow_table *table;
    const struct als_arrow_field *fields;
    const struct awslogsrc_event *event;
    awslogsrc_record *record;
    struct growing columns[COLUMN_COUNT];
    size_t rows, capacity;
    struct als_buffer text; /* that is nowhere in the batch as it is */
    int status;
};

static enum als_arrow_kind kind_of(int field, int flags)
{
    static const char ms[] = "_ms";
    const char *name = als_record_field_name(field);
    switch (als_record_field_type(field)) {
    case AWSLOGSRC_TYPE_BOOLEAN: return ALS_ARROW_BOOL;
    case AWSLOGSRC_TYPE_INTEGER:
        return strcmp(name + strlen(name) - strlen(ms), ms) == 0 ? ALS_ARROW_TIME : ALS_ARROW_INT64;
    default: return (flags & AWSLOGSRC_ARROW_COPY_TEXT) != 0 ? ALS_ARROW_COPY : ALS_ARROW_TEXT;
    }
}

static void make_fields(struct als_arrow_field fields[COLUMN_COUNT], int flags)
{
    fields[COLUMN_IDENTIFIER] =
        (struct als_arrow_field){"identifier", kind_of(AWSLOGSRC_FIELD_MESSAGE, flags), false};
    for (int i = 0; i < ALS_RECORD_FIELDS; i++)
        fields[COLUMN_FIRST_FIELD + i] =
            (struct als_arrow_field){als_record_field_name(i), kind_of(i, flags), true};
}

int als_arrow_records_export_schema(int flags, struct ArrowSchema *out)
{
    struct als_arrow_field fields[COLUMN_COUNT];
    make_fields(fields, flags);
    return als_arrow_table_export_schema(fields, COLUMN_COUNT, out);
}

/* --- Memory --- */

static size_t bytes_of(enum als_arrow_kind kind, size_t rows)
{
    switch (kind) {
    case ALS_ARROW_TEXT: return rows * sizeof(struct als_arrow_view);
    case ALS_ARROW_COPY: return (rows + 1) * sizeof(int32_t);
    case ALS_ARROW_BOOL: return rows / 8 + 1;
    default: return rows * sizeof(int64_t);
    }
}

/* To a larger block, whose rest is zero. False without memory: then nothing changed. */
static bool enlarge(void **memory, size_t size, size_t wanted)
{
    char *larger = als_new_array(wanted, 1);
    if (larger == NULL)
        return false;
    if (size > 0)
        memcpy(larger, *memory, size);
    als_free(*memory);
    *memory = larger;
    return true;
}

static bool resize_column(struct builder *builder, size_t number, size_t rows, size_t wanted)
{
    struct als_arrow_column *column = &builder->table->columns[number];
    enum als_arrow_kind kind = builder->fields[number].kind;
    void *validity = column->validity;
    column->places[PLACE_BODY] = builder->table->batch->text;
    column->places[PLACE_SPILL] = builder->table->batch->spill;
    bool ok =
        enlarge(&validity, rows == 0 ? 0 : bytes_of(ALS_ARROW_BOOL, rows),
                bytes_of(ALS_ARROW_BOOL, wanted)) &&
        enlarge(&column->values, rows == 0 ? 0 : bytes_of(kind, rows), bytes_of(kind, wanted));
    column->validity = validity;
    return ok;
}

static bool make_room(struct builder *builder)
{
    if (builder->rows < builder->capacity)
        return true;
    size_t wanted = builder->capacity * 2;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (builder->table->columns[i].values != NULL &&
            !resize_column(builder, i, builder->capacity, wanted))
            return false;
    }
    builder->capacity = wanted;
    return true;
}

/* --- Values --- */

static bool is_in(const char *at, const char *memory, size_t size)
{
    return memory != NULL && (uintptr_t)at - (uintptr_t)memory < size;
}

static enum place place_of(const struct builder *builder, size_t number, struct als_text text)
{
    const awslogsrc_batch *batch = builder->event->batch;
    const struct als_log_event *data = &builder->event->data;
    if (is_in(text.data, batch->text, batch->text_size))
        return PLACE_BODY;
    bool spilled = is_in(text.data, data->message, data->message_size) ||
                   number == COLUMN_FIRST_FIELD + AWSLOGSRC_FIELD_LOG_STREAM ||
                   number == COLUMN_FIRST_FIELD + AWSLOGSRC_FIELD_LOG_EVENT_ID;
    return spilled ? PLACE_SPILL : PLACE_COPY;
}

/* Names of activities, the log group and so on are the same ones in many rows. */
static struct als_arrow_view copy_view(struct builder *builder, size_t number, struct als_text text)
{
    struct growing *growing = &builder->columns[number];
    struct als_arrow_column *column = &builder->table->columns[number];
    if (growing->last.data == text.data && growing->last.size == text.size)
        return growing->view;
    size_t at = builder->text.size;
    if (als_buffer_append_text(&builder->text, text) != 0)
        return (struct als_arrow_view){0};
    column->places[PLACE_COPY] = builder->text.data;
    growing->view = als_arrow_table_view(column, PLACE_COPY,
                                         (struct als_text){builder->text.data + at, text.size});
    /* The next record has other texts at the same place of its arena. */
    bool lasts = !is_in(text.data, builder->record->arena, builder->record->arena_size);
    growing->last = lasts ? text : (struct als_text){NULL, 0};
    return growing->view;
}

static void set_text(struct builder *builder, size_t number, struct als_text text)
{
    struct als_arrow_column *column = &builder->table->columns[number];
    struct als_arrow_view *views = column->values;
    if (builder->fields[number].kind == ALS_ARROW_COPY) {
        als_buffer_append_text(&builder->columns[number].copy, text);
        return;
    }
    enum place place =
        text.size <= ALS_ARROW_INLINE_MAX ? PLACE_BODY : place_of(builder, number, text);
    views[builder->rows] = place == PLACE_COPY ? copy_view(builder, number, text)
                                               : als_arrow_table_view(column, place, text);
}

static void set_bit(unsigned char *bits, size_t row)
{
    bits[row / 8] = (unsigned char)(bits[row / 8] | 1U << row % 8);
}

static void set_value(struct builder *builder, size_t number, const struct als_record_value *value)
{
    struct als_arrow_column *column = &builder->table->columns[number];
    if (column->values == NULL && !resize_column(builder, number, 0, builder->capacity)) {
        builder->status = AWSLOGSRC_E_NO_MEMORY;
        return;
    }
    switch (builder->fields[number].kind) {
    case ALS_ARROW_TEXT:
    case ALS_ARROW_COPY:
        set_text(builder, number, (struct als_text){value->data, (size_t)value->number});
        break;
    case ALS_ARROW_BOOL:
        if (value->number != 0)
            set_bit(column->values, builder->rows);
        break;
    default: ((int64_t *)column->values)[builder->rows] = value->number;
    }
    set_bit(column->validity, builder->rows);
    builder->columns[number].present++;
}

/* --- Rows --- */

static void add_row(struct builder *builder)
{
    struct als_text identifier = als_batch_identifier(builder->event);
    struct als_record_value first = {identifier.data, (int64_t)identifier.size};
    if (!make_room(builder)) {
        builder->status = AWSLOGSRC_E_NO_MEMORY;
        return;
    }
    set_value(builder, COLUMN_IDENTIFIER, &first);
    for (size_t i = 0; builder->status == 0 && i < ALS_RECORD_FIELDS; i++) {
        if (als_record_has(builder->record, (int)i))
            set_value(builder, COLUMN_FIRST_FIELD + i, &builder->record->values[i]);
    }
    builder->rows++;
    for (size_t i = 0; builder->status == 0 && i < COLUMN_COUNT; i++) {
        int32_t *ends = builder->table->columns[i].values;
        if (ends != NULL && builder->fields[i].kind == ALS_ARROW_COPY)
            ends[builder->rows] = (int32_t)builder->columns[i].copy.size;
    }
}

static int add_events(struct builder *builder, const awslogsrc_batch *batch)
{
    for (size_t i = 0; builder->status == 0 && i < batch->count; i++) {
        builder->event = &batch->events[i];
        builder->status = als_normalizer_parse(builder->event, builder->record);
        if (builder->status != 0)
            break;
        do
            add_row(builder);
        while (builder->status == 0 && als_parser_next(builder->record));
    }
    return builder->status;
}

static int finish_column(struct builder *builder, size_t number)
{
    struct als_arrow_column *column = &builder->table->columns[number];
    struct growing *growing = &builder->columns[number];
    column->null_count = (int64_t)(builder->rows - growing->present);
    if (column->null_count == 0) {
        als_free(column->validity);
        column->validity = NULL;
    }
    column->places[PLACE_COPY] = builder->table->text;
    int status = growing->copy.status;
    column->text = als_buffer_take(&growing->copy);
    return status;
}

static int finish(struct builder *builder)
{
    int status = builder->text.status;
    builder->table->nulls = als_new_array(builder->rows + 1, sizeof(struct als_arrow_view));
    if (builder->table->nulls == NULL)
        status = AWSLOGSRC_E_NO_MEMORY;
    builder->table->text = als_buffer_take(&builder->text);
    for (size_t i = 0; status == 0 && i < COLUMN_COUNT; i++)
        status = finish_column(builder, i);
    return status;
}

static struct builder *new_builder(awslogsrc_batch *batch, const struct als_arrow_field *fields)
{
    struct builder *builder = als_new(sizeof *builder);
    if (builder == NULL)
        return NULL;
    builder->fields = fields;
    builder->capacity = batch->count == 0 ? 1 : batch->count;
    builder->record = als_new(sizeof *builder->record);
    builder->table = als_arrow_table_new(batch, COLUMN_COUNT);
    als_buffer_init(&builder->text, INT32_MAX);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        als_buffer_init(&builder->columns[i].copy, INT32_MAX);
    return builder;
}

/* All but the table. */
static void free_builder(struct builder *builder)
{
    if (builder == NULL)
        return;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        als_buffer_clear(&builder->columns[i].copy);
    als_buffer_clear(&builder->text);
    als_record_free(builder->record);
    als_free(builder);
}

int als_arrow_records_export_batch(awslogsrc_batch *batch, int flags, struct ArrowArray *out)
{
    struct als_arrow_field fields[COLUMN_COUNT];
    make_fields(fields, flags);
    struct builder *builder = new_builder(batch, fields);
    int status = AWSLOGSRC_E_NO_MEMORY;
    if (builder != NULL && builder->record != NULL && builder->table != NULL)
        status = add_events(builder, batch);
    if (status == 0)
        status = finish(builder);
    if (status == 0)
        als_arrow_table_export(builder->table, fields, builder->rows, out);
    else if (builder != NULL && builder->table != NULL)
        als_arrow_table_free(builder->table);
    free_builder(builder);
    return status;
}
