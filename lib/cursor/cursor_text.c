#include "cursor/cursor_text.h"

#include <string.h>

#include "awslogsrc/error.h"

static void append_time(struct als_buffer *buffer, int64_t time)
{
    if (time <= ALS_TIME_NEVER)
        als_buffer_append_string(buffer, "never");
    else
        als_buffer_append_int(buffer, time);
}

static void append_line_hex(struct als_buffer *buffer, const char *name, const unsigned char *bytes,
                            size_t size)
{
    als_buffer_append_string(buffer, name);
    als_buffer_append_hex(buffer, bytes, size);
    als_buffer_append_char(buffer, '\n');
}

/* In one piece: there may be millions. */
static void append_id_hash(struct als_buffer *buffer, const struct als_event_id *id)
{
    static const char digits[] = "0123456789abcdef";
    char word[3 + 2 * sizeof id->bytes + 1] = "id ";
    char *out = word + 3;
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        *out++ = digits[id->bytes[i] >> 4];
        *out++ = digits[id->bytes[i] & 15];
    }
    *out = ' ';
    als_buffer_append(buffer, word, sizeof word);
}

/* "id HASH TIMESTAMP INGESTION": the timestamp relative to the base, the ingestion time in seconds
 * relative to the timestamp's; "-" where it is unknown. */
static void append_id(struct als_buffer *buffer, int64_t *base, const struct als_recent_id *id)
{
    if (*base == ALS_TIME_NEVER) {
        *base = id->timestamp;
        als_buffer_append_string(buffer, "base ");
        als_buffer_append_int(buffer, *base);
        als_buffer_append_char(buffer, '\n');
    }
    append_id_hash(buffer, &id->id);
    als_buffer_append_int(buffer, id->timestamp - *base);
    if (id->ingestion < ALS_TIME_MAX) {
        als_buffer_append_char(buffer, ' ');
        als_buffer_append_int(buffer, id->ingestion / 1000 - id->timestamp / 1000);
        als_buffer_append_char(buffer, '\n');
    } else {
        als_buffer_append_string(buffer, " -\n");
    }
}

static void append_batch(struct als_buffer *buffer, int64_t *base, const struct als_recent_ids *ids,
                         uint64_t batch)
{
    struct als_recent_ids_iterator behind_all_shards = {.shard = ALS_RECENT_IDS_SHARDS};
    struct als_recent_id id;
    while (als_recent_ids_next(ids, batch, &behind_all_shards, &id))
        append_id(buffer, base, &id);
}

void als_cursor_text_ids_init(struct als_cursor_text_ids *ids, size_t ceiling)
{
    als_buffer_init(&ids->buffer, ceiling);
    ids->base = ALS_TIME_NEVER;
}

void als_cursor_text_ids_reset(struct als_cursor_text_ids *ids)
{
    als_buffer_reset(&ids->buffer);
    ids->base = ALS_TIME_NEVER;
}

int als_cursor_text_ids_add_batch(struct als_cursor_text_ids *ids,
                                  const struct als_recent_ids *recent, uint64_t batch)
{
    append_batch(&ids->buffer, &ids->base, recent, batch);
    return ids->buffer.status;
}

int als_cursor_text_seal(const struct als_cursor_seal *before, struct als_text block,
                         struct als_cursor_seal *out)
{
    unsigned char digest[ALS_SHA256_SIZE];
    int status = als_hmac_sha256(before->bytes, sizeof before->bytes, block, digest);
    if (status == 0)
        memcpy(out->bytes, digest, sizeof out->bytes);
    return status;
}

/* Ends the block that began where the last one was sealed: "block SEAL" or "commit SEAL". */
static void append_seal(struct als_cursor_text *text, const char *word)
{
    struct als_buffer *buffer = &text->buffer;
    if (als_buffer_append_string(buffer, word) != 0)
        return;
    struct als_text block = {buffer->data + text->sealed, buffer->size - text->sealed};
    int status = als_cursor_text_seal(&text->seal, block, &text->seal);
    if (status != 0)
        buffer->status = status;
    append_line_hex(buffer, "", text->seal.bytes, sizeof text->seal.bytes);
    text->sealed = buffer->size;
}

