/* Events in the formats of the command, with a syslog header and framing where wanted. */
#ifndef EVENT_WRITER_H
#define EVENT_WRITER_H

#include <awslogsrc/awslogsrc.h>
#include <stdbool.h>

#include "output.h"

enum event_format {
    EVENT_FORMAT_JSON,    /* an object a line */
    EVENT_FORMAT_PAYLOAD, /* the payload; where LF ends it, LF inside reads \n */
    EVENT_FORMAT_RECORD,  /* a record as a SIEM takes it */
};

/* The values are awslogsrc_encoder_set()'s. */
struct event_style {
    enum event_format format;
    const char *record; /* the format of records */
    bool nul;           /* ends an event in place of LF */
    bool syslog;        /* with what follows */
    const char *header, *framing, *oversize, *max_message;
};

struct event_writer;

/* error: optional; the names in it are those of the command's options. Returns NULL with it. */
struct event_writer *event_writer_new(const struct event_style *style, awslogsrc_error **error);
void event_writer_free(struct event_writer *writer); /* NULL is fine */

/* Writes one event. Returns 0, AWSLOGSRC_E_NO_MEMORY, or AWSLOGSRC_E_TOO_LARGE. */
int event_writer_write(struct event_writer *writer, struct output *output, const char *source,
                       const awslogsrc_batch *batch, const awslogsrc_event *event);

#endif
