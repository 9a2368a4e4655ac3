/* One call to CloudWatch Logs: signed, sent, and its answer classified. */
#ifndef ALS_SOURCE_LOGS_CALL_H
#define ALS_SOURCE_LOGS_CALL_H

#include "source/logs_client.h"

struct als_logs_answer {
    int code;                     /* 0, or AWSLOGSRC_E_* */
    const awslogsrc_error *error; /* NULL where code is 0 */
    struct als_buffer *body;      /* where code is 0; the callback may take its memory */
    int64_t began_ms; /* server time when the call began, rounded down; 0 where the answer does not
                         tell */
    int64_t retry_after_ms; /* what the server asked for; 0: nothing */
    struct als_http_timing timing;
};

/* answer: borrow, during the call. */
typedef void als_logs_done(void *user_data, const struct als_logs_answer *answer);

/* Zero-initialise. One request at a time. */
struct als_logs_call {
    struct als_logs_client *client;
    enum {
        ALS_LOGS_CALL_IDLE,
        ALS_LOGS_CALL_WAITS,
        ALS_LOGS_CALL_SENT,
        ALS_LOGS_CALL_UNSENT
    } state;
    struct als_logs_call *next, *previous; /* that wait for keys */
    struct als_text target;
    struct als_buffer body;
    bool fresh; /* set before it is sent: on a connection of its own */
    const struct als_http_settings *settings; /* likewise: instead of the client's; NULL: those */
    struct als_keys *keys;                    /* that signed it */
    struct als_http_call *http;
    struct als_timer unsent; /* tells what came of it, where it could not be sent */
    int unsent_code;
    als_logs_done *done;
    void *user_data;
};

/* target: "Logs_20140328.FilterLogEvents", borrow for the call's life; body: its JSON. Waits until
 * there are keys to sign with; keys that the service calls expired are replaced and the same is
 * asked again. callback runs exactly once, from the loop, unless the call is cancelled. 0,
 * AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE or AWSLOGSRC_E_INVALID. */
int als_logs_call_send(struct als_logs_call *call, struct als_logs_client *client,
                       struct als_text target, struct als_text body, als_logs_done *callback,
                       void *user_data);
void als_logs_call_cancel(struct als_logs_call *call);
bool als_logs_call_is_idle(const struct als_logs_call *call);

#endif
