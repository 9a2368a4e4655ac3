#include "cursor/cursor_parser.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/error.h"
#include "base/memory.h"
#include "cursor/cursor_text.h"

enum { DAMAGED = AWSLOGSRC_E_CURSOR_DAMAGED, ID_STRIDE = 64 };

/* What a block has to have: the first one the head, a committing one the state. */
enum {
    SEEN_LABEL = 1,
    SEEN_FINGERPRINT = 2,
    SEEN_KEY = 4,
    SEEN_HEAD = SEEN_LABEL | SEEN_FINGERPRINT | SEEN_KEY,
    SEEN_SCANNED = 8,
    SEEN_MARGIN = 16,
    SEEN_FLOOR = 32,
    SEEN_PIECE = 64,
    SEEN_STATE = SEEN_SCANNED | SEEN_MARGIN | SEEN_FLOOR | SEEN_PIECE
};

struct als_cursor_parser {
    struct als_text text;
    struct als_cursor *cursor;
    size_t at;   /* where the next block begins */
    size_t kept; /* where the last commit ends */
    struct als_cursor_seal seal;
    int64_t minor;
    int64_t base;                    /* of the ids in this block; ALS_TIME_NEVER: none yet */
    struct als_coverage_piece piece; /* the last one; its end is the next one's start */
    unsigned seen;                   /* in this block */
    unsigned allowed;                /* there: the head only in the first one */
    struct als_recent_id *ids;       /* of this block */
    size_t id_count;
    size_t id_capacity;
};

struct block {
    struct als_text lines; /* without the seal */
    size_t end;            /* where the next one begins */
    bool commits;
};

