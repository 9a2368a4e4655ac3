#include "virtual_aws.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "random.h"
#include "service.h"
#include "source/context.h"

enum {
    MOST_HEADERS = 16,
    TIMERS_AT_ONCE = 64,
    SPINNING = 1000000,
    LEAST_LATENCY_MS = 50,
    MOST_LATENCY_MS = 900
};

/* A request on its way: first a timer to the service, then one back. */
struct als_http_call {
    struct virtual_aws *aws;
    struct als_timer timer;
    als_http_done *done; /* NULL inside its own callback */
    void *user_data;
    char *method, *url;
    char *lines[MOST_HEADERS]; /* names and values, cut apart in place */
    struct sim_header headers[MOST_HEADERS];
    size_t header_count;
    struct sim_buffer body;
    size_t response_limit;
    int64_t timeout_ms;
    int64_t sent_ms;
    struct sim_response answer;
    int code;
    const char *message;
    int64_t back_ms;
};

/* --- clocks --- */

static int64_t monotonic_ms(void *self)
{
    const struct virtual_aws *aws = self;
    return aws->now_ms;
}

static int64_t wall_ms(void *self)
{
    const struct virtual_aws *aws = self;
    return virtual_aws_server_ms(aws) + aws->wall_ahead_ms;
}

int64_t virtual_aws_server_ms(const struct virtual_aws *aws)
{
    return aws->now_ms + aws->epoch_ms;
}

int64_t virtual_aws_monotonic(const struct virtual_aws *aws, int64_t server_ms)
{
    return server_ms - aws->epoch_ms;
}

/* --- HTTP --- */

static void release(struct als_http_call *call)
{
    struct virtual_aws *aws = call->aws;
    aws->in_flight--;
    als_loop_disarm(&aws->loop, &call->timer);
    for (size_t i = 0; i < call->header_count; i++)
        free(call->lines[i]);
    free(call->method);
    free(call->url);
    sim_buffer_clear(&call->body);
    sim_response_clear(&call->answer);
    free(call);
}

static void write_headers(const struct sim_response *answer, struct als_buffer *headers)
{
    struct sim_header header;
    als_buffer_format(headers, "HTTP/1.1 %d x\r\n", answer->status);
    for (size_t i = 0; sim_response_header(answer, i, &header); i++)
        als_buffer_format(headers, "%s: %s\r\n", header.name, header.value);
    als_buffer_format(headers, "Content-Length: %zu\r\n\r\n", answer->body_length);
}

/* As net/curl does it: whatever the transfer failed of, headers and body hold what came before. */
static void arrive(void *user_data)
{
    struct als_http_call *call = user_data;
    struct sim_response *answer = &call->answer;
    struct als_buffer headers, body;
    als_buffer_init(&headers, 64 * 1024);
    als_buffer_init(&body, call->response_limit);
    size_t size = answer->transport == SIM_ANSWERED ? answer->body_length : answer->cut_at;
    bool began = answer->transport != SIM_RESET && answer->transport != SIM_HANG;
    if (began)
        write_headers(answer, &headers);
    if (began && als_buffer_append(&body, answer->body, size) != 0 && call->code == 0) {
        call->code = body.status;
        call->message = "virtual:443: the answer is too large";
    }
    struct als_http_response response = {.code = call->code,
                                         .message = call->message,
                                         .status = call->code == 0 ? answer->status : 0,
                                         .headers = als_buffer_text(&headers),
                                         .body = &body,
                                         .sent_ms = call->sent_ms,
                                         .received_ms = call->aws->now_ms};
    als_http_done *done = call->done;
    call->done = NULL;
    done(call->user_data, &response);
    als_buffer_clear(&headers);
    als_buffer_clear(&body);
    release(call);
}

static int64_t latency(struct virtual_aws *aws)
{
    uint64_t range = (uint64_t)(aws->most_latency_ms - aws->least_latency_ms) + 1;
    return aws->least_latency_ms + (int64_t)(sim_random_next(&aws->random) % range);
}

static void fail(struct als_http_call *call, int code, const char *message)
{
    call->code = code;
    call->message = message;
}

static void ask(void *user_data)
{
    struct als_http_call *call = user_data;
    struct virtual_aws *aws = call->aws;
    const char *path = strchr(strstr(call->url, "://") + 3, '/');
    struct sim_request request = {.method = call->method,
                                  .path = path == NULL ? "/" : path,
                                  .headers = call->headers,
                                  .header_count = call->header_count,
                                  .body = call->body.data,
                                  .body_length = call->body.length};
    if (aws->before_request != NULL)
        aws->before_request(aws->user_data, virtual_aws_server_ms(aws));
    sim_service_request(aws->service, &request, virtual_aws_server_ms(aws), &call->answer);
    aws->requests++;
    if (call->answer.transport == SIM_RESET)
        fail(call, AWSLOGSRC_E_NETWORK, "virtual:443: connection reset by peer");
    else if (call->answer.transport != SIM_ANSWERED)
        fail(call, AWSLOGSRC_E_NETWORK, "virtual:443: transfer closed with data outstanding");
    int64_t timeout = call->sent_ms + call->timeout_ms;
    int64_t back = call->back_ms + call->answer.delay_ms;
    if (call->answer.transport == SIM_HANG || back > timeout) {
        fail(call, AWSLOGSRC_E_TIMEOUT, "virtual:443: operation timed out");
        call->answer.transport = SIM_HANG;
        back = timeout;
    }
    call->timer.fn = arrive;
    als_loop_arm(&aws->loop, &call->timer, back);
}

