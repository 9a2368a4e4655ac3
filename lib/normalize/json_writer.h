/* JSON (RFC 8259) onto a writer. Objects and arrays show up with the first thing that is written
 * into them, so that empty ones never do. */
#ifndef ALS_NORMALIZE_JSON_WRITER_H
#define ALS_NORMALIZE_JSON_WRITER_H

#include "normalize/record.h"
#include "normalize/writer.h"

enum { ALS_JSON_WRITER_DEPTH_MAX = 8 };

struct als_json_writer {
    struct als_writer *writer;
    unsigned depth;
    unsigned begun; /* how many of the levels have been written */
    struct {
        const char *name; /* NULL within arrays */
        bool array;
        bool filled;
    } levels[ALS_JSON_WRITER_DEPTH_MAX];
};

/* Names are plain ASCII; NULL for elements of arrays. */
void als_json_writer_init(struct als_json_writer *json, struct als_writer *writer);
void als_json_writer_open(struct als_json_writer *json, const char *name);
void als_json_writer_open_array(struct als_json_writer *json, const char *name);
void als_json_writer_close(struct als_json_writer *json);

void als_json_writer_text(struct als_json_writer *json, const char *name, struct als_text text);
/* What stands between the quotes of a JSON string, as it is. */
void als_json_writer_raw(struct als_json_writer *json, const char *name, struct als_text raw);
void als_json_writer_integer(struct als_json_writer *json, const char *name, int64_t value);
void als_json_writer_boolean(struct als_json_writer *json, const char *name, bool value);
void als_json_writer_time(struct als_json_writer *json, const char *name, int64_t ms);

/* A field as its type says; nothing where it is absent. JSON is written as a string. */
void als_json_writer_field(struct als_json_writer *json, const char *name,
                           const awslogsrc_record *record, int field);

/* A flag that is not among the public fields. */
void als_json_writer_flag(struct als_json_writer *json, const char *name,
                          const awslogsrc_record *record, int field);

/* Of the object that was written from start on, leaves the members that come first, whole, closes
 * what they are in, and adds "truncated": at most so many bytes with all that is in front. False:
 * not even one fits, and nothing is changed. */
bool als_json_writer_cut(struct als_writer *writer, size_t start, size_t most);

/* A string with its quotes. text: UTF-8. */
void als_json_writer_string(struct als_writer *writer, struct als_text text);

#endif
