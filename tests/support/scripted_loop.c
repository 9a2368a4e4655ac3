#include "scripted_loop.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

struct als_http_call {
    struct scripted_loop *script;
    struct als_timer timer;
    als_http_done *done; /* NULL inside its own callback */
    void *user_data;
    size_t response_limit;
    int64_t sent_ms;
    struct scripted_answer answer;
};

static int64_t monotonic_ms(void *self)
{
    const struct scripted_loop *script = self;
    return script->now_ms;
}

static int64_t wall_ms(void *self)
{
    const struct scripted_loop *script = self;
    return script->wall_ms + script->now_ms;
}

static void release(struct als_http_call *call)
{
    call->script->in_flight--;
    als_loop_disarm(&call->script->loop, &call->timer);
    als_wipe(call, sizeof *call); /* answers hold secrets, which tests look for */
    free(call);
}

static void arrive(void *user_data)
{
    struct als_http_call *call = user_data;
    struct als_buffer body;
    als_buffer_init(&body, call->response_limit);
    als_buffer_reserve(&body, call->response_limit);
    als_buffer_append_string(&body, call->answer.body);
    struct als_http_response response = {.code = call->answer.code,
                                         .message = "scripted:80: no answer",
                                         .status = call->answer.code == 0 ? call->answer.status : 0,
                                         .headers = als_text_of(call->answer.headers),
                                         .body = &body,
                                         .sent_ms = call->sent_ms,
                                         .received_ms = call->script->now_ms};
    als_http_done *done = call->done;
    call->done = NULL;
    done(call->user_data, &response);
    als_buffer_wipe(&body);
    release(call);
}

static int send_request(void *self, const struct als_http_request *request, als_http_done *done,
                        void *user_data, struct als_http_call **out)
{
    struct scripted_loop *script = self;
    struct als_http_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        abort();
    call->script = script;
    call->timer.fn = arrive;
    call->timer.user_data = call;
    call->done = done;
    call->user_data = user_data;
    call->response_limit = request->response_limit;
    call->sent_ms = script->now_ms;
    call->answer.status = 200;
    call->answer.delay_ms = 10;
    const char *method = request->body.data != NULL ? "POST" : "GET";
    struct scripted_request seen = {request->method != NULL ? request->method : method,
                                    request->url, request->headers, request->body, request->direct};
    script->requests++;
    if (++script->in_flight > script->most_in_flight)
        script->most_in_flight = script->in_flight;
    script->answer(script->user_data, &seen, &call->answer);
    if (call->answer.code == AWSLOGSRC_E_TIMEOUT)
        call->answer.delay_ms = request->settings->request_timeout_ms;
    als_loop_arm(&script->loop, &call->timer, script->now_ms + call->answer.delay_ms);
    *out = call;
    return 0;
}

static void cancel(void *self, struct als_http_call *call)
{
    (void)self;
    if (call->done != NULL)
        release(call);
}

void scripted_loop_init(struct scripted_loop *script, scripted_answer_fn *answer, void *user_data)
{
    *script = (struct scripted_loop){.now_ms = 1000000, .answer = answer, .user_data = user_data};
    script->loop.clock = (struct als_clock){monotonic_ms, wall_ms, script};
    script->loop.http = (struct als_http){send_request, cancel, script};
    script->loop.random.state = 1;
}

void scripted_loop_run(struct scripted_loop *script, int64_t ms)
{
    int64_t until = script->now_ms + ms;
    for (;;) {
        int64_t due = als_timers_next_due(&script->loop.timers);
        if (due > until)
            break;
        if (due > script->now_ms)
            script->now_ms = due;
        (void)als_timers_run(&script->loop.timers, script->now_ms, 64);
    }
    script->now_ms = until;
}

const char *scripted_header(const struct scripted_request *request, const char *name)
{
    size_t size = strlen(name);
    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++) {
        if (strncasecmp(*line, name, size) == 0 && (*line)[size] == ':')
            return *line + size + 2;
    }
    return NULL;
}