static void append_state(struct als_buffer *buffer, const struct als_cursor *cursor)
{
    als_buffer_append_string(buffer, "scanned ");
    append_time(buffer, cursor->scanned_at);
    for (size_t i = 0; i < cursor->margin.count; i++) {
        als_buffer_append_string(buffer, "\nmargin ");
        append_time(buffer, cursor->margin.steps[i].from);
        als_buffer_append_char(buffer, ' ');
        als_buffer_append_int(buffer, cursor->margin.steps[i].width);
    }
    als_buffer_append_string(buffer, "\nfloor ");
    als_buffer_append_int(buffer, als_coverage_floor(&cursor->coverage));
    size_t count = als_coverage_piece_count(&cursor->coverage);
    for (size_t i = 0; i < count; i++) {
        int64_t start;
        int64_t end;
        int64_t began;
        als_coverage_piece_at(&cursor->coverage, i, &start, &end, &began);
        als_buffer_append_string(buffer, "\npiece ");
        als_buffer_append_int(buffer, start);
        als_buffer_append_char(buffer, ' ');
        append_time(buffer, began);
    }
    als_buffer_append_char(buffer, '\n');
}

void als_cursor_text_continue(struct als_cursor_text *text, const struct als_cursor_seal *after)
{
    *text = (struct als_cursor_text){.seal = *after};
    als_buffer_init(&text->buffer, ALS_CURSOR_SNAPSHOT_CEILING);
}

void als_cursor_text_begin(struct als_cursor_text *text, const struct als_cursor *cursor)
{
    als_cursor_text_continue(text, &(struct als_cursor_seal){{0}});
    struct als_buffer *buffer = &text->buffer;
    als_buffer_format(buffer, ALS_CURSOR_MAGIC "%d.%d\n", ALS_CURSOR_MAJOR, ALS_CURSOR_MINOR);
    als_buffer_format(buffer, "label %s\n", cursor->fingerprint.label);
    append_line_hex(buffer, "fingerprint ", cursor->fingerprint.bytes,
                    sizeof cursor->fingerprint.bytes);
    append_line_hex(buffer, "key ", cursor->key, sizeof cursor->key);
    append_seal(text, "block ");
}

bool als_cursor_text_step(struct als_cursor_text *text, const struct als_cursor *cursor)
{
    struct als_recent_ids_iterator iterator = {.shard = text->shard};
    struct als_recent_id id;
    int64_t base = ALS_TIME_NEVER;
    /* A whole shard, for ids move within theirs when others leave. */
    while (als_recent_ids_next(&cursor->ids, 0, &iterator, &id) && iterator.shard == text->shard)
        append_id(&text->buffer, &base, &id);
    if (base != ALS_TIME_NEVER)
        append_seal(text, "block ");
    return ++text->shard < ALS_RECENT_IDS_SHARDS && text->buffer.status == 0;
}

int als_cursor_text_commit(struct als_cursor_text *text, const struct als_cursor *cursor,
                           struct als_text added)
{
    als_buffer_append_text(&text->buffer, added);
    append_state(&text->buffer, cursor);
    append_seal(text, "commit ");
    return text->buffer.status;
}

void als_cursor_text_clear(struct als_cursor_text *text)
{
    als_buffer_clear(&text->buffer);
}

int als_cursor_text_whole(struct als_cursor_text *text, const struct als_cursor *cursor,
                          uint64_t batch)
{
    als_cursor_text_begin(text, cursor);
    while (als_cursor_text_step(text, cursor)) {
    }
    int64_t base = ALS_TIME_NEVER;
    if (batch != 0)
        append_batch(&text->buffer, &base, &cursor->ids, batch);
    return als_cursor_text_commit(text, cursor, ALS_TEXT(""));
}

int als_cursor_text_state_digest(const struct als_cursor *cursor,
                                 unsigned char out[ALS_SHA256_SIZE])
{
    struct als_buffer state;
    als_buffer_init(&state, ALS_CURSOR_SNAPSHOT_CEILING);
    append_state(&state, cursor);
    int status = state.status != 0 ? state.status : als_sha256(als_buffer_text(&state), out);
    als_buffer_clear(&state);
    return status;
}
