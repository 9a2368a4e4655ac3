#include "service.h"

#include "error_writer.h"
#include "identity.h"
#include "quota.h"
#include "random.h"
#include "route.h"
#include "xml_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HUGE_BODY = 1 << 20 };

struct sim_service {
    struct sim_settings settings;
    struct sim_world world;
    struct sim_identity identity;
    struct sim_quotas quotas;
    struct sim_faults faults;
    struct sim_call_log log;
    uint64_t token_secret;
    uint64_t random; /* request ids */
};

/* Everything known about a request while it is being answered. */
struct exchange {
    struct sim_service *service;
    const struct sim_request *request;
    struct sim_response *response;
    struct sim_route route;
    struct sim_authorization authorization;
    struct sim_fault_plan plan;
    struct sim_operation operation;
    struct sim_call call;
    struct sim_buffer body;
};

/* ---- life ---- */

struct sim_service *sim_service_new(uint64_t seed)
{
    struct sim_service *service = sim_allocate(sizeof *service);
    service->settings = (struct sim_settings){
        .check_signatures = true,
        .clock_tolerance_ms = INT64_C(5) * 60 * 1000,
        .page_events = 10000,
        .page_bytes = 1 << 20,
        .token_lifetime_ms = INT64_C(24) * 60 * 60 * 1000,
        .error_prefix = "",
        .key_lifetime_ms = INT64_C(60) * 60 * 1000,
        .key_renewal_ms = INT64_C(5) * 60 * 1000,
    };
    service->world.account = "123456789012";
    service->token_secret = sim_random_mix(seed ^ 0x70c);
    service->random = sim_random_mix(seed ^ 0x1d);
    service->identity.random = sim_random_mix(seed ^ 0x1de);
    service->identity.secret = sim_random_mix(seed ^ 0x1d5);
    service->faults.random = sim_random_mix(seed ^ 0xfa);
    return service;
}

void sim_service_free(struct sim_service *service)
{
    if (!service)
        return;
    sim_world_clear(&service->world);
    sim_identity_clear(&service->identity);
    sim_quotas_clear(&service->quotas);
    sim_faults_remove_all(&service->faults);
    sim_call_log_clear(&service->log);
    free(service);
}

struct sim_world *sim_service_world(struct sim_service *service)
{
    return &service->world;
}

struct sim_group *sim_service_add_group(struct sim_service *service, const char *region,
                                        const char *name, int64_t now_ms)
{
    return sim_world_add_group(&service->world, region, name, now_ms);
}

void sim_service_add_key(struct sim_service *service, const char *access_key,
                         const char *secret_key, const char *session_token)
{
    sim_key_ring_add(&service->identity.keys, access_key, secret_key, session_token);
}

void sim_service_expire_key(struct sim_service *service, const char *access_key, int64_t at_ms)
{
    sim_key_ring_expire(&service->identity.keys, access_key, at_ms);
}

void sim_service_add_role(struct sim_service *service, const struct sim_role *role)
{
    struct sim_identity *identity = &service->identity;
    identity->roles =
        sim_reallocate(identity->roles, (identity->role_count + 1) * sizeof *identity->roles);
    identity->roles[identity->role_count++] = *role;
}

struct sim_settings *sim_service_settings(struct sim_service *service)
{
    return &service->settings;
}

void sim_service_set_quota(struct sim_service *service, const char *region, const char *operation,
                           double per_second)
{
    sim_quotas_set(&service->quotas, region ? region : "", operation, per_second);
}

void sim_service_add_fault(struct sim_service *service, const struct sim_fault *fault)
{
    sim_faults_add(&service->faults, fault);
}

void sim_service_remove_faults(struct sim_service *service)
{
    sim_faults_remove_all(&service->faults);
}

void sim_service_seed_faults(struct sim_service *service, uint64_t seed)
{
    service->faults.random = sim_random_mix(seed);
}

struct sim_call_log *sim_service_log(struct sim_service *service)
{
    return &service->log;
}

uint64_t sim_service_injected(const struct sim_service *service, enum sim_fault_kind kind)
{
    return service->faults.injected[kind];
}

/* ---- answering ---- */

/* From the credential scope; unsigned requests by host name (logs.REGION.), else the first one.
 * Metadata is of no region. */
static const char *region_name(const struct exchange *exchange, char *scratch, size_t size)
{
    enum sim_endpoint endpoint = exchange->route.endpoint;
    if (endpoint == SIM_IMDS || endpoint == SIM_CONTAINER)
        return "";
    if (exchange->authorization.region[0])
        return exchange->authorization.region;
    const char *host = sim_request_header(exchange->request, "Host");
    const char *service = endpoint == SIM_STS ? "sts." : "logs";
    const char *dot =
        host && strncmp(host, service, strlen(service)) == 0 ? strchr(host, '.') : NULL;
    if (dot) {
        snprintf(scratch, size, "%.*s", (int)strcspn(dot + 1, "."), dot + 1);
        return scratch;
    }
    const struct sim_world *world = &exchange->service->world;
    return world->region_count ? world->regions[0]->name : "";
}

