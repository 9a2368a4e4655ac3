#include "net/http.h"

#include "net/curl.h"

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