static bool next_line(struct als_text text, size_t at, struct als_text *line)
{
    size_t left = text.size - at;
    size_t most = left < ALS_CURSOR_LINE_CEILING ? left : ALS_CURSOR_LINE_CEILING;
    const char *end = most == 0 ? NULL : memchr(text.data + at, '\n', most);
    if (end == NULL)
        return false;
    *line = (struct als_text){text.data + at, (size_t)(end - (text.data + at))};
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(struct als_text text, unsigned char *out, size_t size)
{
    if (text.size != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(text.data[2 * i]);
        int low = hex_digit(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool read_number(struct als_text *rest, int64_t lowest, int64_t highest, int64_t *out)
{
    struct als_text word;
    return als_text_next_field(rest, ' ', &word) && als_text_to_int64(word, out) &&
           *out >= lowest && *out <= highest;
}

static bool read_time(struct als_text *rest, int64_t *out)
{
    struct als_text copy = *rest;
    struct als_text word;
    if (!als_text_next_field(&copy, ' ', &word))
        return false;
    if (!als_text_equal(word, ALS_TEXT("never")))
        return read_number(rest, ALS_TIME_NEVER + 1, ALS_TIME_MAX - 1, out);
    *out = ALS_TIME_NEVER;
    *rest = copy;
    return true;
}

static bool at_end(struct als_text rest)
{
    return rest.data == NULL;
}

/* The fields. Each gets what follows its name. */

static int read_label(struct als_cursor_parser *parser, struct als_text value)
{
    char *label = parser->cursor->fingerprint.label;
    if (value.size >= ALS_CURSOR_LABEL_SIZE || als_text_has_control(value))
        return DAMAGED;
    memcpy(label, value.data, value.size);
    label[value.size] = '\0';
    return 0;
}

static int read_fingerprint(struct als_cursor_parser *parser, struct als_text value)
{
    return read_hex(value, parser->cursor->fingerprint.bytes, ALS_FINGERPRINT_SIZE) ? 0 : DAMAGED;
}

static int read_key(struct als_cursor_parser *parser, struct als_text value)
{
    struct als_cursor *cursor = parser->cursor;
    if (!read_hex(value, cursor->key, sizeof cursor->key))
        return DAMAGED;
    cursor->hash = als_keyed_hash_new(cursor->key);
    return cursor->hash != NULL ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

static int read_base(struct als_cursor_parser *parser, struct als_text value)
{
    return read_number(&value, 0, ALS_TIME_MAX, &parser->base) && at_end(value) ? 0 : DAMAGED;
}

static int add_id(struct als_cursor_parser *parser, const struct als_recent_id *id)
{
    if (parser->id_count == parser->id_capacity) {
        size_t capacity = 2 * parser->id_capacity + ID_STRIDE;
        struct als_recent_id *ids = als_resize_array(parser->ids, capacity, sizeof *ids);
        if (ids == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        parser->ids = ids;
        parser->id_capacity = capacity;
    }
    parser->ids[parser->id_count++] = *id;
    return 0;
}

/* Ids were written in the order of a hash table. A smaller one that grows would fill up at one end
 * if it took them in that order, and linear probing would take quadratic time. */
static int restore_ids(struct als_cursor_parser *parser)
{
    struct als_recent_ids *ids = &parser->cursor->ids;
    for (size_t first = 0; first < ID_STRIDE; first++) {
        for (size_t i = first; i < parser->id_count; i += ID_STRIDE) {
            const struct als_recent_id *id = &parser->ids[i];
            int status = als_recent_ids_restore(ids, &id->id, id->timestamp, id->ingestion);
            if (status != 0)
                return status;
        }
    }
    parser->id_count = 0;
    return 0;
}

static int read_id(struct als_cursor_parser *parser, struct als_text value)
{
    struct als_text word;
    struct als_recent_id id = {.ingestion = ALS_TIME_MAX};
    if (parser->base == ALS_TIME_NEVER || !als_text_next_field(&value, ' ', &word) ||
        !read_hex(word, id.id.bytes, sizeof id.id.bytes) ||
        !read_number(&value, ALS_TIME_NEVER, ALS_TIME_MAX, &id.timestamp))
        return DAMAGED;
    id.timestamp += parser->base;
    if (als_text_equal(value, ALS_TEXT("-"))) {
        value.data = NULL;
    } else {
        int64_t seconds;
        if (!read_number(&value, ALS_TIME_NEVER / 1000, ALS_TIME_MAX / 1000, &seconds))
            return DAMAGED;
        id.ingestion = (id.timestamp / 1000 + seconds) * 1000;
    }
    if (!at_end(value) || id.timestamp < 0 || id.ingestion < 0)
        return DAMAGED;
    return add_id(parser, &id);
}

static int read_scanned(struct als_cursor_parser *parser, struct als_text value)
{
    return read_time(&value, &parser->cursor->scanned_at) && at_end(value) ? 0 : DAMAGED;
}

static int read_margin(struct als_cursor_parser *parser, struct als_text value)
{
    struct als_margin *margin = &parser->cursor->margin;
    struct als_margin_step step;
    if ((parser->seen & SEEN_MARGIN) == 0)
        margin->count = 0;
    if (!read_time(&value, &step.from) || !read_number(&value, 0, ALS_TIME_MAX, &step.width) ||
        !at_end(value) || margin->count == ALS_MARGIN_STEPS ||
        (margin->count == 0) != (step.from == ALS_TIME_NEVER))
        return DAMAGED;
    margin->steps[margin->count++] = step;
    return 0;
}

static int read_floor(struct als_cursor_parser *parser, struct als_text value)
{
    int64_t floor;
    if (!read_number(&value, ALS_TIME_NEVER, ALS_TIME_MAX - 1, &floor) || !at_end(value))
        return DAMAGED;
    als_coverage_clear(&parser->cursor->coverage);
    als_coverage_init(&parser->cursor->coverage, floor);
    return 0;
}

static int end_piece(struct als_cursor_parser *parser, int64_t end)
{
    if (parser->piece.began == ALS_TIME_NEVER)
        return 0;
    return als_coverage_mark(&parser->cursor->coverage, parser->piece.start, end,
                             parser->piece.began);
}

static int read_piece(struct als_cursor_parser *parser, struct als_text value)
{
    struct als_coverage_piece piece;
    if ((parser->seen & SEEN_FLOOR) == 0 ||
        !read_number(&value, ALS_TIME_NEVER, ALS_TIME_MAX - 1, &piece.start) ||
        !read_time(&value, &piece.began) || !at_end(value))
        return DAMAGED;
    bool first = (parser->seen & SEEN_PIECE) == 0;
    if (first ? piece.start != als_coverage_floor(&parser->cursor->coverage)
              : piece.start <= parser->piece.start)
        return DAMAGED;
    int status = first ? 0 : end_piece(parser, piece.start);
    parser->piece = piece;
    return status;
}

static const struct field {
    const char *name;
    int (*read)(struct als_cursor_parser *parser, struct als_text value);
    unsigned seen;
    bool repeats;
} fields[] = {
    {"id", read_id, 0, true},
    {"base", read_base, 0, true},
    {"piece", read_piece, SEEN_PIECE, true},
    {"margin", read_margin, SEEN_MARGIN, true},
    {"floor", read_floor, SEEN_FLOOR, false},
    {"scanned", read_scanned, SEEN_SCANNED, false},
    {"label", read_label, SEEN_LABEL, false},
    {"fingerprint", read_fingerprint, SEEN_FINGERPRINT, false},
    {"key", read_key, SEEN_KEY, false},
};

static int read_field(struct als_cursor_parser *parser, struct als_text line)
{
    struct als_text name;
    als_text_next_field(&line, ' ', &name);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct field *field = &fields[i];
        if (!als_text_equal(name, als_text_of(field->name)))
            continue;
        if (line.data == NULL || (field->seen & ~parser->allowed) != 0 ||
            (!field->repeats && (parser->seen & field->seen) != 0))
            return DAMAGED;
        int status = field->read(parser, line);
        parser->seen |= field->seen;
        return status;
    }
    return parser->minor > ALS_CURSOR_MINOR ? 0 : DAMAGED;
}

/* The block at `at`, its seal verified with that of the block before; DAMAGED where there is none.
 */
static int next_block(struct als_text text, size_t at, struct als_cursor_seal *seal,
                      struct block *block)
{
    struct als_text line;
    for (size_t i = at; next_line(text, i, &line); i += line.size + 1) {
        bool commits = als_text_starts_with(line, ALS_TEXT("commit "));
        if (!commits && !als_text_starts_with(line, ALS_TEXT("block ")))
            continue;
        size_t word = commits ? sizeof "commit" : sizeof "block";
        struct als_text sealed = {text.data + at, i + word - at};
        struct als_text hex = {line.data + word, line.size - word};
        struct als_cursor_seal found;
        if (!read_hex(hex, found.bytes, sizeof found.bytes))
            return DAMAGED;
        int status = als_cursor_text_seal(seal, sealed, seal);
        if (status != 0)
            return status;
        *block = (struct block){{text.data + at, i - at}, i + line.size + 1, commits};
        return memcmp(seal->bytes, found.bytes, sizeof found.bytes) == 0 ? 0 : DAMAGED;
    }
    return DAMAGED;
}

static int read_block(struct als_cursor_parser *parser, const struct block *block, bool head,
                      size_t from)
{
    struct als_text line;
    parser->base = ALS_TIME_NEVER;
    parser->seen = 0;
    parser->allowed = SEEN_STATE | (head ? SEEN_HEAD : 0u);
    for (size_t i = from; next_line(block->lines, i, &line); i += line.size + 1) {
        int status = read_field(parser, line);
        if (status != 0)
            return status;
    }
    unsigned wanted = (head ? SEEN_HEAD : 0u) | (block->commits ? SEEN_STATE : 0u);
    if (parser->seen != wanted)
        return DAMAGED;
    int status = restore_ids(parser);
    if (status != 0)
        return status;
    return block->commits ? end_piece(parser, ALS_TIME_MAX) : 0;
}

/* "awslogsrc-cursor 1.0"; size: of the line with its end. */
static int read_version(struct als_text text, int64_t *minor, size_t *size, awslogsrc_error **error)
{
    struct als_text line;
    struct als_text major_text;
    int64_t major;
    if (!next_line(text, 0, &line) || !als_text_starts_with(line, ALS_TEXT(ALS_CURSOR_MAGIC)))
        return als_error_set(error, DAMAGED, "this is no cursor, or a damaged one");
    *size = line.size + 1;
    line.data += sizeof ALS_CURSOR_MAGIC - 1;
    line.size -= sizeof ALS_CURSOR_MAGIC - 1;
    if (!als_text_next_field(&line, '.', &major_text) || line.data == NULL ||
        !als_text_to_int64(major_text, &major) || !als_text_to_int64(line, minor) || *minor < 0 ||
        major < ALS_CURSOR_MAJOR)
        return als_error_set(error, DAMAGED, "the version of the cursor is damaged");
    if (major == ALS_CURSOR_MAJOR)
        return 0;
    return als_error_set(error, AWSLOGSRC_E_CURSOR_VERSION,
                         "the cursor has format %lld.%lld, and this version reads %d.x: it was "
                         "written by a newer one",
                         (long long)major, (long long)*minor, ALS_CURSOR_MAJOR);
}

struct als_cursor_parser *als_cursor_parser_new(struct als_text text, struct als_cursor *cursor)
{
    struct als_cursor_parser *parser = als_new(sizeof *parser);
    if (parser == NULL)
        return NULL;
    *cursor = (struct als_cursor){.scanned_at = ALS_TIME_NEVER};
    parser->text = text;
    parser->cursor = cursor;
    return parser;
}

void als_cursor_parser_free(struct als_cursor_parser *parser)
{
    if (parser == NULL)
        return;
    als_free(parser->ids);
    als_free(parser);
}

static int end_here(const struct als_cursor_parser *parser, awslogsrc_error **error)
{
    if (parser->kept != 0)
        return 0;
    return als_error_set(error, DAMAGED, "the cursor is damaged or cut off behind byte 0");
}

int als_cursor_parser_step(struct als_cursor_parser *parser, awslogsrc_error **error)
{
    struct block block;
    size_t from = 0;
    bool head = parser->at == 0;
    if (parser->text.size > ALS_CURSOR_TEXT_CEILING)
        return als_error_set(error, DAMAGED, "the cursor is larger than %d bytes",
                             ALS_CURSOR_TEXT_CEILING);
    int status = head ? read_version(parser->text, &parser->minor, &from, error) : 0;
    if (status != 0)
        return status;
    status = next_block(parser->text, parser->at, &parser->seal, &block);
    if (status == DAMAGED)
        return end_here(parser, error); /* what is behind the last good seal does not count */
    if (status == 0)
        status = read_block(parser, &block, head, from);
    if (status == DAMAGED)
        return als_error_set(error, status, "the cursor holds nonsense behind byte %zu",
                             parser->at);
    if (status != 0)
        return als_error_set(error, status, "no memory for the cursor");
    if (block.commits)
        parser->kept = block.end;
    parser->at = block.end;
    return parser->at < parser->text.size ? 1 : end_here(parser, error);
}

size_t als_cursor_parser_kept(const struct als_cursor_parser *parser)
{
    return parser->kept;
}

int als_cursor_parser_run(struct als_text text, struct als_cursor *cursor, awslogsrc_error **error)
{
    struct als_cursor_parser *parser = als_cursor_parser_new(text, cursor);
    if (parser == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the cursor");
    int status = 1;
    while (status == 1)
        status = als_cursor_parser_step(parser, error);
    if (status == 0 && parser->kept < text.size)
        status = als_error_set(error, DAMAGED, "the cursor is damaged or cut off behind byte %zu",
                               parser->kept);
    als_cursor_parser_free(parser);
    if (status != 0)
        als_cursor_clear(cursor);
    return status;
}
