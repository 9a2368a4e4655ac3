#include "normalize/shape.h"

#include <string.h>

enum { NAME_MAX_SIZE = 128 }; /* of a name with escapes in it */

void als_shape_set(awslogsrc_record *record, int field, const struct als_json_raw *string)
{
    struct als_text text = string->text;
    if (string->escaped) {
        char *room = als_record_room(record, text.size);
        text = (struct als_text){room, room == NULL ? 0 : als_json_reader_decode(string, room)};
    }
    als_record_set(record, field, text);
}

static void clear(awslogsrc_record *record, int field)
{
    als_record_set(record, field, (struct als_text){NULL, 0});
}

/* Members come in much the same order in every event, so that the next one of the table is nearly
 * always the right one. */
static const struct als_shape_member *find(const struct als_shape *shape, size_t *next,
                                           struct als_text name)
{
    for (size_t i = 0; i < shape->count; i++) {
        size_t at = *next + i < shape->count ? *next + i : *next + i - shape->count;
        const struct als_shape_member *member = &shape->members[at];
        if (member->name.size == name.size &&
            memcmp(member->name.data, name.data, name.size) == 0) {
            *next = at + 1 < shape->count ? at + 1 : 0;
            return member;
        }
    }
    return NULL;
}

static const struct als_shape_member *find_escaped(const struct als_shape *shape, size_t *next,
                                                   const struct als_json_raw *name)
{
    char plain[NAME_MAX_SIZE];
    if (name->text.size > sizeof plain)
        return NULL;
    return find(shape, next, (struct als_text){plain, als_json_reader_decode(name, plain)});
}

static void read_text(struct als_json_reader *reader, awslogsrc_record *record, int field)
{
    struct als_json_raw string;
    struct als_text value;
    int c = als_json_reader_peek(reader);
    if (c == '"') {
        if (als_json_reader_string(reader, &string))
            als_shape_set(record, field, &string);
    } else if (als_json_reader_value(reader, &value)) {
        bool number = c == '-' || (c >= '0' && c <= '9');
        als_record_set(record, field, number ? value : (struct als_text){NULL, 0});
    }
}

static void read_flag(struct als_json_reader *reader, awslogsrc_record *record, int field)
{
    enum { WORD_MAX = 5 * 6 /* "false", all escaped */ };
    char plain[WORD_MAX];
    struct als_json_raw string = {.escaped = false};
    struct als_text value = {NULL, 0};
    if (als_json_reader_peek(reader) != '"')
        (void)als_json_reader_value(reader, &value);
    else if (als_json_reader_string(reader, &string))
        value = string.text;
    if (string.escaped && value.size <= WORD_MAX)
        value = (struct als_text){plain, als_json_reader_decode(&string, plain)};
    if (als_text_equal_ignoring_case(value, ALS_TEXT("true")) ||
        als_text_equal_ignoring_case(value, ALS_TEXT("yes")))
        als_record_set_integer(record, field, 1);
    else if (als_text_equal_ignoring_case(value, ALS_TEXT("false")) ||
             als_text_equal_ignoring_case(value, ALS_TEXT("no")))
        als_record_set_integer(record, field, 0);
    else
        clear(record, field);
}

static void read_json(struct als_json_reader *reader, const struct als_shape_member *member,
                      awslogsrc_record *record)
{
    struct als_text value = {NULL, 0};
    int c = als_json_reader_peek(reader);
    if (member->inside != NULL && c == '{') {
        const char *start = reader->at;
        (void)als_shape_read(reader, member->inside, record);
        value = (struct als_text){start, (size_t)(reader->at - start)};
    } else {
        (void)als_json_reader_value(reader, &value);
    }
    if (member->field != ALS_SHAPE_NOWHERE)
        als_record_set(record, member->field, c == 'n' ? (struct als_text){NULL, 0} : value);
}

/* Few events have one, so that those alone are gone through again, once their name is known. */
static void note_result(struct als_json_reader *reader, awslogsrc_record *record)
{
    struct als_json_raw value;
    if (als_json_reader_string(reader, &value) &&
        (value.escaped || als_text_equal_ignoring_case(value.text, ALS_TEXT("Success")) ||
         als_text_equal_ignoring_case(value.text, ALS_TEXT("Failure"))))
        als_record_set_integer(record, ALS_FIELD_RESULTS, 1);
}

/* Whatever the member was the first time. */
static void forget(const struct als_shape_member *member, awslogsrc_record *record)
{
    if (member->field != ALS_SHAPE_NOWHERE)
        clear(record, member->field);
    for (size_t i = 0; member->inside != NULL && i < member->inside->count; i++)
        forget(&member->inside->members[i], record);
}

static inline bool is_again(uint64_t *seen, ptrdiff_t place)
{
    uint64_t bit = UINT64_C(1) << place;
    bool again = (*seen & bit) != 0;
    *seen |= bit;
    return again;
}

static void read_member(struct als_json_reader *reader, const struct als_shape_member *member,
                        awslogsrc_record *record)
{
    switch (member->type) {
    case ALS_SHAPE_TEXT: read_text(reader, record, member->field); return;
    case ALS_SHAPE_FLAG: read_flag(reader, record, member->field); return;
    case ALS_SHAPE_JSON: read_json(reader, member, record); return;
    }
}

/* Recursion goes as deep as the tables do. */
bool als_shape_read(struct als_json_reader *reader, const struct als_shape *shape,
                    awslogsrc_record *record)
{
    struct als_json_raw name;
    struct als_text value;
    size_t next = 0;
    uint64_t seen = 0; /* a bit for each member of the table with something inside */
    for (bool first = als_json_reader_open(reader, '{');
         als_json_reader_next_member(reader, &first, &name);) {
        const struct als_shape_member *member =
            name.escaped ? find_escaped(shape, &next, &name) : find(shape, &next, name.text);
        if (member != NULL) {
            if (member->inside != NULL && is_again(&seen, member - shape->members))
                forget(member, record);
            read_member(reader, member, record);
        } else if (shape->results && als_json_reader_peek(reader) == '"') {
            note_result(reader, record);
        } else {
            (void)als_json_reader_value(reader, &value);
        }
    }
    return !reader->failed;
}
