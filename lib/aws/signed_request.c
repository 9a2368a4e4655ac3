#include "aws/signed_request.h"

#include "base/calendar.h"

enum { LINE_CEILING = 64 * 1024 /* session tokens have no stated maximum */ };

static int add_line(struct als_signed_request *request, struct als_text name, struct als_text value)
{
    struct als_buffer *line = &request->lines[request->count];
    als_buffer_init(line, LINE_CEILING);
    /* In one piece: growing would leave copies of secrets behind. */
    als_buffer_reserve(line, name.size + 2 + value.size);
    als_buffer_append_text(line, name);
    als_buffer_append_string(line, ": ");
    als_buffer_append_text(line, value);
    request->headers[request->count++] = als_buffer_string(line);
    return line->status;
}

static int add_authorization(struct als_signed_request *request,
                             const struct als_sigv4_request *signing,
                             struct als_sigv4_signer *signer, const struct als_sigv4_keys *keys)
{
    struct als_buffer authorization;
    als_buffer_init(&authorization, LINE_CEILING);
    int status = als_sigv4_authorization(signer, keys, signing, &authorization);
    if (status == 0)
        status = add_line(request, ALS_TEXT("Authorization"), als_buffer_text(&authorization));
    als_buffer_wipe(&authorization);
    return status;
}

int als_signed_request_init(struct als_signed_request *request,
                            const struct als_signed_request_config *config,
                            struct als_sigv4_signer *signer, const struct als_sigv4_keys *keys)
{
    char date[ALS_AMZ_DATE_SIZE];
    const char *token = keys == NULL ? NULL : keys->session_token;
    als_calendar_amz_date(config->time_ms, date);
    struct als_sigv4_header headers[ALS_SIGNED_REQUEST_MOST_LINES] = {
        {ALS_TEXT("Content-Type"), als_text_of(config->content_type)},
        {ALS_TEXT("Host"), als_text_of(config->endpoint->host)},
        {ALS_TEXT("X-Amz-Date"), als_text_of(date)},
    };
    size_t count = 3;
    if (config->target.size > 0)
        headers[count++] = (struct als_sigv4_header){ALS_TEXT("X-Amz-Target"), config->target};
    if (token != NULL)
        headers[count++] =
            (struct als_sigv4_header){ALS_TEXT("X-Amz-Security-Token"), als_text_of(token)};
    const struct als_sigv4_request signing = {.method = ALS_TEXT("POST"),
                                              .path = als_text_of(config->endpoint->path),
                                              .headers = headers,
                                              .header_count = count,
                                              .body = config->body,
                                              .region =
                                                  als_text_of(config->endpoint->signing_region),
                                              .service = als_text_of(config->service),
                                              .time_ms = config->time_ms};
    int status = 0;
    *request = (struct als_signed_request){0};
    for (size_t i = 0; i < count && status == 0; i++)
        status = add_line(request, headers[i].name, headers[i].value);
    if (status == 0 && keys != NULL)
        status = add_authorization(request, &signing, signer, keys);
    return status;
}

void als_signed_request_clear(struct als_signed_request *request)
{
    for (size_t i = 0; i < request->count; i++)
        als_buffer_wipe(&request->lines[i]);
    *request = (struct als_signed_request){0};
}
