/* CloudWatch Logs in one region, for one source: its endpoint, the keys that sign, the calls that
 * wait for keys, and its clock as its answers tell it. */
#ifndef ALS_SOURCE_LOGS_CLIENT_H
#define ALS_SOURCE_LOGS_CLIENT_H

#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "base/histogram.h"
#include "credentials/cached.h"
#include "net/loop.h"

struct als_logs_call;

/* No keys are to be had: the calls go on waiting. error: borrow; retry_at_ms: wall time of the next
 * attempt to get some. */
typedef void als_logs_waits(void *user_data, const awslogsrc_error *error, int64_t retry_at_ms);

/* For the statistics. */
struct als_logs_traffic {
    uint64_t calls; /* sent */
    uint64_t bytes; /* of the bodies of their answers */
    struct als_histogram duration;
};

struct als_logs_client {
    struct als_loop *loop;
    const struct als_http_settings *http_settings;
    struct als_cached *credentials; /* borrow; NULL before als_logs_client_use() */
    struct als_cached_waiter waiter;
    struct als_logs_call *first_waiting, *last_waiting; /* for keys */
    als_logs_waits *waits;
    void *user_data;
    const char *region;
    struct als_endpoint endpoint;
    struct als_sigv4_signer signer;
    bool knows_server_time;
    int64_t server_ahead_ms; /* server time less monotonic time */
    int64_t suspected_ms;    /* the same, as one answer had it that is far ahead of the others */
    bool set_back;           /* the clock was, since somebody looked */
    struct als_logs_traffic traffic;
};

struct als_logs_client_config {
    struct als_loop *loop; /* everything here is borrowed for the client's life */
    const struct als_http_settings *http_settings;
    als_logs_waits *waits;
    void *user_data;
    const char *region;
    struct als_endpoint_query endpoint;
};

int als_logs_client_init(struct als_logs_client *client,
                         const struct als_logs_client_config *config, awslogsrc_error **error);
void als_logs_client_clear(struct als_logs_client *client); /* no call may be under way */

/* Where keys come from, before the first call and while none is under way. borrow. */
void als_logs_client_use(struct als_logs_client *client, struct als_cached *credentials);

/* The server's clock now, or the local wall clock as long as no answer told it. */
int64_t als_logs_client_server_ms(const struct als_logs_client *client);

/* Notes the Date of an answer that the service itself gave, asked for and received at the given
 * monotonic times. */
void als_logs_client_learn_time(struct als_logs_client *client, int64_t date_ms, int64_t sent_ms,
                                int64_t received_ms);

#endif
