#include "net/http.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/crypto.h"
#include "net/curl.h"
#include "net/proxy.h"

enum { WAY_CEILING = 256 * 1024 };

/* With the NUL, so that no two rows of strings look alike; and NULL is not "". */
static void add_string(struct als_buffer *text, const char *string)
{
    als_buffer_append_char(text, string == NULL ? '0' : '1');
    if (string != NULL)
        als_buffer_append(text, string, strlen(string) + 1);
}

static void add_number(struct als_buffer *text, int64_t number)
{
    als_buffer_append_int(text, number);
    als_buffer_append_char(text, ' ');
}

static void add_route(struct als_buffer *text, const struct als_proxy_route *route)
{
    add_string(text, route->url);
    add_string(text, route->username);
    add_string(text, route->password);
}

int als_http_way(const struct als_http_settings *settings, unsigned char way[ALS_HTTP_WAY_SIZE])
{
    struct als_buffer text;
    memset(way, 0, ALS_HTTP_WAY_SIZE);
    if (settings == NULL)
        return 0;
    als_buffer_init(&text, WAY_CEILING);
    add_string(&text, settings->ca_file);
    add_string(&text, settings->ca_path);
    add_string(&text, settings->trust_store);
    add_number(&text, settings->acquire);
    add_number(&text, settings->tls_minimum);
    add_number(&text, settings->connect_timeout_ms);
    add_number(&text, settings->request_timeout_ms);
    if (settings->proxy != NULL) {
        add_route(&text, &settings->proxy->for_http);
        add_route(&text, &settings->proxy->for_https);
        add_string(&text, settings->proxy->no_proxy);
    }
    int status = text.status != 0 ? text.status : als_sha256(als_buffer_text(&text), way);
    als_buffer_wipe(&text);
    return status == 0 ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

struct als_text als_http_header(const struct als_http_response *response, const char *name)
{
    struct als_text rest = response->headers, line, wanted = als_text_of(name);
    while (als_text_next_field(&rest, '\n', &line)) {
        struct als_text field;
        if (als_text_next_field(&line, ':', &field) && line.data != NULL &&
            als_text_equal_ignoring_case(als_text_trim(field), wanted))
            return als_text_trim(line);
    }
    return (struct als_text){"", 0};
}

bool als_http_is_of_proxy(const struct als_http_response *response, const char *proof)
{
    return response->proxy != NULL && response->status != 200 &&
           als_http_header(response, proof).size == 0;
}

int64_t als_http_date_ms(const struct als_http_response *response)
{
    return als_curl_date_ms(als_http_header(response, "Date"));
}
