/* Records as flat JSON: every field by its name. */
#ifndef ALS_NORMALIZE_FLAT_JSON_H
#define ALS_NORMALIZE_FLAT_JSON_H

#include "normalize/record.h"
#include "normalize/writer.h"

/* original: the message as well. That of what has no fields is always there. */
void als_flat_json_write(struct als_writer *writer, const awslogsrc_record *record, bool original);

#endif