static void deny(struct sim_operation *operation)
{
    const char *name = strchr(operation->name, '.');
    snprintf(operation->error.message, sizeof operation->error.message,
             "User: arn:aws:iam::123456789012:user/simulated is not authorized to perform: %s:%s "
             "on resource: arn:aws:logs:*:123456789012:log-group:*",
             name ? "sts" : "logs", name ? name + 1 : operation->name);
}

/* The faults that are an answer in themselves; false when the service is to answer. */
static bool answer_with_fault(struct exchange *exchange)
{
    static const struct {
        enum sim_fault_kind kind;
        int status;
        const char *type;
        const char *message;
    } answers[] = {
        {SIM_FAULT_THROTTLING, 400, "ThrottlingException", "Rate exceeded"},
        {SIM_FAULT_INTERNAL_ERROR, 500, "InternalFailure",
         "The request processing has failed because of an unknown error."},
        {SIM_FAULT_UNAVAILABLE, 503, "ServiceUnavailableException",
         "The service cannot complete the request."},
        {SIM_FAULT_EXPIRED_CREDENTIALS, 400, "ExpiredTokenException",
         "The security token included in the request is expired"},
        {SIM_FAULT_UNRECOGNIZED_CLIENT, 400, "UnrecognizedClientException",
         "The security token included in the request is invalid."},
        {SIM_FAULT_ACCESS_DENIED, 400, "AccessDeniedException", NULL},
    };
    struct sim_error *error = &exchange->operation.error;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (answers[i].kind != exchange->plan.kind)
            continue;
        error->status = answers[i].status;
        error->type = answers[i].type;
        if (answers[i].kind == SIM_FAULT_ACCESS_DENIED)
            deny(&exchange->operation);
        else
            snprintf(error->message, sizeof error->message, "%s", answers[i].message);
        return true;
    }
    return false;
}

static bool run_operation(struct exchange *exchange)
{
    struct sim_operation *operation = &exchange->operation;
    if (!exchange->route.run)
        return sim_operation_fail(operation, "UnknownOperationException", "%s", "");
    if (!sim_quotas_take(&exchange->service->quotas,
                         operation->region ? operation->region->name : "", operation->name,
                         operation->now_ms))
        return sim_operation_fail(operation, "ThrottlingException", "Rate exceeded");
    if (operation->endpoint == SIM_LOGS && !cJSON_IsObject(operation->input))
        return sim_operation_fail(operation, "SerializationException", "%s", "");
    return exchange->route.run(operation);
}

/* What AWS says of a region that the account has not enabled. */
static bool refuse_region(struct sim_operation *operation)
{
    if (operation->endpoint == SIM_LOGS)
        return sim_operation_fail(operation, "UnrecognizedClientException",
                                  "The security token included in the request is invalid.");
    return sim_operation_refuse(operation, 403, "RegionDisabledException",
                                "STS is not activated in this region for account:123456789012. "
                                "Your account administrator can activate STS in this region using "
                                "the IAM Console.");
}

static bool answer(struct exchange *exchange)
{
    struct sim_operation *operation = &exchange->operation;
    const struct sim_route *route = &exchange->route;
    bool regional = route->endpoint == SIM_LOGS || route->endpoint == SIM_STS;
    if (answer_with_fault(exchange))
        return false;
    if (route->signed_for && exchange->service->settings.check_signatures &&
        !sim_key_ring_check(&exchange->service->identity.keys, operation, &exchange->authorization,
                            route->signed_for))
        return false;
    if (regional && !operation->region)
        return refuse_region(operation);
    return run_operation(exchange);
}

static void redirect(struct sim_response *response)
{
    response->extra_name = "Location";
    snprintf(response->extra_value, sizeof response->extra_value, "/redirected");
}

/* Blanks behind it: what was valid stays so. */
static void inflate(struct sim_buffer *body)
{
    size_t extra = HUGE_BODY > body->length ? HUGE_BODY - body->length : 0;
    memset(sim_buffer_reserve(body, extra), ' ', extra);
    body->length += extra;
}

