/* The figures of sources as OpenMetrics text, version 1.0.0: what Prometheus reads. */
#ifndef ALS_SOURCE_OPENMETRICS_H
#define ALS_SOURCE_OPENMETRICS_H

#include "base/buffer.h"
#include "source/source.h"

/* Appends a whole exposition. A family stands once in one, so all that is to be told together is
 * written together. only: this source alone; NULL: every source of the context. Returns the
 * buffer's status. */
int als_openmetrics_write(const awslogsrc_context *context, const awslogsrc_source *only,
                          struct als_buffer *out);

#endif
