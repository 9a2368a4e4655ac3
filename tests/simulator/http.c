#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *sim_request_header(const struct sim_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return strcasecmp(name, "Host") == 0 ? request->host : NULL;
}

bool sim_response_header(const struct sim_response *response, size_t index, struct sim_header *out)
{
    const struct sim_header all[] = {
        {"Content-Type", response->content_type},
        {"Date", response->date[0] ? response->date : NULL},
        {"x-amzn-RequestId", response->request_id[0] ? response->request_id : NULL},
        {response->extra_name, response->extra_name ? response->extra_value : NULL},
        {"x-amzn-ErrorType", response->error_type_header ? response->error_type : NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].value)
            continue;
        if (index-- == 0) {
            *out = all[i];
            return true;
        }
    }
    return false;
}

void sim_response_finish(struct sim_response *response)
{
    if (response->in_flight)
        atomic_fetch_sub(response->in_flight, 1);
    response->in_flight = NULL;
}

void sim_response_clear(struct sim_response *response)
{
    sim_response_finish(response);
    free(response->body);
    *response = (struct sim_response){0};
}
