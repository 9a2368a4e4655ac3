/* The answer to FilterLogEvents, as events that point into it. */
#ifndef ALS_AWS_PAGE_H
#define ALS_AWS_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "aws/json_scanner.h"
#include "base/text.h"

enum {
    ALS_PAGE_EVENTS_MAX = 10000, /* what AWS promises */
    /* AWS caps a page at 1 MB of messages, which are 6 MB where each byte is a \u00XX; names of
     * streams (512 characters), ids and times of 10,000 events come to 7 MB more. Whoever meets a
     * larger page asks again for fewer events. */
    ALS_PAGE_SIZE_MAX = 16 * 1024 * 1024,
    ALS_PAGE_TOKEN_SIZE_MAX = 64 * 1024, /* AWS documents none; it has to fit into a request */
    ALS_PAGE_DEPTH_MAX = ALS_JSON_SCANNER_DEPTH_MAX /* of the members nobody knows */
};

/* Text is never NULL, counts with its size (NULs may be part of it), and a NUL follows it. A member
 * that is absent or null reads as "" or 0; timestamp alone must be there. */
struct als_log_event {
    const char *message, *log_stream, *event_id;
    int64_t timestamp_ms, ingestion_time_ms;
    uint32_t message_size, log_stream_size, event_id_size;
    uint32_t flags; /* AWSLOGSRC_EVENT_* */
};

struct als_page {
    struct als_log_event *events;
    size_t count, capacity;
    struct als_text next_token; /* empty when absent */
    char *spill;         /* text for which the body had no room (aws/json_scanner.h), or NULL */
    size_t error_offset; /* after a failure: the byte of the body, */
    const char *error_reason; /* and a literal; NULL otherwise */
};

void als_page_init(struct als_page *page);
void als_page_clear(struct als_page *page); /* frees; usable again */

/* Decodes body, which is overwritten. Text points into body (borrow) and into page->spill, which
 * the page owns until it is cleared or decodes again; the array of events is used again by the next
 * page. Returns 0, AWSLOGSRC_E_PROTOCOL, AWSLOGSRC_E_TOO_LARGE (a limit above is exceeded) or
 * AWSLOGSRC_E_NO_MEMORY; then the page has no events and no token, and error_* say where and why.
 */
int als_page_decode(struct als_page *page, char *body, size_t size);

#endif
