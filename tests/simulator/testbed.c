#include "testbed.h"

#include "buffer.h"

#include <stdio.h>
#include <string.h>

struct sim_testbed sim_testbed_new(void)
{
    struct sim_testbed bed = {.service = sim_service_new(1)};
    sim_service_add_key(bed.service, "AKIDEXAMPLE", "secret", NULL);
    bed.group =
        sim_service_add_group(bed.service, SIM_TESTBED_REGION, SIM_TESTBED_GROUP, SIM_TESTBED_NOW);
    bed.client = (struct sim_client){.service = bed.service,
                                     .region = SIM_TESTBED_REGION,
                                     .access_key = "AKIDEXAMPLE",
                                     .secret_key = "secret",
                                     .now_ms = SIM_TESTBED_NOW};
    return bed;
}

void sim_testbed_free(struct sim_testbed *bed)
{
    sim_service_free(bed->service);
}

void sim_testbed_put(struct sim_testbed *bed, int64_t timestamp, const char *message)
{
    struct sim_event event = {.timestamp = timestamp,
                              .ingestion_time = timestamp,
                              .visible_at = timestamp,
                              .stream = SIM_TESTBED_STREAM,
                              .message = message,
                              .message_length = strlen(message)};
    sim_group_put(bed->group, &event);
}

void sim_testbed_ask(struct sim_testbed *bed, const char *members, struct sim_response *out)
{
    struct sim_buffer body = {0};
    sim_buffer_printf(&body, "{\"logGroupName\":\"%s\"%s}", SIM_TESTBED_GROUP, members);
    sim_buffer_add(&body, "", 1);
    sim_client_call(&bed->client, "FilterLogEvents", body.data, out);
    sim_buffer_clear(&body);
}

cJSON *sim_testbed_filter(struct sim_testbed *bed, const char *members)
{
    struct sim_response response;
    sim_testbed_ask(bed, members, &response);
    cJSON *page = cJSON_ParseWithLength(response.body, response.body_length);
    sim_response_clear(&response);
    return page;
}

void sim_testbed_token(const cJSON *page, char *out, size_t size)
{
    const cJSON *token = cJSON_GetObjectItemCaseSensitive(page, "nextToken");
    snprintf(out, size, "%s", cJSON_IsString(token) ? token->valuestring : "");
}

size_t sim_testbed_read(struct sim_testbed *bed, const char *members, size_t *pages)
{
    char token[256] = "";
    char all[1024];
    size_t events = 0;
    size_t count = 0;
    do {
        snprintf(all, sizeof all, "%s%s%s%s", members, token[0] ? ",\"nextToken\":\"" : "", token,
                 token[0] ? "\"" : "");
        cJSON *page = sim_testbed_filter(bed, all);
        events += (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(page, "events"));
        sim_testbed_token(page, token, sizeof token);
        cJSON_Delete(page);
        count++;
    } while (token[0] && count < 100000);
    if (pages)
        *pages = count;
    return events;
}