/* The faults that spoil an answer which was already there. */
static void spoil(struct exchange *exchange)
{
    static const enum sim_transport transports[SIM_FAULT_COUNT] = {
        [SIM_FAULT_RESET] = SIM_RESET,        [SIM_FAULT_RESET_BODY] = SIM_RESET_BODY,
        [SIM_FAULT_TRUNCATE] = SIM_TRUNCATED, [SIM_FAULT_TRUNCATE_CHUNKED] = SIM_TRUNCATED_CHUNKED,
        [SIM_FAULT_HANG] = SIM_HANG,
    };
    static const int html_statuses[SIM_FAULT_COUNT] = {
        [SIM_FAULT_HTML_ERROR] = 503, [SIM_FAULT_HTML_OK] = 200,   [SIM_FAULT_UNAUTHORIZED] = 401,
        [SIM_FAULT_FORBIDDEN] = 403,  [SIM_FAULT_NOT_FOUND] = 404, [SIM_FAULT_REDIRECT] = 302,
    };
    const struct sim_fault_plan *plan = &exchange->plan;
    struct sim_buffer *body = &exchange->body;
    if (html_statuses[plan->kind])
        sim_error_html(&exchange->operation, html_statuses[plan->kind]);
    if (plan->kind == SIM_FAULT_REDIRECT)
        redirect(exchange->response);
    else if (plan->kind == SIM_FAULT_HUGE_BODY)
        inflate(body);
    else if (plan->kind == SIM_FAULT_EMPTY_BODY)
        body->length = 0;
    else if (plan->kind == SIM_FAULT_MALFORMED && exchange->route.endpoint == SIM_STS)
        sim_xml_damage(body);
    else if (plan->kind == SIM_FAULT_MALFORMED)
        sim_json_damage(body->data, body->length, plan->random);
    exchange->response->transport = transports[plan->kind];
    size_t cut = plan->cut_at ? plan->cut_at : body->length / 2;
    exchange->response->cut_at = cut < body->length ? cut : body->length - (body->length > 0);
    exchange->response->delay_ms = plan->delay_ms;
}

static void identify(struct exchange *exchange)
{
    static const char *const types[SIM_ENDPOINT_COUNT] = {
        "application/x-amz-json-1.1", "text/plain", "application/json", "text/xml"};
    bool api = exchange->route.endpoint == SIM_LOGS || exchange->route.endpoint == SIM_STS;
    uint64_t a = sim_random_next(&exchange->service->random);
    uint64_t b = sim_random_next(&exchange->service->random);
    if (api)
        snprintf(exchange->response->request_id, sizeof exchange->response->request_id,
                 "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
                 (unsigned)(a & 0xfff), (unsigned)(b >> 48 & 0xfff),
                 (unsigned long long)(b & 0xffffffffffff));
    sim_calendar_http(exchange->operation.now_ms + exchange->plan.skew_ms,
                      exchange->response->date);
    exchange->response->content_type = types[exchange->route.endpoint];
    exchange->response->status = 200;
}

static const char *missing_member(const struct sim_fault_plan *plan)
{
    static const char *const members[] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
    if (plan->kind != SIM_FAULT_MISSING_MEMBER)
        return NULL;
    return plan->member ? plan->member : members[plan->random % (sizeof members / sizeof *members)];
}

static void prepare(struct exchange *exchange, cJSON *input, int64_t now_ms)
{
    struct sim_service *service = exchange->service;
    char scratch[65];
    sim_sigv4_parse(exchange->request, &exchange->authorization);
    const char *region = region_name(exchange, scratch, sizeof scratch);
    struct sim_fault_subject subject = {
        .region = region,
        .operation = exchange->route.operation,
        .now_ms = now_ms,
        .has_page_token = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(input, "nextToken")),
        .issues_keys = exchange->route.issues_keys,
    };
    exchange->plan = sim_faults_plan(&service->faults, &subject);
    exchange->operation = (struct sim_operation){
        .request = exchange->request,
        .response = exchange->response,
        .identity = &service->identity,
        .endpoint = exchange->route.endpoint,
        .name = exchange->route.operation,
        .missing = missing_member(&exchange->plan),
        .world = &service->world,
        .region = sim_world_region(&service->world, region),
        .settings = &service->settings,
        .now_ms = now_ms,
        .secret = service->token_secret,
        .fault = exchange->plan.kind,
        .input = input,
        .call = &exchange->call,
        .body = &exchange->body,
    };
    exchange->call = (struct sim_call){
        .time_ms = now_ms,
        .endpoint = exchange->route.endpoint,
        .region = exchange->operation.region ? exchange->operation.region->name : "",
        .operation = subject.operation,
        .start_time = INT64_MIN,
        .end_time = INT64_MAX,
        .has_token = subject.has_page_token,
        .fault = exchange->plan.kind,
    };
}

void sim_service_request(struct sim_service *service, const struct sim_request *request,
                         int64_t now_ms, struct sim_response *response)
{
    struct exchange exchange = {.service = service,
                                .request = request,
                                .response = response,
                                .route = sim_route_of(request)};
    cJSON *input = cJSON_ParseWithLength(request->body ? request->body : "", request->body_length);
    *response = (struct sim_response){0};
    prepare(&exchange, input, now_ms);
    identify(&exchange);
    if (!answer(&exchange))
        sim_error_write(&exchange.operation);
    spoil(&exchange);
    cJSON_Delete(input);

    exchange.call.status = response->status;
    exchange.call.error = response->error_type;
    sim_call_log_add(&service->log, &exchange.call, exchange.body.length);
    response->in_flight = sim_call_log_enter(&service->log, exchange.route.endpoint);
    *sim_buffer_reserve(&exchange.body, 1) = '\0';
    response->body = exchange.body.data;
    response->body_length = exchange.body.length;
}
