#ifndef SIM_HTTP_H
#define SIM_HTTP_H

#include "calendar.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_header {
    const char *name;
    const char *value;
};

/* One request as it stands on the wire. Everything is borrowed for the call. */
struct sim_request {
    const char *method;
    const char *path; /* with the query; NULL is "/" */
    const char *host; /* used when no Host is among the headers */
    const struct sim_header *headers;
    size_t header_count;
    const char *body;
    size_t body_length;
};

/* What becomes of the connection. */
enum sim_transport {
    SIM_ANSWERED,          /* the whole answer, then keep-alive */
    SIM_RESET,             /* TCP reset instead of an answer */
    SIM_RESET_BODY,        /* TCP reset after `cut_at` bytes of the body */
    SIM_TRUNCATED,         /* Content-Length: body_length, closed after `cut_at` bytes */
    SIM_TRUNCATED_CHUNKED, /* chunked, closed after `cut_at` bytes without the last chunk */
    SIM_HANG               /* nothing, ever */
};

struct sim_response {
    int status;
    const char *content_type;
    const char *error_type; /* the exception's name; NULL on success */
    bool error_type_header; /* also said as x-amzn-ErrorType */
    char date[SIM_CALENDAR_SIZE];
    char request_id[37];
    const char *extra_name; /* one more header; NULL: none */
    char extra_value[64];
    char *body; /* owned; any bytes; a NUL follows that is not counted */
    size_t body_length;
    enum sim_transport transport;
    int64_t delay_ms; /* wait so long before answering */
    size_t cut_at;
    atomic_uint *in_flight; /* the endpoint's; until sim_response_finish() */
};

/* The value of a header, by name in any case; NULL when absent. */
const char *sim_request_header(const struct sim_request *request, const char *name);

/* Iterates the headers of a response: false after the last one. Content-Length is not among them.
 */
bool sim_response_header(const struct sim_response *response, size_t index, struct sim_header *out);

/* The request is no longer in flight. */
void sim_response_finish(struct sim_response *response);
/* Finishes it, too. */
void sim_response_clear(struct sim_response *response);

#endif
