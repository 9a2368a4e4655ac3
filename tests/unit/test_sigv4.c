#include "testing.h"

#include <glob.h>

#include <cjson/cJSON.h>

#include "aws/canonical_request.h"
#include "aws/endpoint.h"
#include "aws/sigv4.h"
#include "awslogsrc/error.h"
#include "base/calendar.h"

enum { MOST_HEADERS = 32, SUITE_TIME_S = 1440938160 /* 2015-08-30T12:36:00Z */ };

#define EXAMPLE_SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

/* One vector, whatever it was read from. A stage that the source does not have is empty. */
struct vector {
    const char *name;
    struct als_sigv4_keys keys;
    struct als_sigv4_request request;
    struct als_sigv4_header headers[MOST_HEADERS];
    struct als_text canonical_request;
    struct als_text string_to_sign;
    struct als_text signing_key_hex;
    struct als_text signature;
    struct als_text authorization;
};

static void add_header(struct vector *vector, struct als_text name, struct als_text value)
{
    assert_true(vector->request.header_count < MOST_HEADERS);
    vector->headers[vector->request.header_count++] = (struct als_sigv4_header){name, value};
    vector->request.headers = vector->headers;
}

static void compare_stage(const char *name, const char *stage, struct als_text expected,
                          const struct als_buffer *actual)
{
    assert_int_equal(actual->status, 0);
    if (expected.data != NULL && !als_text_equal(expected, als_buffer_text(actual)))
        fail_msg("%s: %s is\n%s\nexpected\n%.*s", name, stage, als_buffer_string(actual),
                 (int)expected.size, expected.data);
}

static void compare_every_stage(const struct vector *vector)
{
    struct als_sigv4_signer signer = {0};
    struct als_buffer out;
    struct als_buffer canonical;
    als_buffer_init(&out, 1 << 20);
    als_buffer_init(&canonical, 1 << 20);
    assert_int_equal(als_canonical_request_write(&vector->request, &canonical), 0);
    compare_stage(vector->name, "canonical request", vector->canonical_request, &canonical);
    assert_int_equal(als_sigv4_string_to_sign(&vector->request, als_buffer_text(&canonical), &out),
                     0);
    compare_stage(vector->name, "string to sign", vector->string_to_sign, &out);
    als_buffer_reset(&out);
    assert_int_equal(als_sigv4_authorization(&signer, &vector->keys, &vector->request, &out), 0);
    compare_stage(vector->name, "authorization", vector->authorization, &out);
    const char *signature = strstr(als_buffer_string(&out), "Signature=");
    assert_non_null(signature);
    if (!als_text_equal(als_text_of(signature + strlen("Signature=")), vector->signature))
        fail_msg("%s: %s, expected %.*s", vector->name, signature, (int)vector->signature.size,
                 vector->signature.data);
    als_buffer_reset(&out);
    als_buffer_append_hex(&out, signer.key, sizeof signer.key);
    compare_stage(vector->name, "signing key", vector->signing_key_hex, &out);
    als_buffer_clear(&canonical);
    als_buffer_clear(&out);
}

/* Raw HTTP requests, as both official suites have them. */

static void cut_line(struct als_text *rest, struct als_text *line)
{
    if (!als_text_next_field(rest, '\n', line))
        *line = (struct als_text){"", 0};
}

static void read_request_line(struct als_text line, struct als_sigv4_request *request)
{
    struct als_text target;
    assert_true(als_text_next_field(&line, ' ', &request->method));
    assert_true(line.size > strlen(" HTTP/1.1"));
    target = (struct als_text){line.data, line.size - strlen(" HTTP/1.1")};
    assert_true(als_text_next_field(&target, '?', &request->path));
    request->query = target;
}

static bool is_folded(struct als_text rest)
{
    return rest.size > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t');
}

static void read_raw_request(struct als_text rest, struct vector *vector)
{
    struct als_text line;
    cut_line(&rest, &line);
    read_request_line(line, &vector->request);
    for (cut_line(&rest, &line); line.size > 0; cut_line(&rest, &line)) {
        struct als_text name;
        struct als_text more;
        while (is_folded(rest)) {
            cut_line(&rest, &more);
            line.size = (size_t)(more.data + more.size - line.data);
        }
        assert_true(als_text_next_field(&line, ':', &name));
        add_header(vector, name, line);
    }
    vector->request.body = als_text_trim(rest); /* the files may end in a newline */
}