static void copy_headers(struct als_http_call *call, const char *const *lines)
{
    for (; *lines != NULL && call->header_count < MOST_HEADERS; lines++) {
        char *line = sim_duplicate(*lines);
        char *colon = strchr(line, ':');
        *colon = '\0';
        call->lines[call->header_count] = line;
        call->headers[call->header_count++] = (struct sim_header){line, colon + 2};
    }
}

static int send_request(void *self, const struct als_http_request *request, als_http_done *done,
                        void *user_data, struct als_http_call **out)
{
    struct virtual_aws *aws = self;
    struct als_http_call *call = sim_allocate(sizeof *call);
    int64_t there = latency(aws), back = latency(aws);
    *call = (struct als_http_call){.aws = aws,
                                   .timer = {.fn = ask, .user_data = call},
                                   .done = done,
                                   .user_data = user_data,
                                   .response_limit = request->response_limit,
                                   .timeout_ms = request->settings->request_timeout_ms,
                                   .sent_ms = aws->now_ms,
                                   .message = "",
                                   .back_ms = aws->now_ms + (there + back) / 2};
    call->method = sim_duplicate(request->method == NULL ? "POST" : request->method);
    call->url = sim_duplicate(request->url);
    copy_headers(call, request->headers);
    sim_buffer_add(&call->body, request->body.data, request->body.size);
    if (++aws->in_flight > aws->most_in_flight)
        aws->most_in_flight = aws->in_flight;
    if (aws->unknown_host != NULL && strstr(request->url, aws->unknown_host) != NULL) {
        fail(call, AWSLOGSRC_E_NAME_LOOKUP, "virtual:443: no such host");
        call->answer.transport = SIM_RESET;
        call->timer.fn = arrive;
    }
    als_loop_arm(&aws->loop, &call->timer, aws->now_ms + there / 2);
    *out = call;
    return 0;
}

static void cancel(void *self, struct als_http_call *call)
{
    (void)self;
    if (call->done != NULL)
        release(call);
}

/* --- life --- */

void virtual_aws_init(struct virtual_aws *aws, uint64_t seed, int64_t server_ms)
{
    *aws = (struct virtual_aws){.now_ms = 1000000,
                                .epoch_ms = server_ms - 1000000,
                                .least_latency_ms = LEAST_LATENCY_MS,
                                .most_latency_ms = MOST_LATENCY_MS,
                                .random = sim_random_mix(seed ^ 0xa35)};
    aws->service = sim_service_new(seed);
    sim_service_add_key(aws->service, VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, NULL);
    aws->loop.clock = (struct als_clock){monotonic_ms, wall_ms, aws};
    aws->loop.http = (struct als_http){send_request, cancel, aws};
    aws->loop.random.state = sim_random_mix(seed ^ 0x100);
    aws->loop.waker = als_waker_new();
    if (aws->loop.waker == NULL || als_context_new_on(&aws->loop, &aws->context) != 0)
        abort();
}

void virtual_aws_clear(struct virtual_aws *aws)
{
    awslogsrc_context_free(aws->context);
    als_log_set(&aws->loop.log, &(struct als_log){0});
    als_waker_unref(aws->loop.waker);
    sim_service_free(aws->service);
}

bool virtual_aws_run_until(struct virtual_aws *aws, int64_t server_ms)
{
    int64_t until = virtual_aws_monotonic(aws, server_ms);
    int64_t at_this_time = 0;
    bool runs = true;
    aws->context->processing = true;
    while (runs) {
        if (als_waker_take(aws->loop.waker))
            als_context_woken(aws->context);
        int64_t due = als_timers_next_due(&aws->loop.timers);
        if (due > until)
            break;
        if (due > aws->now_ms) {
            aws->now_ms = due;
            at_this_time = 0;
        }
        at_this_time += als_timers_run(&aws->loop.timers, aws->now_ms, TIMERS_AT_ONCE);
        runs = at_this_time < SPINNING;
    }
    aws->context->processing = false;
    if (runs && until > aws->now_ms)
        aws->now_ms = until;
    return runs;
}

bool virtual_aws_run(struct virtual_aws *aws, int64_t ms)
{
    return virtual_aws_run_until(aws, virtual_aws_server_ms(aws) + ms);
}
