/* Reads one region of a source: asks the plan what to read, sends the calls, hands the new events
 * on, and acknowledges what the host accepted. Every region has its own state, error and retry
 * clock. */
#ifndef ALS_SOURCE_REGION_READER_H
#define ALS_SOURCE_REGION_READER_H

#include "source/delivery.h"
#include "source/logs_call.h"
#include "source/outstanding.h"
#include "source/position.h"
#include "source/reading.h"
#include "source/region_state.h"
#include "source/source.h"

struct als_chain;

struct als_region_reader {
    awslogsrc_source *source;
    struct als_loop *loop;
    char *region;
    struct als_logs_client client;
    struct als_origin *origin;
    struct als_delivery delivery;
    struct als_outstanding outstanding;

    enum {
        ALS_READER_ASKING,  /* for the server's time, and with it where to start */
        ALS_READER_LOADING, /* the position: reading is valid from here on */
        ALS_READER_READING
    } phase;
    struct als_reading reading;
    struct als_position position;
    awslogsrc_cursor *given;  /* where the host wants to start, or NULL */
    struct als_page page;     /* scratch, used again from page to page */
    struct als_chain *chains; /* scans under way */
    struct als_logs_call probe;

    struct als_timer wake;
    struct als_timer work; /* on a page that arrived, one step a turn */
    struct als_region_state state;
    int page_limit;    /* events to ask for; fewer, once a page was too large */
    size_t page_bytes; /* what the next page may take */
    int calls;         /* under way */

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

/* The cursor as it will be once batch (0: none) is acknowledged. 0, AWSLOGSRC_E_STATE (nothing is
 * known of the position yet), AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. */
int als_region_reader_export(const struct als_region_reader *reader, uint64_t batch,
                             awslogsrc_cursor **out);

/* The same for a batch that is not answered yet: AWSLOGSRC_E_STATE where it is, or where its reader
 * stopped. */
int als_region_reader_export_batch(const awslogsrc_batch *batch, awslogsrc_cursor **out);

/* Where to start, while it is stopped; cursor: borrow. 0, AWSLOGSRC_E_CURSOR_FOREIGN,
 * AWSLOGSRC_E_NO_MEMORY. */
int als_region_reader_give(struct als_region_reader *reader, const awslogsrc_cursor *cursor,
                           awslogsrc_error **error);

bool als_region_reader_has_ended(const struct als_region_reader *reader);

#endif