static struct als_text find_header(const struct vector *vector, const char *name)
{
    for (size_t i = 0; i < vector->request.header_count; i++) {
        if (als_text_equal_ignoring_case(vector->headers[i].name, als_text_of(name)))
            return als_text_trim(vector->headers[i].value);
    }
    return (struct als_text){NULL, 0};
}

/* The file whose path is base, cut by so many characters, and name. */
static char *read_beside(const char *base, size_t cut, const char *name)
{
    struct als_buffer path;
    als_buffer_init(&path, 4096);
    als_buffer_append(&path, base, strlen(base) - cut);
    als_buffer_append_string(&path, name);
    char *data = test_read_file(als_buffer_string(&path), NULL);
    als_buffer_clear(&path);
    return data;
}

static const char *string_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static void read_context(const cJSON *context, struct vector *vector)
{
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(context, "credentials");
    const cJSON *normalize = cJSON_GetObjectItemCaseSensitive(context, "normalize");
    const cJSON *omit = cJSON_GetObjectItemCaseSensitive(context, "omit_session_token");
    const char *token = string_of(keys, "token");
    vector->keys = (struct als_sigv4_keys){string_of(keys, "access_key_id"),
                                           string_of(keys, "secret_access_key"), token};
    vector->request.region = als_text_of(string_of(context, "region"));
    vector->request.service = als_text_of(string_of(context, "service"));
    vector->request.verbatim_path = cJSON_IsFalse(normalize);
    assert_true(als_calendar_from_rfc3339(als_text_of(string_of(context, "timestamp")),
                                          &vector->request.time_ms));
    if (token != NULL && !cJSON_IsTrue(omit))
        add_header(vector, ALS_TEXT("X-Amz-Security-Token"), als_text_of(token));
}

static void run_aws_c_auth_case(const char *context_path)
{
    struct vector vector = {.name = context_path};
    size_t cut = strlen("context.json");
    struct vector signed_request = {0};
    struct als_buffer body_digest;
    char date[ALS_AMZ_DATE_SIZE];
    char *files[] = {read_beside(context_path, cut, "request.txt"),
                     read_beside(context_path, cut, "header-canonical-request.txt"),
                     read_beside(context_path, cut, "header-string-to-sign.txt"),
                     read_beside(context_path, cut, "header-signature.txt"),
                     read_beside(context_path, cut, "header-signed-request.txt"),
                     read_beside(context_path, cut, "context.json")};
    cJSON *context = cJSON_Parse(files[5]);
    assert_non_null(context);
    read_raw_request(als_text_of(files[0]), &vector);
    read_context(context, &vector);
    als_calendar_amz_date(vector.request.time_ms, date);
    add_header(&vector, ALS_TEXT("X-Amz-Date"), als_text_of(date));
    als_buffer_init(&body_digest, 64);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(context, "sign_body"))) {
        unsigned char digest[ALS_SHA256_SIZE];
        assert_int_equal(als_sha256(vector.request.body, digest), 0);
        als_buffer_append_hex(&body_digest, digest, sizeof digest);
        add_header(&vector, ALS_TEXT("x-amz-content-sha256"), als_buffer_text(&body_digest));
    }
    vector.canonical_request = als_text_trim(als_text_of(files[1]));
    vector.string_to_sign = als_text_trim(als_text_of(files[2]));
    vector.signature = als_text_trim(als_text_of(files[3]));
    read_raw_request(als_text_of(files[4]), &signed_request);
    vector.authorization = find_header(&signed_request, "Authorization");
    assert_non_null(vector.authorization.data);
    compare_every_stage(&vector);
    cJSON_Delete(context);
    als_buffer_clear(&body_digest);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        free(files[i]);
}

static void run_botocore_case(const char *path)
{
    struct vector vector = {.name = path};
    struct vector signed_request = {0};
    char *files[5];
    static const char *const suffixes[] = {".req", ".creq", ".sts", ".authz", ".sreq"};
    for (size_t i = 0; i < 5; i++)
        files[i] = read_beside(path, strlen(".req"), suffixes[i]);
    read_raw_request(als_text_of(files[0]), &vector);
    read_raw_request(als_text_of(files[4]), &signed_request);
    /* One case leaves adding the token to the signer. */
    if (strstr(files[3], "x-amz-security-token") != NULL &&
        find_header(&vector, "X-Amz-Security-Token").data == NULL)
        add_header(&vector, ALS_TEXT("X-Amz-Security-Token"),
                   find_header(&signed_request, "X-Amz-Security-Token"));
    vector.keys = (struct als_sigv4_keys){"AKIDEXAMPLE", EXAMPLE_SECRET, NULL};
    vector.request.region = ALS_TEXT("us-east-1");
    vector.request.service = ALS_TEXT("service");
    vector.request.time_ms = (int64_t)SUITE_TIME_S * 1000;
    vector.canonical_request = als_text_trim(als_text_of(files[1]));
    vector.string_to_sign = als_text_trim(als_text_of(files[2]));
    vector.authorization = als_text_trim(als_text_of(files[3]));
    const char *signature = strstr(files[3], "Signature=");
    assert_non_null(signature);
    vector.signature = als_text_trim(als_text_of(signature + strlen("Signature=")));
    compare_every_stage(&vector);
    for (size_t i = 0; i < 5; i++)
        free(files[i]);
}

