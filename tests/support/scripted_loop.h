/* A loop on virtual time whose HTTP answers come from a test. */
#ifndef SCRIPTED_LOOP_H
#define SCRIPTED_LOOP_H

#include "net/loop.h"

enum { SCRIPTED_BODY_SIZE = 64 * 1024, SCRIPTED_HEADERS_SIZE = 1024 };

struct scripted_request {
    const char *method; /* never NULL */
    const char *url;
    const char *const *headers;
    struct als_text body;
    bool direct;
};

struct scripted_answer {
    int code; /* AWSLOGSRC_E_* where no answer comes; 0 otherwise */
    int status;
    char headers[SCRIPTED_HEADERS_SIZE]; /* "Name: value\r\n" lines */
    char body[SCRIPTED_BODY_SIZE];
    int64_t delay_ms; /* until it is there */
};

/* answer: zeroed but for the status, 200, and the delay, 10. */
typedef void scripted_answer_fn(void *user_data, const struct scripted_request *request,
                                struct scripted_answer *answer);

struct scripted_loop {
    struct als_loop loop;
    int64_t now_ms;  /* monotonic */
    int64_t wall_ms; /* what the wall clock shows at monotonic 0 */
    scripted_answer_fn *answer;
    void *user_data;
    int requests, in_flight, most_in_flight;
};

void scripted_loop_init(struct scripted_loop *script, scripted_answer_fn *answer, void *user_data);
void scripted_loop_run(struct scripted_loop *script, int64_t ms);

/* The value of a request's header, NULL where there is none. */
const char *scripted_header(const struct scripted_request *request, const char *name);

#endif
