/* What a source has done and knows, as one JSON document. */
#ifndef ALS_SOURCE_STATS_JSON_H
#define ALS_SOURCE_STATS_JSON_H

#include "base/buffer.h"
#include "source/source.h"

/* Appends the document that source/stats.schema.json describes. Returns the buffer's status. */
int als_stats_json_write(const awslogsrc_source *source, struct als_buffer *out);

#endif
