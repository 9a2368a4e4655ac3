#include "source/probe.h"

#include "aws/filter_log_events.h"
#include "aws/page.h"

enum { REQUEST_CEILING = 32 * 1024 };

int als_probe_send(struct als_logs_call *call, struct als_logs_client *client,
                   const struct als_settings *settings, als_logs_done *done, void *user_data)
{
    struct als_buffer body;
    struct als_filter_log_events_request request = als_settings_request(settings);
    request.end_ms =
        1; /* a time before there were logs: nothing to return, and nothing to search */
    request.limit = 1;
    als_buffer_init(&body, REQUEST_CEILING);
    int status = als_filter_log_events_write(&request, &body);
    if (status == 0)
        status = als_logs_call_send(call, client, ALS_TEXT(ALS_FILTER_LOG_EVENTS_TARGET),
                                    als_buffer_text(&body), done, user_data);
    als_buffer_clear(&body);
    return status;
}

bool als_probe_is_genuine(const struct als_logs_answer *answer)
{
    struct als_page page;
    als_page_init(&page);
    int status = als_page_decode(&page, answer->body->data, answer->body->size);
    als_page_clear(&page);
    return status == 0 && answer->began_ms != 0;
}
