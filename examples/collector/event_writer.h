/* Events in the formats of the command. */
#ifndef EVENT_WRITER_H
#define EVENT_WRITER_H

#include <awslogsrc/awslogsrc.h>

#include "output.h"

enum event_format {
    EVENT_FORMAT_JSON,        /* an object a line */
    EVENT_FORMAT_PAYLOAD,     /* the payload; LF inside reads \n, LF ends it */
    EVENT_FORMAT_PAYLOAD_NUL, /* the payload as it is; NUL ends it */
};

/* Writes every event of the batch. Returns 0, or AWSLOGSRC_E_NO_MEMORY. */
int event_writer_write(struct output *output, enum event_format format, const char *source,
                       const awslogsrc_batch *batch);

#endif
