#ifndef SIM_SERVICE_H
#define SIM_SERVICE_H

#include "call_log.h"
#include "fault.h"
#include "http.h"
#include "identity.h"
#include "settings.h"
#include "world.h"

/*
 * AWS in a box: CloudWatch Logs, STS, and the metadata of EC2 and containers: no I/O, no clock, no
 * threads. Everything random follows from the seed. Not thread-safe: the caller locks.
 *
 *     struct sim_service *service = sim_service_new(1);
 *     sim_service_add_key(service, "AKIDEXAMPLE", "secret", NULL);
 *     struct sim_group *group = sim_service_add_group(service, "eu-west-1", "CloudTrail/logs",
 * now); sim_group_put(group, &(struct sim_event){.timestamp = ..., .stream = "s", .message = ...});
 *     sim_service_request(service, &request, now, &response);
 */
struct sim_service;

struct sim_service *sim_service_new(uint64_t seed);
void sim_service_free(struct sim_service *service);

/* ---- what exists ---- */

/* Account 123456789012. A region is enabled once it was added or has had a group. */
struct sim_world *sim_service_world(struct sim_service *service);
/* The group called so, created when missing. */
struct sim_group *sim_service_add_group(struct sim_service *service, const char *region,
                                        const char *name, int64_t now_ms);

/* ---- who may ask ---- */

/* session_token may be NULL. */
void sim_service_add_key(struct sim_service *service, const char *access_key,
                         const char *secret_key, const char *session_token);
/* From then on: ExpiredTokenException. INT64_MAX revives it. */
void sim_service_expire_key(struct sim_service *service, const char *access_key, int64_t at_ms);

/* A role for STS; its texts are borrowed. */
void sim_service_add_role(struct sim_service *service, const struct sim_role *role);

/* ---- how it behaves ---- */

struct sim_settings *sim_service_settings(struct sim_service *service);
/* Requests per second; region NULL: each region by itself; 0: none. */
void sim_service_set_quota(struct sim_service *service, const char *region, const char *operation,
                           double per_second);
void sim_service_add_fault(struct sim_service *service, const struct sim_fault *fault);
void sim_service_remove_faults(struct sim_service *service);
/* The random numbers of the probabilities, apart from everything else. */
void sim_service_seed_faults(struct sim_service *service, uint64_t seed);

/* ---- what happened ---- */

/* Set ->keep to have every call in ->calls; the counters are always there. */
struct sim_call_log *sim_service_log(struct sim_service *service);
/* How often a kind of fault was injected. */
uint64_t sim_service_injected(const struct sim_service *service, enum sim_fault_kind kind);

/* ---- the one entry ---- */

/*
 * Answers a request at the time now_ms. What is to happen to the connection is in
 * response->transport, delay_ms and cut_at, for the caller to act out. To be released with
 * sim_response_clear(); until then, or sim_response_finish(), the request counts as in flight.
 */
void sim_service_request(struct sim_service *service, const struct sim_request *request,
                         int64_t now_ms, struct sim_response *response);

#endif