/* Runs every match of two patterns below a folder of ../shared; returns how many there were. */
static size_t run_matches(const char *folder, const char *const patterns[2],
                          void (*run)(const char *path))
{
    const char *root = test_shared_path(folder);
    if (root == NULL)
        return 0;
    glob_t found = {0};
    for (size_t i = 0; i < 2 && patterns[i] != NULL; i++) {
        char pattern[4096];
        (void)snprintf(pattern, sizeof pattern, "%s/%s", root, patterns[i]);
        (void)glob(pattern, i == 0 ? 0 : GLOB_APPEND, NULL, &found);
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        run(found.gl_pathv[i]);
    size_t count = found.gl_pathc;
    globfree(&found);
    printf("%s: %zu vectors\n", folder, count);
    return count;
}

static void test_sigv4__aws_c_auth_suite__agrees_in_every_stage(void **state)
{
    (void)state;
    static const char *const patterns[2] = {"*/context.json", NULL};
    size_t count = run_matches("data/sigv4/aws-c-auth-v4", patterns, run_aws_c_auth_case);
    if (count == 0)
        skip();
    assert_int_equal(count, 38);
}

static void test_sigv4__botocore_suite__agrees_in_every_stage(void **state)
{
    (void)state;
    static const char *const patterns[2] = {"*/*.req", "*/*/*.req"};
    size_t count = run_matches("data/sigv4/botocore-aws4_testsuite", patterns, run_botocore_case);
    if (count == 0)
        skip();
    assert_int_equal(count, 34);
}

/* Vectors in JSON: a URL, and headers as an object or as a list of pairs. */

/* The host as the library would send it, and path and query as the vector has them. */
static void read_url(const char *url, struct vector *vector, struct als_endpoint *endpoint)
{
    const char *authority = strstr(url, "://");
    assert_non_null(authority);
    size_t size = 3 + strcspn(authority + 3, "/?");
    struct als_endpoint_query query = {
        .service = vector->request.service,
        .region = vector->request.region,
        .override_url = {url, (size_t)(authority - url) + size},
    };
    assert_int_equal(als_endpoint_resolve(&query, endpoint, NULL), 0);
    struct als_text target = als_text_of(authority + size);
    (void)als_text_next_field(&target, '?', &vector->request.path);
    vector->request.query = target;
}

static int64_t ms_of_amz_date(const char *date)
{
    char text[32];
    int64_t ms = -1;
    assert_int_equal(strlen(date), ALS_AMZ_DATE_SIZE - 1);
    (void)snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", date, date + 4, date + 6,
                   date + 9, date + 11, date + 13);
    assert_true(als_calendar_from_rfc3339(als_text_of(text), &ms));
    return ms;
}

static void run_json_vector(const cJSON *json)
{
    struct vector vector = {.name = string_of(json, "name")};
    struct als_endpoint endpoint;
    const cJSON *header = NULL;
    const char *token = string_of(json, "session_token");
    const char *date = string_of(json, "amz_date");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(json, "body");
    vector.keys = (struct als_sigv4_keys){string_of(json, "access_key_id"),
                                          string_of(json, "secret_access_key"), token};
    vector.request.method = als_text_of(string_of(json, "method"));
    vector.request.region = als_text_of(string_of(json, "region"));
    vector.request.service = als_text_of(string_of(json, "service"));
    vector.request.time_ms = ms_of_amz_date(date);
    vector.request.body = als_text_of(cJSON_GetStringValue(body));
    read_url(string_of(json, "url"), &vector, &endpoint);
    cJSON_ArrayForEach(header, cJSON_GetObjectItemCaseSensitive(json, "headers_before_signing"))
    {
        bool pair = cJSON_IsArray(header);
        const char *name = pair ? cJSON_GetArrayItem(header, 0)->valuestring : header->string;
        const cJSON *value = pair ? cJSON_GetArrayItem(header, 1) : header;
        add_header(&vector, als_text_of(name), als_text_of(cJSON_GetStringValue(value)));
    }
    add_header(&vector, ALS_TEXT("Host"), als_text_of(endpoint.host));
    add_header(&vector, ALS_TEXT("X-Amz-Date"), als_text_of(date));
    if (token != NULL)
        add_header(&vector, ALS_TEXT("X-Amz-Security-Token"), als_text_of(token));
    vector.canonical_request = als_text_of(string_of(json, "canonical_request"));
    vector.string_to_sign = als_text_of(string_of(json, "string_to_sign"));
    vector.signing_key_hex = als_text_of(string_of(json, "signing_key_hex"));
    vector.signature = als_text_of(string_of(json, "signature"));
    vector.authorization = als_text_of(string_of(json, "authorization"));
    compare_every_stage(&vector);
}

