#include "credentials/container.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "credentials/metadata.h"

#define AGENT        "http://169.254.170.2"
#define RELATIVE_URI "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL_URI     "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define TOKEN        "AWS_CONTAINER_AUTHORIZATION_TOKEN"
#define TOKEN_FILE   "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
#define ORIGIN       "container credentials"

enum { LONGEST_URL = 4096, LONGEST_HOST = 255, LONGEST_TOKEN = 16 * 1024 };

struct als_container {
    awslogsrc_credentials head;
    char *url;
    char *token_file; /* NULL: none */
    char *token;      /* NULL: none */
};

struct container_fetcher {
    struct als_fetcher head;
    struct als_metadata_call call;
};

/* --- attempts --- */

static void answer_came(void *user_data, struct als_http_response *response)
{
    struct container_fetcher *fetcher = user_data;
    struct als_key_document document = {0};
    awslogsrc_error *error = NULL;
    int status = als_metadata_check(response, ORIGIN, &error);
    if (status == 0)
        status = als_key_document_read_json(als_buffer_text(response->body), "Token", ORIGIN,
                                            &document, &error);
    if (status != 0) {
        als_fetcher_fail(&fetcher->head, error, 0);
        return;
    }
    struct als_fetcher_find find = {
        .origin = ORIGIN, .document = &document, .server_ms = als_http_date_ms(response)};
    als_fetcher_deliver(&fetcher->head, &find);
    als_key_document_clear(&document);
}

/* Appends the header, where there is a token to send. */
static int add_token(const struct als_container *container, struct als_buffer *header,
                     awslogsrc_error **error)
{
    struct als_buffer file;
    struct als_text token = als_text_of(container->token);
    int status = 0;
    als_buffer_init(&file, LONGEST_TOKEN);
    if (container->token_file != NULL) {
        status = als_file_read(container->token_file, &file, error);
        token = als_text_trim(als_buffer_text(&file));
    }
    if (status != 0)
        als_error_prefix(error, ORIGIN ": " TOKEN_FILE ": ");
    else if (container->token_file != NULL && token.size == 0)
        status = als_error_set(error, AWSLOGSRC_E_FILE, ORIGIN ": " TOKEN_FILE ": %s is empty",
                               container->token_file);
    else if (als_text_has_control(token))
        status = als_error_set(error, AWSLOGSRC_E_FILE,
                               ORIGIN ": the authorization token has a control character");
    als_buffer_init(header, LONGEST_TOKEN + sizeof "Authorization: ");
    if (status == 0 && token.size > 0) {
        als_buffer_reserve(header, token.size + sizeof "Authorization: ");
        als_buffer_append_string(header, "Authorization: ");
        als_buffer_append_text(header, token);
    }
    als_buffer_wipe(&file);
    return status;
}

static void fetch(struct als_fetcher *head)
{
    struct container_fetcher *fetcher = (struct container_fetcher *)head;
    const struct als_container *container = (const struct als_container *)head->provider;
    struct als_buffer header;
    awslogsrc_error *error = NULL;
    int status = add_token(container, &header, &error);
    const char *const headers[] = {"Accept: application/json",
                                   header.size > 0 ? als_buffer_string(&header) : NULL, NULL};
    struct als_http_request request = {.method = "GET", .url = container->url, .headers = headers};
    if (status == 0) {
        status = als_metadata_send(&fetcher->call, head->place, &request, answer_came, fetcher);
        if (status != 0)
            als_error_set(&error, status, ORIGIN ": %s", als_error_text(status));
    }
    als_buffer_wipe(&header);
    if (status != 0)
        als_fetcher_fail(head, error, 0);
}

static void cancel(struct als_fetcher *head)
{
    als_metadata_cancel(&((struct container_fetcher *)head)->call);
}

/* --- the provider --- */

static void free_container(awslogsrc_credentials *provider)
{
    struct als_container *container = (struct als_container *)provider;
    als_free(container->url);
    als_free(container->token_file);
    als_free_secret(container->token);
    als_free(container);
}

static const struct als_provider_type container_type = {.name = "container",
                                                        .fetcher_size =
                                                            sizeof(struct container_fetcher),
                                                        .fetch = fetch,
                                                        .cancel = cancel,
                                                        .free = free_container};

bool als_container_is_configured(als_getenv *getenv)
{
    return als_environment_get(getenv, RELATIVE_URI) != NULL ||
           als_environment_get(getenv, FULL_URI) != NULL;
}

