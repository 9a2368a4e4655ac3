/* What a source has done and knows, as one JSON document. */
#ifndef ALS_SOURCE_STATS_H
#define ALS_SOURCE_STATS_H

#include "base/buffer.h"
#include "source/source.h"

enum { ALS_STATS_CEILING = 16 * 1024 * 1024 };

/* Appends the document; its members are described at awslogsrc_source_stats_json(). Returns the
 * buffer's status. */
int als_stats_write(const awslogsrc_source *source, struct als_buffer *out);

#endif
