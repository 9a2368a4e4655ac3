#include "credentials/imds.h"

#include <stdio.h>
#include <string.h>

#include "aws/override_url.h"
#include "aws/profile_settings.h"
#include "base/memory.h"
#include "credentials/metadata.h"
#include "credentials/shared_files.h"

#define IPV4_ENDPOINT "http://169.254.169.254"
#define IPV6_ENDPOINT "http://[fd00:ec2::254]"
#define TTL_HEADER    "x-aws-ec2-metadata-token-ttl-seconds"
#define TOKEN_HEADER  "x-aws-ec2-metadata-token"
#define ROLES_PATH    "/latest/meta-data/iam/security-credentials/"

enum {
    LONGEST_URL = 4096,
    LONGEST_TOKEN = 1024,
    LONGEST_ROLE = 64, /* IAM and STS quotas */
    TOKEN_TTL_S = 21600,
    TOKEN_MARGIN_MS = 120000 /* a token is replaced so long before it ends */
};

struct als_imds {
    awslogsrc_credentials head;
    char *base;   /* URL without a slash at its end */
    char *origin; /* for errors: "EC2 instance metadata (http://...)" */
};

struct imds_fetcher {
    struct als_fetcher head;
    struct als_metadata_call call;
    char *token;
    int64_t token_end_ms;        /* monotonic */
    char role[LONGEST_ROLE + 1]; /* "": to be asked for */
};

/* --- attempts --- */

static const char *origin_of(const struct imds_fetcher *fetcher)
{
    return ((const struct als_imds *)fetcher->head.provider)->origin;
}

static void fail(struct imds_fetcher *fetcher, int code, const char *what)
{
    awslogsrc_error *error = NULL;
    als_error_set(&error, code, "%s: %s", origin_of(fetcher), what);
    als_fetcher_fail(&fetcher->head, error, 0);
}

static void ask(struct imds_fetcher *fetcher, const char *method, const char *path,
                const char *header, als_http_done *done)
{
    const struct als_imds *imds = (const struct als_imds *)fetcher->head.provider;
    const char *const headers[] = {header, NULL};
    struct als_buffer url;
    als_buffer_init(&url, LONGEST_URL);
    als_buffer_format(&url, "%s%s", imds->base, path);
    struct als_http_request request = {
        .method = method, .url = als_buffer_string(&url), .headers = headers};
    int status = url.status;
    if (status == 0)
        status = als_metadata_send(&fetcher->call, fetcher->head.place, &request, done, fetcher);
    als_buffer_clear(&url);
    if (status != 0)
        fail(fetcher, status, als_error_text(status));
}

static void ask_with_token(struct imds_fetcher *fetcher, const char *path, als_http_done *done)
{
    struct als_buffer header;
    als_buffer_init(&header, sizeof TOKEN_HEADER + 2 + LONGEST_TOKEN);
    als_buffer_reserve(&header, header.ceiling);
    als_buffer_format(&header, TOKEN_HEADER ": %s", fetcher->token);
    if (header.status == 0)
        ask(fetcher, "GET", path, als_buffer_string(&header), done);
    else
        fail(fetcher, header.status, "out of memory");
    als_buffer_wipe(&header);
}

static void forget_token(struct imds_fetcher *fetcher)
{
    als_free_secret(fetcher->token);
    fetcher->token = NULL;
}

/* Whether the answer is good; the attempt has ended where it is not. */
static bool check(struct imds_fetcher *fetcher, const struct als_http_response *response,
                  const char *asked_for, const char *not_found)
{
    awslogsrc_error *error = NULL;
    int status = response->status;
    if (response->code == 0 && status == 401) {
        forget_token(fetcher); /* the next attempt asks for another one */
        als_error_set(&error, AWSLOGSRC_E_SERVICE, "%s: HTTP 401: the session token was refused",
                      origin_of(fetcher));
    } else if (response->code == 0 && status == 404 && not_found != NULL) {
        als_error_set(&error, AWSLOGSRC_E_NO_CREDENTIALS, "%s: HTTP 404: %s", origin_of(fetcher),
                      not_found);
    } else if (als_metadata_check(response, origin_of(fetcher), &error) == 0) {
        return true;
    }
    als_log_write(&fetcher->head.place->loop->log, AWSLOGSRC_LOG_DEBUG, "%s: asked for %s",
                  origin_of(fetcher), asked_for);
    als_fetcher_fail(&fetcher->head, error, 0);
    return false;
}

