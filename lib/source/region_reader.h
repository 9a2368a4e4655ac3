/* Reads one region of a source: asks the plan what to read, sends the calls, hands the new events
 * on, and acknowledges what the host accepted. Every region has its own state, error and retry
 * clock. */
#ifndef ALS_SOURCE_REGION_READER_H
#define ALS_SOURCE_REGION_READER_H

#include "net/retry.h"
#include "source/budget.h"
#include "source/delivery.h"
#include "source/logs_call.h"
#include "source/reading.h"
#include "source/source.h"

struct als_chain;

/* A batch that was delivered or waits, until the host has answered. */
struct als_outstanding {
    struct als_outstanding *next;
    struct als_receipt *receipt;
    uint64_t batch;
    size_t bytes;
};

struct als_region_reader {
    awslogsrc_source *source;
    struct als_loop *loop;
    char *region;
    struct als_logs_client client;
    struct als_origin *origin;
    struct als_delivery delivery;
    struct als_outstanding *outstanding;

    bool planned; /* the server's time is known, and with it where to start: reading is valid */
    struct als_reading reading;
    struct als_budget budget;
    struct als_page page;     /* scratch, used again from page to page */
    struct als_chain *chains; /* scans under way */
    struct als_logs_call probe;

    struct als_timer wake;
    struct als_retry retry; /* failures in a row */
    int64_t not_before_ms;  /* monotonic: no call before, after a failure */
    int64_t progress_ms;    /* monotonic: of the last page or acknowledgement */
    int page_limit;         /* events to ask for; fewer, once a page was too large */
    size_t page_bytes;      /* what the last page took, and so the next may */
    int calls;              /* under way */

    int state;              /* AWSLOGSRC_REGION_* */
    int trouble;            /* the code of the error told last */
    uint64_t pages, events; /* read, known events included */
};

int als_region_reader_new(awslogsrc_source *source, const char *region,
                          struct als_region_reader **out, awslogsrc_error **error);
void als_region_reader_free(struct als_region_reader *reader);

/* Only while it is stopped. */
void als_region_reader_set_credentials(struct als_region_reader *reader,
                                       awslogsrc_credentials *credentials);

void als_region_reader_start(struct als_region_reader *reader);
void als_region_reader_stop(struct als_region_reader *reader);
void als_region_reader_resume(struct als_region_reader *reader);

/* Acts on what the host has answered since the last look. */
void als_region_reader_look_at_receipts(struct als_region_reader *reader);

bool als_region_reader_has_ended(const struct als_region_reader *reader);

#endif
