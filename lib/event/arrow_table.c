#include "event/arrow_table.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

/* https://arrow.apache.org/docs/format/CDataInterface.html,
 * https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout */

/* --- Schema --- */

static const char *const formats[] = {
    [ALS_ARROW_TEXT] = "vu", [ALS_ARROW_COPY] = "u",       [ALS_ARROW_INT32] = "i",
    [ALS_ARROW_INT64] = "l", [ALS_ARROW_TIME] = "tsm:UTC", [ALS_ARROW_BOOL] = "b"};

struct schema_export {
    struct ArrowSchema *schemas;
    struct ArrowSchema **children;
};

static void release_field(struct ArrowSchema *schema)
{
    schema->release = NULL; /* its strings are literals */
}

static void free_schema(struct schema_export *export)
{
    als_free(export->schemas);
    als_free(export->children);
    als_free(export);
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    }
    free_schema(schema->private_data);
    schema->release = NULL;
}

int als_arrow_table_export_schema(const struct als_arrow_field *fields, size_t count,
                                  struct ArrowSchema *out)
{
    struct schema_export *export = als_new(sizeof *export);
    if (export == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    export->schemas = als_new_array(count, sizeof *export->schemas);
    export->children = als_new_array(count, sizeof *export->children);
    if (export->schemas == NULL || export->children == NULL) {
        free_schema(export);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        export->schemas[i] =
            (struct ArrowSchema){.format = formats[fields[i].kind],
                                 .name = fields[i].name,
                                 .flags = fields[i].nullable ? ARROW_FLAG_NULLABLE : 0,
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

struct als_arrow_table *als_arrow_table_new(awslogsrc_batch *batch, size_t column_count)
{
    struct als_arrow_table *table = als_new(sizeof *table);
    if (table == NULL)
        return NULL;
    atomic_init(&table->references, 1);
    table->batch = als_batch_ref(batch);
    table->column_count = column_count;
    table->columns = als_new_array(column_count, sizeof *table->columns);
    table->arrays = als_new_array(column_count, sizeof *table->arrays);
    table->children = als_new_array(column_count, sizeof *table->children);
    if (table->columns == NULL || table->arrays == NULL || table->children == NULL) {
        als_arrow_table_free(table);
        return NULL;
    }
    return table;
}

void als_arrow_table_free(struct als_arrow_table *table)
{
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        als_free(table->columns[i].values);
        als_free(table->columns[i].validity);
        als_free(table->columns[i].text);
    }
    als_free(table->nulls);
    als_free(table->text);
    als_batch_unref(table->batch);
    als_free(table->columns);
    als_free(table->arrays);
    als_free(table->children);
    als_free(table);
}

static void unref_table(struct als_arrow_table *table)
{
    if (atomic_fetch_sub(&table->references, 1) == 1)
        als_arrow_table_free(table);
}

static void release_column(struct ArrowArray *array)
{
    struct als_arrow_table *table = array->private_data;
    array->release = NULL;
    unref_table(table);
}

static void release_array(struct ArrowArray *array)
{
    struct als_arrow_table *table = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    }
    array->release = NULL;
    unref_table(table);
}

/* Behind the views: the places up to the last that holds something, then the list of their sizes.
 */
static int64_t list_places(struct als_arrow_column *column)
{
    size_t used = ALS_ARROW_PLACES;
    while (used > 0 && column->place_sizes[used - 1] == 0)
        used--;
    for (size_t i = 0; i < used; i++)
        column->buffers[2 + i] = column->places[i] == NULL ? "" : column->places[i];
    column->buffers[2 + used] = column->place_sizes;
    return (int64_t)(3 + used);
}

static int64_t list_buffers(const struct als_arrow_table *table, struct als_arrow_column *column,
                            enum als_arrow_kind kind)
{
    bool only_nulls = column->values == NULL;
    column->buffers[0] = only_nulls ? table->nulls : column->validity;
    column->buffers[1] = only_nulls ? table->nulls : column->values;
    if (kind == ALS_ARROW_TEXT)
        return list_places(column);
    column->buffers[2] = column->text == NULL ? "" : column->text;
    return kind == ALS_ARROW_COPY ? 3 : 2;
}

void als_arrow_table_export(struct als_arrow_table *table, const struct als_arrow_field *fields,
                            size_t rows, struct ArrowArray *out)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct als_arrow_column *column = &table->columns[i];
        table->arrays[i] =
            (struct ArrowArray){.length = (int64_t)rows,
                                .null_count = column->null_count,
                                .n_buffers = list_buffers(table, column, fields[i].kind),
                                .buffers = column->buffers,
                                .release = release_column,
                                .private_data = table};
        table->children[i] = &table->arrays[i];
    }
    atomic_store(&table->references, (int)table->column_count + 1);
    *out = (struct ArrowArray){.length = (int64_t)rows,
                               .n_buffers = 1,
                               .n_children = (int64_t)table->column_count,
                               .buffers = &table->no_validity,
                               .children = table->children,
                               .release = release_array,
                               .private_data = table};
}

struct als_arrow_view als_arrow_table_view(struct als_arrow_column *column, size_t place,
                                           struct als_text text)
{
    struct als_arrow_view view = {.size = (int32_t)text.size};
    if (text.size <= ALS_ARROW_INLINE_MAX) {
        if (text.size > 0)
            memcpy(view.as.text, text.data, text.size);
        return view;
    }
    int64_t offset = text.data - column->places[place];
    if (column->place_sizes[place] < offset + (int64_t)text.size)
        column->place_sizes[place] = offset + (int64_t)text.size;
    memcpy(view.as.far.prefix, text.data, sizeof view.as.far.prefix);
    view.as.far.place = (int32_t)place;
    view.as.far.offset = (int32_t)offset;
    return view;
}
