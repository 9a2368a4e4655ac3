#include "testing.h"

#include "aws/signed_request.h"

enum { NOON_S = 1772366400 /* 2026-03-01T12:00:00Z */ };

static const struct als_sigv4_keys keys = {"AKID", "secret", NULL};
static const struct als_sigv4_keys temporary = {"AKID", "secret", "token"};

static struct als_signed_request_config config_of(const struct als_endpoint *endpoint)
{
    return (struct als_signed_request_config){.endpoint = endpoint,
                                              .service = "logs",
                                              .content_type = "text/plain",
                                              .body = ALS_TEXT("body"),
                                              .time_ms = (int64_t)NOON_S * 1000};
}

static struct als_endpoint endpoint_of(void)
{
    struct als_endpoint endpoint;
    const struct als_endpoint_query query = {.service = ALS_TEXT("logs"),
                                             .region = ALS_TEXT("eu-west-1")};
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), 0);
    return endpoint;
}

/* The header's value; NULL: none. */
static const char *find(const struct als_signed_request *request, const char *name)
{
    size_t size = strlen(name);
    for (const char *const *line = request->headers; *line != NULL; line++) {
        if (strncmp(*line, name, size) == 0 && strncmp(*line + size, ": ", 2) == 0)
            return *line + size + 2;
    }
    return NULL;
}

static void make(struct als_signed_request *request, struct als_text target,
                 const struct als_sigv4_keys *signing)
{
    struct als_sigv4_signer signer = {0};
    const struct als_endpoint endpoint = endpoint_of();
    struct als_signed_request_config config = config_of(&endpoint);
    config.target = target;
    assert_int_equal(als_signed_request_init(request, &config, &signer, signing), 0);
    als_sigv4_signer_clear(&signer);
}

static void test_signed_request__keys__signs_every_header(void **state)
{
    struct als_signed_request request;
    (void)state;
    make(&request, ALS_TEXT("Logs.Read"), &keys);
    assert_string_equal(find(&request, "Host"), "logs.eu-west-1.amazonaws.com");
    assert_string_equal(find(&request, "X-Amz-Date"), "20260301T120000Z");
    assert_string_equal(find(&request, "X-Amz-Target"), "Logs.Read");
    assert_string_equal(find(&request, "Content-Type"), "text/plain");
    const char *authorization = find(&request, "Authorization");
    assert_non_null(authorization);
    assert_non_null(strstr(authorization, "AKID/20260301/eu-west-1/logs/aws4_request"));
    assert_non_null(
        strstr(authorization, "SignedHeaders=content-type;host;x-amz-date;x-amz-target,"));
    als_signed_request_clear(&request);
}

static void test_signed_request__temporary_keys__send_and_sign_their_token(void **state)
{
    struct als_signed_request request;
    (void)state;
    make(&request, ALS_TEXT(""), &temporary);
    assert_string_equal(find(&request, "X-Amz-Security-Token"), "token");
    assert_null(find(&request, "X-Amz-Target"));
    assert_non_null(strstr(find(&request, "Authorization"), "x-amz-security-token,"));
    als_signed_request_clear(&request);
}

static void test_signed_request__no_keys__is_not_signed(void **state)
{
    struct als_signed_request request;
    (void)state;
    make(&request, ALS_TEXT(""), NULL);
    assert_null(find(&request, "Authorization"));
    assert_null(find(&request, "X-Amz-Security-Token"));
    assert_non_null(find(&request, "Host"));
    als_signed_request_clear(&request);
}

static void test_signed_request__token_beyond_all_measure__is_refused(void **state)
{
    enum { SIZE = 65 * 1024 };
    struct als_signed_request request;
    struct als_sigv4_signer signer = {0};
    const struct als_endpoint endpoint = endpoint_of();
    const struct als_signed_request_config config = config_of(&endpoint);
    char *token = calloc(1, SIZE + 1);
    (void)state;
    assert_non_null(token);
    memset(token, 'x', SIZE);
    const struct als_sigv4_keys long_keys = {"AKID", "secret", token};
    assert_int_equal(als_signed_request_init(&request, &config, &signer, &long_keys),
                     AWSLOGSRC_E_TOO_LARGE);
    als_signed_request_clear(&request);
    als_sigv4_signer_clear(&signer);
    free(token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signed_request__keys__signs_every_header),
        cmocka_unit_test(test_signed_request__temporary_keys__send_and_sign_their_token),
        cmocka_unit_test(test_signed_request__no_keys__is_not_signed),
        cmocka_unit_test(test_signed_request__token_beyond_all_measure__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