static void document_came(void *user_data, struct als_http_response *response)
{
    struct imds_fetcher *fetcher = user_data;
    struct als_key_document document = {0};
    awslogsrc_error *error = NULL;
    bool again = response->code != 0 || response->status == 401 || response->status >= 500;
    if (!again) /* another role may be attached by the next time */
        fetcher->role[0] = '\0';
    if (!check(fetcher, response, "keys", "the role is gone"))
        return;
    if (als_key_document_read_json(als_buffer_text(response->body), "Token", origin_of(fetcher),
                                   &document, &error) != 0) {
        als_fetcher_fail(&fetcher->head, error, 0);
        return;
    }
    struct als_fetcher_find find = {.origin = origin_of(fetcher),
                                    .document = &document,
                                    .server_ms = als_http_date_ms(response),
                                    .outlive = true};
    als_fetcher_deliver(&fetcher->head, &find);
    als_key_document_clear(&document);
}

static void ask_for_document(struct imds_fetcher *fetcher)
{
    char path[sizeof ROLES_PATH + LONGEST_ROLE];
    (void)snprintf(path, sizeof path, "%s%s", ROLES_PATH, fetcher->role);
    ask_with_token(fetcher, path, document_came);
}

/* IAM: [\w+=,.@-]+ */
static bool is_role(struct als_text name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && strchr("_+=,.@-", c) == NULL)
            return false;
    }
    return name.size <= LONGEST_ROLE;
}

static void roles_came(void *user_data, struct als_http_response *response)
{
    struct imds_fetcher *fetcher = user_data;
    if (!check(fetcher, response, "roles", "the instance has no role"))
        return;
    struct als_text rest = als_text_trim(als_buffer_text(response->body)), role = {0};
    if (rest.size > 0)
        (void)als_text_next_field(&rest, '\n', &role);
    role = als_text_trim(role);
    if (role.size == 0) {
        fail(fetcher, AWSLOGSRC_E_NO_CREDENTIALS, "the instance has no role: the list is empty");
        return;
    }
    if (!is_role(role) || memchr(role.data, '\0', role.size) != NULL) {
        fail(fetcher, AWSLOGSRC_E_PROTOCOL, "what should be the name of a role is none");
        return;
    }
    memcpy(fetcher->role, role.data, role.size);
    fetcher->role[role.size] = '\0';
    ask_for_document(fetcher);
}

static void go_on(struct imds_fetcher *fetcher)
{
    if (fetcher->role[0] != '\0')
        ask_for_document(fetcher);
    else
        ask_with_token(fetcher, ROLES_PATH, roles_came);
}

static void keep_token(struct imds_fetcher *fetcher, const struct als_http_response *response)
{
    int64_t ttl_s = TOKEN_TTL_S;
    struct als_text token = als_text_trim(als_buffer_text(response->body));
    forget_token(fetcher);
    if (token.size == 0 || token.size > LONGEST_TOKEN || als_text_has_control(token) ||
        memchr(token.data, ' ', token.size) != NULL) {
        fail(fetcher, AWSLOGSRC_E_PROTOCOL, "what should be a session token is none");
        return;
    }
    if (!als_text_to_int64(als_http_header(response, TTL_HEADER), &ttl_s) || ttl_s < 1 ||
        ttl_s > TOKEN_TTL_S)
        ttl_s = TOKEN_TTL_S;
    fetcher->token = als_copy_bytes(token.data, token.size);
    fetcher->token_end_ms = response->sent_ms + ttl_s * 1000;
    if (fetcher->token == NULL)
        fail(fetcher, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    else
        go_on(fetcher);
}

/* The answer to the PUT comes with a low time to live, which is 1 unless somebody raised it: behind
 * a container's bridge it never arrives, and nothing says why. */
static void token_came(void *user_data, struct als_http_response *response)
{
    struct imds_fetcher *fetcher = user_data;
    if (response->code == AWSLOGSRC_E_TIMEOUT) {
        fail(fetcher, AWSLOGSRC_E_TIMEOUT,
             "no answer. In a container the hop limit of the metadata's answers is too low: raise "
             "HttpPutResponseHopLimit to 2 (aws ec2 modify-instance-metadata-options "
             "--http-put-response-hop-limit 2). Outside of EC2 there is none: set access_key and "
             "secret_key, or another authentication_method");
        return;
    }
    if (response->code == 0 && response->status == 403) {
        fail(fetcher, AWSLOGSRC_E_NO_CREDENTIALS,
             "HTTP 403: the instance's metadata is switched off, or closed to this machine");
        return;
    }
    if (check(fetcher, response, "a session token", NULL))
        keep_token(fetcher, response);
}

static void fetch(struct als_fetcher *head)
{
    struct imds_fetcher *fetcher = (struct imds_fetcher *)head;
    int64_t now = als_loop_now_ms(head->place->loop);
    if (fetcher->token != NULL && now < fetcher->token_end_ms - TOKEN_MARGIN_MS)
        go_on(fetcher);
    else
        ask(fetcher, "PUT", "/latest/api/token", TTL_HEADER ": 21600", token_came);
}

static void cancel(struct als_fetcher *head)
{
    als_metadata_cancel(&((struct imds_fetcher *)head)->call);
}

static void close_fetcher(struct als_fetcher *head)
{
    forget_token((struct imds_fetcher *)head);
}

/* --- the provider --- */

static void free_imds(awslogsrc_credentials *provider)
{
    struct als_imds *imds = (struct als_imds *)provider;
    als_free(imds->base);
    als_free(imds->origin);
    als_free(imds);
}

static const struct als_provider_type imds_type = {.name = "imds",
                                                   .fetcher_size = sizeof(struct imds_fetcher),
                                                   .fetch = fetch,
                                                   .cancel = cancel,
                                                   .close = close_fetcher,
                                                   .free = free_imds};

static bool is_set(const char *text)
{
    return text != NULL && *text != '\0';
}

static int find_endpoint(const struct als_imds_config *config, const char **out,
                         awslogsrc_error **error)
{
    const char *mode = is_set(config->endpoint_mode) ? config->endpoint_mode : "IPv4";
    *out = config->endpoint;
    if (is_set(config->endpoint))
        return 0;
    if (als_text_equal_ignoring_case(als_text_of(mode), ALS_TEXT("IPv4")))
        *out = IPV4_ENDPOINT;
    else if (als_text_equal_ignoring_case(als_text_of(mode), ALS_TEXT("IPv6")))
        *out = IPV6_ENDPOINT;
    else
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: %s is neither IPv4 nor IPv6",
                             mode);
    return 0;
}

