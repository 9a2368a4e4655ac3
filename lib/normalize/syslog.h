/* What surrounds a message on its way to a syslog receiver: a header in front of it, and on a
 * stream the framing. Both are choices of their own, and neither knows what the message is. */
#ifndef ALS_NORMALIZE_SYSLOG_H
#define ALS_NORMALIZE_SYSLOG_H

#include "normalize/writer.h"

enum als_syslog_header {
    ALS_SYSLOG_NO_HEADER,
    ALS_SYSLOG_RFC5424, /* <110>1 2026-01-31T23:59:59.123Z host app - msgid - message */
    ALS_SYSLOG_RFC3164, /* <110>Jan 31 23:59:59 host app: message; in UTC, without app no tag */
    ALS_SYSLOG_SHORT    /* <110>1 2026-01-31T23:59:59.123Z host message: IBM's, for LEEF */
};

enum als_syslog_framing {
    ALS_SYSLOG_NO_FRAMING, /* datagrams */
    ALS_SYSLOG_LF,         /* a line feed behind the message, which has none */
    ALS_SYSLOG_OCTETS      /* the size in decimal and a blank in front (RFC 6587, RFC 5425) */
};

enum {
    ALS_SYSLOG_FACILITY_AUDIT = 13, /* log audit */
    ALS_SYSLOG_FACILITY_MAX = 23,
    ALS_SYSLOG_WARNING = 4,
    ALS_SYSLOG_NOTICE = 5,
    ALS_SYSLOG_INFO = 6
};

struct als_syslog_about {
    int facility;
    int severity;
    bool timed;
    int64_t time_ms;
    /* Whatever a header cannot hold reads '_'; what is too long is cut; empty ones read '-'. */
    struct als_text host, application, message_id;
};

void als_syslog_write_header(struct als_writer *writer, enum als_syslog_header header,
                             const struct als_syslog_about *about);

/* The message; for LF framing a line feed in it becomes \n. */
void als_syslog_write_message(struct als_writer *writer, enum als_syslog_framing framing,
                              struct als_text message);

/* Makes one frame of all that was written from start on. */
void als_syslog_frame(struct als_writer *writer, enum als_syslog_framing framing, size_t start);

#endif