/* The host of scheme://host[:port]/..., without brackets; empty where there is none. */
static struct als_text host_of(struct als_text url)
{
    const char *start = memmem(url.data, url.size, "://", 3);
    if (start == NULL)
        return (struct als_text){"", 0};
    start += 3;
    struct als_text host = {start, strcspn(start, "/?#\\@")};
    if (host.data[host.size] == '@' || host.data[host.size] == '\\')
        return (struct als_text){"", 0}; /* what such a URL means depends on who reads it */
    if (host.size > 0 && host.data[0] == '[') {
        const char *bracket = memchr(host.data, ']', host.size);
        return bracket == NULL ? (struct als_text){"", 0}
                               : (struct als_text){start + 1, (size_t)(bracket - start) - 1};
    }
    host.size = strcspn(host.data, ":/?#");
    return host;
}

/* Whose keys they are is for everybody to read on plain HTTP: the machine itself, and the agents of
 * ECS and EKS. */
static bool is_close_by(struct als_text host)
{
    static const char *const agents[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1"};
    char text[LONGEST_HOST + 1];
    struct in_addr v4;
    struct in6_addr v6, agent;
    if (als_text_equal_ignoring_case(host, ALS_TEXT("localhost")))
        return true;
    if (host.size == 0 || host.size > LONGEST_HOST)
        return false;
    memcpy(text, host.data, host.size);
    text[host.size] = '\0';
    if (inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127)
        return true;
    for (size_t i = 0; i < sizeof agents / sizeof agents[0]; i++) {
        if (strcmp(text, agents[i]) == 0)
            return true;
        if (inet_pton(AF_INET6, text, &v6) == 1 && inet_pton(AF_INET6, agents[i], &agent) == 1 &&
            memcmp(&v6, &agent, sizeof v6) == 0)
            return true;
    }
    return false;
}

static int check_url(const char *url, awslogsrc_error **error)
{
    struct als_text text = als_text_of(url);
    struct als_text host = host_of(text);
    bool tls = als_text_starts_with(text, ALS_TEXT("https://"));
    if (!tls && !als_text_starts_with(text, ALS_TEXT("http://")))
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             FULL_URI ": is no URL with http or https and a host");
    if (host.size == 0)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, FULL_URI ": has no host");
    if (als_text_has_control(text) || strchr(url, ' ') != NULL)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, FULL_URI ": is no URL");
    if (!tls && !is_close_by(host))
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             FULL_URI ": %.*s is not asked for keys without TLS: only this machine "
                                      "and the agents of ECS and EKS are",
                             (int)(host.size > LONGEST_HOST ? LONGEST_HOST : host.size), host.data);
    return 0;
}

static char *find_url(als_getenv *getenv)
{
    const char *relative = als_environment_get(getenv, RELATIVE_URI),
               *full = als_environment_get(getenv, FULL_URI);
    struct als_buffer url;
    als_buffer_init(&url, LONGEST_URL);
    if (relative != NULL)
        als_buffer_format(&url, AGENT "%s%s", relative[0] == '/' ? "" : "/", relative);
    else
        als_buffer_append_string(&url, full == NULL ? "" : full);
    if (url.status != 0)
        als_buffer_clear(&url);
    return als_buffer_take(&url);
}

int als_container_new(als_getenv *getenv, awslogsrc_credentials **out, awslogsrc_error **error)
{
    if (!als_container_is_configured(getenv))
        return als_error_set(error, AWSLOGSRC_E_NO_CREDENTIALS,
                             ORIGIN ": neither " RELATIVE_URI " nor " FULL_URI " is set");
    const char *file = als_environment_get(getenv, TOKEN_FILE);
    const char *token = file != NULL ? NULL : als_environment_get(getenv, TOKEN);
    struct als_container *container = als_new(sizeof *container);
    if (container == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_provider_init(&container->head, &container_type);
    container->url = find_url(getenv);
    container->token_file = file == NULL ? NULL : als_copy_string(file);
    container->token = token == NULL ? NULL : als_copy_string(token);
    int status = 0;
    if (container->url == NULL || (file != NULL && container->token_file == NULL) ||
        (token != NULL && container->token == NULL))
        status = als_error_set(error, AWSLOGSRC_E_NO_MEMORY, ORIGIN ": out of memory");
    else if (token != NULL && als_text_has_control(als_text_of(token)))
        status = als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, TOKEN ": has a control character");
    else
        status = check_url(container->url, error);
    if (status != 0)
        als_provider_unref(&container->head);
    else
        *out = &container->head;
    return status;
}