static int parse_endpoint(const char *url, struct als_endpoint *out, awslogsrc_error **error)
{
    int status = als_override_url_parse(als_text_of(url), "ec2_metadata_endpoint", out, error);
    size_t size = strlen(out->path);
    if (status == 0 && size > 0 && out->path[size - 1] == '/')
        out->path[size - 1] = '\0';
    return status;
}

static char *format(const char *pattern, const struct als_endpoint *endpoint, const char *path)
{
    struct als_buffer text;
    als_buffer_init(&text, LONGEST_URL);
    als_buffer_append_string(&text, pattern);
    als_buffer_format(&text, "%s://%s%s%s", endpoint->scheme, endpoint->host, path,
                      *pattern == '\0' ? "" : ")");
    if (text.status != 0)
        als_buffer_clear(&text);
    return als_buffer_take(&text);
}

int als_imds_new(const struct als_imds_config *config, awslogsrc_credentials **out,
                 awslogsrc_error **error)
{
    const char *url = NULL;
    struct als_endpoint endpoint = {0};
    if (config->disabled != NULL &&
        als_text_equal_ignoring_case(als_text_of(config->disabled), ALS_TEXT("true")))
        return als_error_set(error, AWSLOGSRC_E_NO_CREDENTIALS,
                             "EC2 instance metadata: AWS_EC2_METADATA_DISABLED is true");
    int status = find_endpoint(config, &url, error);
    if (status == 0)
        status = parse_endpoint(url, &endpoint, error);
    if (status != 0)
        return status;
    struct als_imds *imds = als_new(sizeof *imds);
    if (imds == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_provider_init(&imds->head, &imds_type);
    imds->base = format("", &endpoint, endpoint.path);
    imds->origin = format("EC2 instance metadata (", &endpoint, "");
    if (imds->base == NULL || imds->origin == NULL) {
        als_provider_unref(&imds->head);
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    }
    *out = &imds->head;
    return 0;
}

static void complete(const char **setting, const char *value)
{
    if (!is_set(*setting))
        *setting = value;
}

int als_imds_new_from_environment(const struct als_imds_config *config, const char *profile,
                                  als_getenv *getenv, awslogsrc_credentials **out,
                                  awslogsrc_error **error)
{
    struct als_imds_config all = *config;
    struct als_shared_files files = {0};
    struct als_profile_file file = {0};
    complete(&all.endpoint, getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT"));
    complete(&all.endpoint_mode, getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
    complete(&all.disabled, getenv("AWS_EC2_METADATA_DISABLED"));
    /* Files that are not there, or make no sense, are the profile provider's business. */
    if (!is_set(all.endpoint) && als_shared_files_find(&files, profile, getenv, NULL) == 0 &&
        als_shared_files_read(&files, &file, NULL) == 0) {
        complete(&all.endpoint,
                 als_profile_settings_get(&file, files.profile, "ec2_metadata_service_endpoint"));
        complete(
            &all.endpoint_mode,
            als_profile_settings_get(&file, files.profile, "ec2_metadata_service_endpoint_mode"));
    }
    int status = als_imds_new(&all, out, error);
    als_profile_file_clear(&file);
    als_shared_files_clear(&files);
    return status;
}
