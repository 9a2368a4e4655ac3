/* Reads one region of a source: asks the plan what to read, sends the calls, hands the new events
 * on, and acknowledges what the host accepted. Every region has its own state, error and retry
 * clock. */
#ifndef ALS_SOURCE_REGION_READER_H
#define ALS_SOURCE_REGION_READER_H

#include "source/call_queue.h"
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
    bool loaded; /* the store has answered; load_error: what it said */
    awslogsrc_error *load_error, *write_error;
    awslogsrc_cursor *given;  /* where the host wants to start, or NULL */
    unsigned life;            /* counts starts */
    struct als_chain *chains; /* scans under way */
    struct als_logs_call probe;
    struct als_caller caller; /* waits for its turns to call */

    struct als_timer wake;
    struct als_region_state state;
    int page_limit;    /* events to ask for; fewer, once a page was too large */
    size_t page_bytes; /* what the next page may take */
    int calls;         /* under way */

    uint64_t pages, events; /* read, known events included */
};

int als_region_reader_new(awslogsrc_source *source, const char *region,
                          struct als_region_reader **out, awslogsrc_error **error);
void als_region_reader_free(struct als_region_reader *reader);

/* Before each start: where its calls wait for their turns. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_region_reader_find_queue(struct als_region_reader *reader);

void als_region_reader_start(struct als_region_reader *reader);
void als_region_reader_stop(struct als_region_reader *reader);
void als_region_reader_resume(struct als_region_reader *reader);

/* Acts on what the host has answered since the last look. */
void als_region_reader_look_at_receipts(struct als_region_reader *reader);

/* The position stays in its store; what is known here goes. Only while it is stopped. */
void als_region_reader_forget_position(struct als_region_reader *reader);

/* For those that work on its pages (source/intake). */

/* Looks at what is to do next, soon. */
void als_region_reader_wake(struct als_region_reader *reader);

/* The chain is over; complete: it was read to its end. */
void als_region_reader_drop_chain(struct als_region_reader *reader, struct als_chain *chain,
                                  bool complete);

/* The memory set aside for the chain's answer is needed no more. */
void als_region_reader_free_reserve(struct als_chain *chain);

/* A call or a page came to nothing: tells the host, and waits or gives up. */
void als_region_reader_fail(struct als_region_reader *reader, const awslogsrc_error *error,
                            int64_t retry_after_ms);
void als_region_reader_fail_with(struct als_region_reader *reader, int code, const char *message);

bool als_region_reader_has_ended(const struct als_region_reader *reader);

#endif
