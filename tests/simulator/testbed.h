#ifndef SIM_TESTBED_H
#define SIM_TESTBED_H

#include "client.h"

#include <cjson/cJSON.h>

#define SIM_TESTBED_NOW    INT64_C(1769903999000) /* 2026-01-31T23:59:59Z */
#define SIM_TESTBED_GROUP  "CloudTrail/logs"
#define SIM_TESTBED_REGION "eu-west-1"
#define SIM_TESTBED_STREAM "123456789012_CloudTrail_eu-west-1"

/* A service with one key and one empty group, and a client at the time NOW: what most tests need.
 */
struct sim_testbed {
    struct sim_service *service;
    struct sim_group *group;
    struct sim_client client;
};

struct sim_testbed sim_testbed_new(void);
void sim_testbed_free(struct sim_testbed *bed);
/* An event of the one stream, ingested and visible at its own time. */
void sim_testbed_put(struct sim_testbed *bed, int64_t timestamp, const char *message);
/* FilterLogEvents of the group; `members` are further ones, as ",\"limit\":1". */
void sim_testbed_ask(struct sim_testbed *bed, const char *members, struct sim_response *out);
/* The same, with the body parsed; NULL when it is no JSON. The caller deletes it. */
cJSON *sim_testbed_filter(struct sim_testbed *bed, const char *members);
/* All pages of a chain: the number of events; pages is optional. */
size_t sim_testbed_read(struct sim_testbed *bed, const char *members, size_t *pages);
/* Copies the nextToken of a parsed page, "" without. */
void sim_testbed_token(const cJSON *page, char *out, size_t size);

#endif
