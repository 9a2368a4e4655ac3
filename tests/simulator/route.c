#include "route.h"

#include "form.h"

#include <stdlib.h>
#include <string.h>

#define METADATA "/latest/meta-data/"
#define ROLES    METADATA "iam/security-credentials"

static const struct sim_route unknown = {SIM_LOGS, "", NULL, "logs", false};

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_path(const char *path, const char *wanted)
{
    return strcmp(path, wanted) == 0;
}

static struct sim_route logs_route(const char *target)
{
    static const struct sim_route routes[] = {
        {SIM_LOGS, "FilterLogEvents", sim_filter_log_events, "logs", false},
        {SIM_LOGS, "DescribeLogGroups", sim_describe_log_groups, "logs", false},
        {SIM_LOGS, "DescribeLogStreams", sim_describe_log_streams, "logs", false},
    };
    static const char prefix[] = "Logs_20140328.";
    if (!starts_with(target, prefix))
        return unknown;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(target + sizeof prefix - 1, routes[i].operation) == 0)
            return routes[i];
    return unknown;
}

static struct sim_route sts_route(const struct sim_request *request)
{
    static const struct sim_route routes[] = {
        {SIM_STS, "sts.AssumeRole", sim_sts_assume_role, "sts", true},
        {SIM_STS, "sts.AssumeRoleWithWebIdentity", sim_sts_web_identity, NULL, true},
        {SIM_STS, "sts.GetCallerIdentity", sim_sts_caller_identity, "sts", false},
    };
    struct sim_route route = {SIM_STS, "sts.other", NULL, NULL, false};
    char *action = sim_form_value(request, "Action");
    for (size_t i = 0; action && i < sizeof routes / sizeof *routes; i++)
        if (strcmp(action, routes[i].operation + strlen("sts.")) == 0)
            route = routes[i];
    free(action);
    return route;
}

static struct sim_route imds_route(const char *path)
{
    if (is_path(path, "/latest/api/token"))
        return (struct sim_route){SIM_IMDS, "imds.token", sim_imds_token, NULL, false};
    if (is_path(path, ROLES) || is_path(path, ROLES "/"))
        return (struct sim_route){SIM_IMDS, "imds.roles", sim_imds_roles, NULL, false};
    if (starts_with(path, ROLES "/"))
        return (struct sim_route){SIM_IMDS, "imds.role", sim_imds_role, NULL, true};
    if (is_path(path, METADATA "placement/region"))
        return (struct sim_route){SIM_IMDS, "imds.region", sim_imds_region, NULL, false};
    return (struct sim_route){SIM_IMDS, "imds.other", sim_imds_other, NULL, false};
}

struct sim_route sim_route_of(const struct sim_request *request)
{
    const char *path = request->path ? request->path : "/";
    const char *target = sim_request_header(request, "X-Amz-Target");
    const char *type = sim_request_header(request, "Content-Type");
    bool versioned = starts_with(path, "/20") && strlen(path) > 11 && path[5] == '-';
    if (starts_with(path, "/latest/") || versioned)
        return imds_route(path);
    if (starts_with(path, "/v2/credentials/") || starts_with(path, "/v1/credentials"))
        return (struct sim_route){SIM_CONTAINER, "container.credentials", sim_container_credentials,
                                  NULL, true};
    if (strcmp(request->method, "POST") != 0)
        return unknown;
    if (target)
        return logs_route(target);
    return type && starts_with(type, "application/x-www-form-urlencoded") ? sts_route(request)
                                                                          : unknown;
}
