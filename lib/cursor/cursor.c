#include "cursor/cursor.h"

#include <stdio.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "cursor/cursor_parser.h"
#include "cursor/cursor_text.h"

struct awslogsrc_cursor {
    char *text;
    size_t size;
    int64_t position;
    int64_t lag;
    char label[ALS_CURSOR_LABEL_SIZE]; /* begins with the region */
};

/* Label characters are printable ASCII, so that a cursor is text and fits a log line. */
static void write_label(const struct als_cursor_origin *origin, char label[ALS_CURSOR_LABEL_SIZE])
{
    int size = snprintf(label, ALS_CURSOR_LABEL_SIZE, "%.*s %.*s", (int)origin->region.size,
                        origin->region.data, (int)origin->log_group.size, origin->log_group.data);
    if (size < 0)
        label[0] = '\0';
    for (char *c = label; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~')
            *c = '?';
    }
}

int als_cursor_fingerprint(const struct als_cursor_origin *origin,
                           struct als_cursor_fingerprint *fingerprint)
{
    const struct als_text *parts[] = {
        &origin->region,         &origin->log_group,
        &origin->log_stream,     &origin->log_stream_prefix,
        &origin->filter_pattern, &origin->filter_syntax,
    };
    struct als_buffer all;
    als_buffer_init(&all, ALS_CURSOR_TEXT_CEILING);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        /* The length in front keeps "ab" + "c" apart from "a" + "bc". */
        als_buffer_append_int(&all, (int64_t)parts[i]->size);
        als_buffer_append_char(&all, ':');
        als_buffer_append_text(&all, *parts[i]);
    }
    unsigned char digest[ALS_SHA256_SIZE];
    int status = all.status != 0 ? AWSLOGSRC_E_NO_MEMORY : 0;
    if (status == 0)
        status = als_sha256(als_buffer_text(&all), digest);
    als_buffer_clear(&all);
    if (status != 0)
        return status;
    memcpy(fingerprint->bytes, digest, sizeof fingerprint->bytes);
    write_label(origin, fingerprint->label);
    return 0;
}

int als_cursor_init(struct als_cursor *cursor, const struct als_cursor_fingerprint *fingerprint,
                    const unsigned char key[ALS_KEYED_HASH_KEY_SIZE], int64_t floor, int64_t margin)
{
    *cursor = (struct als_cursor){.scanned_at = ALS_TIME_NEVER, .fingerprint = *fingerprint};
    als_coverage_init(&cursor->coverage, floor);
    als_margin_init(&cursor->margin, margin);
    als_recent_ids_init(&cursor->ids);
    memcpy(cursor->key, key, sizeof cursor->key);
    cursor->hash = als_keyed_hash_new(key);
    return cursor->hash == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
}

void als_cursor_clear(struct als_cursor *cursor)
{
    als_coverage_clear(&cursor->coverage);
    als_recent_ids_clear(&cursor->ids);
    als_keyed_hash_free(cursor->hash);
    *cursor = (struct als_cursor){0};
}

int als_cursor_check(const struct als_cursor *cursor,
                     const struct als_cursor_fingerprint *fingerprint, awslogsrc_error **error)
{
    const struct als_cursor_fingerprint *own = &cursor->fingerprint;
    if (memcmp(own->bytes, fingerprint->bytes, sizeof own->bytes) == 0)
        return 0;
    if (strcmp(own->label, fingerprint->label) == 0)
        return als_error_set(error, AWSLOGSRC_E_CURSOR_FOREIGN,
                             "the cursor for %s was made with another log stream or filter; its "
                             "position says nothing about this one",
                             own->label);
    return als_error_set(error, AWSLOGSRC_E_CURSOR_FOREIGN,
                         "the cursor was made for %s, not for %s", own->label, fingerprint->label);
}

int64_t als_cursor_position(const struct als_cursor *cursor)
{
    size_t count = als_coverage_piece_count(&cursor->coverage);
    for (size_t i = 0; i < count; i++) {
        int64_t start;
        int64_t end;
        int64_t began;
        als_coverage_piece_at(&cursor->coverage, i, &start, &end, &began);
        /* What a scan begun at T found beyond T counts for nothing: more may happen there. */
        if (began < end)
            return began > start ? began : start;
    }
    return als_coverage_floor(&cursor->coverage);
}

int64_t als_cursor_lag(const struct als_cursor *cursor)
{
    int64_t position = als_cursor_position(cursor);
    return cursor->scanned_at > position ? cursor->scanned_at - position : 0;
}

/* text: take; NULL: there was no memory for it. */
static struct awslogsrc_cursor *wrap(const struct als_cursor *cursor, char *text, size_t size)
{
    struct awslogsrc_cursor *exported = text == NULL ? NULL : als_new(sizeof *exported);
    if (exported == NULL) {
        als_free(text);
        return NULL;
    }
    exported->text = text;
    exported->size = size;
    exported->position = als_cursor_position(cursor);
    exported->lag = als_cursor_lag(cursor);
    memcpy(exported->label, cursor->fingerprint.label, sizeof exported->label);
    return exported;
}

int als_cursor_export(const struct als_cursor *cursor, uint64_t batch, awslogsrc_cursor **out)
{
    struct als_cursor_text text;
    int status = als_cursor_text_whole(&text, cursor, batch);
    if (status == 0) {
        size_t size = text.buffer.size;
        struct awslogsrc_cursor *exported = wrap(cursor, als_buffer_take(&text.buffer), size);
        if (exported != NULL)
            *out = exported;
        else
            status = AWSLOGSRC_E_NO_MEMORY;
    }
    als_cursor_text_clear(&text);
    return status;
}

int als_cursor_import(struct als_text text, awslogsrc_cursor **out, awslogsrc_error **error)
{
    struct als_cursor cursor;
    int status = als_cursor_parser_run(text, &cursor, error);
    if (status != 0)
        return status;
    struct awslogsrc_cursor *imported =
        wrap(&cursor, als_copy_bytes(text.data, text.size), text.size);
    als_cursor_clear(&cursor);
    if (imported == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the cursor");
    *out = imported;
    return 0;
}

awslogsrc_cursor *als_cursor_exported_copy(const awslogsrc_cursor *exported)
{
    struct awslogsrc_cursor *copy = als_new(sizeof *copy);
    char *text = als_copy_bytes(exported->text, exported->size);
    if (copy == NULL || text == NULL) {
        als_free(text);
        als_free(copy);
        return NULL;
    }
    *copy = *exported;
    copy->text = text;
    return copy;
}

struct als_text als_cursor_exported_text(const awslogsrc_cursor *exported)
{
    return exported == NULL ? ALS_TEXT("") : (struct als_text){exported->text, exported->size};
}

struct als_text als_cursor_exported_region(const awslogsrc_cursor *exported)
{
    struct als_text rest = als_text_of(exported->label), region;
    als_text_next_field(&rest, ' ', &region);
    return region;
}

int64_t als_cursor_exported_position(const awslogsrc_cursor *exported)
{
    return exported->position;
}

int64_t als_cursor_exported_lag(const awslogsrc_cursor *exported)
{
    return exported->lag;
}

void als_cursor_exported_free(awslogsrc_cursor *exported)
{
    if (exported == NULL)
        return;
    als_free(exported->text);
    als_free(exported);
}