static int run_json_vectors(const char *path)
{
    char *text = test_read_file(path, NULL);
    cJSON *list = cJSON_Parse(text);
    const cJSON *vector = NULL;
    assert_non_null(list);
    cJSON_ArrayForEach(vector, list) run_json_vector(vector);
    int count = cJSON_GetArraySize(list);
    printf("%s: %d vectors\n", strrchr(path, '/') + 1, count);
    cJSON_Delete(list);
    free(text);
    return count;
}

static void test_sigv4__requests_of_logs_and_sts__agree_in_every_stage(void **state)
{
    (void)state;
    const char *path = test_shared_path("data/sigv4/cwl-vectors.json");
    if (path == NULL)
        skip();
    else
        assert_int_equal(run_json_vectors(path), 9);
}

static void test_sigv4__committed_vectors__agree_in_every_stage(void **state)
{
    (void)state;
    assert_int_equal(run_json_vectors(test_fixture_path("sigv4_vectors.json")), 52);
}

/* The derived key, and limits. */

static struct als_sigv4_request plain_request(void)
{
    return (struct als_sigv4_request){.method = ALS_TEXT("POST"),
                                      .region = ALS_TEXT("us-east-1"),
                                      .service = ALS_TEXT("logs"),
                                      .time_ms = (int64_t)SUITE_TIME_S * 1000};
}

static char *authorize(struct als_sigv4_signer *signer, const char *secret,
                       const struct als_sigv4_request *request)
{
    struct als_buffer out;
    struct als_sigv4_keys keys = {"AKIDEXAMPLE", secret, NULL};
    als_buffer_init(&out, 4096);
    assert_int_equal(als_sigv4_authorization(signer, &keys, request, &out), 0);
    return als_buffer_take(&out);
}

/* A signer that has a key already gives what a new one gives, and not what it gave before. */
static void assert_follows_change(const char *secret, const struct als_sigv4_request *request)
{
    struct als_sigv4_signer used = {0};
    struct als_sigv4_signer fresh = {0};
    struct als_sigv4_request before = plain_request();
    char *first = authorize(&used, EXAMPLE_SECRET, &before);
    unsigned char old_key[ALS_SHA256_SIZE];
    memcpy(old_key, used.key, sizeof old_key);
    char *from_used = authorize(&used, secret, request);
    char *from_fresh = authorize(&fresh, secret, request);
    assert_string_equal(from_used, from_fresh);
    assert_memory_not_equal(used.key, old_key, sizeof old_key);
    free(first);
    free(from_used);
    free(from_fresh);
}

static void test_sigv4_signer__next_day__derives_anew(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    request.time_ms += 86400000;
    assert_follows_change(EXAMPLE_SECRET, &request);
}

static void test_sigv4_signer__other_region__derives_anew(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    request.region = ALS_TEXT("us-east-2");
    assert_follows_change(EXAMPLE_SECRET, &request);
}

static void test_sigv4_signer__other_service__derives_anew(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    request.service = ALS_TEXT("sts");
    assert_follows_change(EXAMPLE_SECRET, &request);
}

static void test_sigv4_signer__other_secret__derives_anew(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    assert_follows_change("other" EXAMPLE_SECRET, &request);
}

static void test_sigv4_signer__same_day__keeps_the_key(void **state)
{
    (void)state;
    struct als_sigv4_signer signer = {0};
    struct als_sigv4_request request = plain_request();
    char *first = authorize(&signer, EXAMPLE_SECRET, &request);
    signer.key[0] ^= 1; /* shows in the signature if it is used again */
    char *second = authorize(&signer, EXAMPLE_SECRET, &request);
    assert_string_not_equal(first, second);
    free(first);
    free(second);
}

