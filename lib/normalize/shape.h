/* Which members of a JSON object go into which fields of a record: tables that say so, and the one
 * pass that follows them. */
#ifndef ALS_NORMALIZE_SHAPE_H
#define ALS_NORMALIZE_SHAPE_H

#include "normalize/json_reader.h"
#include "normalize/record.h"

struct als_shape_member {
    struct als_text name;
    enum {
        ALS_SHAPE_TEXT, /* a string, or a number as it stands */
        ALS_SHAPE_FLAG, /* true, false, and the strings that mean them */
        ALS_SHAPE_JSON  /* whatever stands there, but null */
    } type;
    int field; /* of the record; ALS_SHAPE_NOWHERE: only what is inside counts */
    const struct als_shape *inside;
};

struct als_shape {
    const struct als_shape_member *members;
    size_t count;
    bool results; /* members {"<name of the event>": "Success"} may be there: notes that one is */
};

enum { ALS_SHAPE_NOWHERE = -1 };

#define ALS_SHAPE_NAMED(literal) .name = {literal, sizeof(literal) - 1}
#define ALS_SHAPE_MEMBERS(array) .members = (array), .count = sizeof(array) / sizeof *(array)
#define ALS_SHAPE_TEXT_OF(name, f)                       \
    {                                                    \
        ALS_SHAPE_NAMED(name), ALS_SHAPE_TEXT, (f), NULL \
    }
#define ALS_SHAPE_FLAG_OF(name, f)                       \
    {                                                    \
        ALS_SHAPE_NAMED(name), ALS_SHAPE_FLAG, (f), NULL \
    }
#define ALS_SHAPE_JSON_OF(name, f, s)                   \
    {                                                   \
        ALS_SHAPE_NAMED(name), ALS_SHAPE_JSON, (f), (s) \
    }

/* Reads the object that is next. Where a member comes twice, the last one counts, with all that is
 * in it. False: it is no object, or not JSON. */
bool als_shape_read(struct als_json_reader *reader, const struct als_shape *shape,
                    awslogsrc_record *record);

/* Sets the field to a string, decoded. */
void als_shape_set(awslogsrc_record *record, int field, const struct als_json_raw *string);

#endif