static void test_sigv4_signer__cleared__holds_no_key(void **state)
{
    (void)state;
    struct als_sigv4_signer signer = {0};
    const struct als_sigv4_signer zero = {0};
    struct als_sigv4_request request = plain_request();
    free(authorize(&signer, EXAMPLE_SECRET, &request));
    als_sigv4_signer_clear(&signer);
    assert_memory_equal(signer.key, zero.key, sizeof zero.key);
    assert_memory_equal(signer.source, zero.source, sizeof zero.source);
    assert_false(signer.derived);
}

/* What signing answers when the canonical request is of exactly this size. */
static int sign_canonical_size(size_t size)
{
    struct als_sigv4_request request = plain_request();
    struct als_sigv4_signer signer = {0};
    struct als_sigv4_keys keys = {"AKIDEXAMPLE", EXAMPLE_SECRET, NULL};
    struct als_sigv4_header header = {ALS_TEXT("x"), {"", 0}};
    struct als_buffer out;
    als_buffer_init(&out, 1 << 20);
    request.headers = &header;
    request.header_count = 1;
    assert_int_equal(als_canonical_request_write(&request, &out), 0);
    size_t rest = size - out.size;
    char *value = malloc(rest);
    assert_non_null(value);
    memset(value, 'v', rest);
    header.value = (struct als_text){value, rest};
    als_buffer_reset(&out);
    int status = als_sigv4_authorization(&signer, &keys, &request, &out);
    free(value);
    als_buffer_clear(&out);
    return status;
}

static void test_sigv4__canonical_request_at_the_ceiling__is_signed(void **state)
{
    (void)state;
    assert_int_equal(sign_canonical_size(ALS_SIGV4_CANONICAL_CEILING), 0);
}

static void test_sigv4__canonical_request_past_the_ceiling__is_refused(void **state)
{
    (void)state;
    assert_int_equal(sign_canonical_size(ALS_SIGV4_CANONICAL_CEILING + 1), AWSLOGSRC_E_TOO_LARGE);
}

static void test_sigv4__query_past_the_ceiling__is_refused(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    struct als_sigv4_signer signer = {0};
    struct als_sigv4_keys keys = {"AKIDEXAMPLE", EXAMPLE_SECRET, NULL};
    struct als_buffer out;
    char *query = calloc(1, ALS_SIGV4_CANONICAL_CEILING + 1);
    assert_non_null(query);
    als_buffer_init(&out, 1 << 20);
    request.query = (struct als_text){query, ALS_SIGV4_CANONICAL_CEILING + 1};
    assert_int_equal(als_sigv4_authorization(&signer, &keys, &request, &out),
                     AWSLOGSRC_E_TOO_LARGE);
    free(query);
    als_buffer_clear(&out);
}

static void test_sigv4__no_room_for_the_authorization__is_refused(void **state)
{
    (void)state;
    struct als_sigv4_request request = plain_request();
    struct als_sigv4_signer signer = {0};
    struct als_sigv4_keys keys = {"AKIDEXAMPLE", EXAMPLE_SECRET, NULL};
    struct als_buffer out;
    als_buffer_init(&out, 100);
    assert_int_equal(als_sigv4_authorization(&signer, &keys, &request, &out),
                     AWSLOGSRC_E_TOO_LARGE);
    als_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sigv4__aws_c_auth_suite__agrees_in_every_stage),
        cmocka_unit_test(test_sigv4__botocore_suite__agrees_in_every_stage),
        cmocka_unit_test(test_sigv4__requests_of_logs_and_sts__agree_in_every_stage),
        cmocka_unit_test(test_sigv4__committed_vectors__agree_in_every_stage),
        cmocka_unit_test(test_sigv4_signer__next_day__derives_anew),
        cmocka_unit_test(test_sigv4_signer__other_region__derives_anew),
        cmocka_unit_test(test_sigv4_signer__other_service__derives_anew),
        cmocka_unit_test(test_sigv4_signer__other_secret__derives_anew),
        cmocka_unit_test(test_sigv4_signer__same_day__keeps_the_key),
        cmocka_unit_test(test_sigv4_signer__cleared__holds_no_key),
        cmocka_unit_test(test_sigv4__canonical_request_at_the_ceiling__is_signed),
        cmocka_unit_test(test_sigv4__canonical_request_past_the_ceiling__is_refused),
        cmocka_unit_test(test_sigv4__query_past_the_ceiling__is_refused),
        cmocka_unit_test(test_sigv4__no_room_for_the_authorization__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
