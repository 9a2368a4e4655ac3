#include "testing.h"

#include "aws/fault.h"
#include "awslogsrc/error.h"

static struct als_fault read_fault(int http_status, const char *error_type, const char *body)
{
    struct als_fault fault;
    als_fault_read(&fault, http_status, als_text_of(error_type), als_text_of(body));
    return fault;
}

/* Every code, in JSON as CloudWatch Logs sends it and in XML as STS does. */
static void assert_codes(int expected, const char *const *codes)
{
    for (; *codes != NULL; codes++) {
        char body[256];
        (void)snprintf(body, sizeof body, "{\"__type\":\"%s\",\"message\":\"m\"}", *codes);
        struct als_fault fault = read_fault(400, NULL, body);
        assert_string_equal(fault.aws_code, *codes);
        if (fault.code != expected)
            fail_msg("%s is %d", *codes, fault.code);
        (void)snprintf(body, sizeof body,
                       "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code></Error>"
                       "</ErrorResponse>",
                       *codes);
        fault = read_fault(403, NULL, body);
        assert_string_equal(fault.aws_code, *codes);
        assert_int_equal(fault.code, expected);
    }
}

static void test_fault__throttling_codes__are_throttled(void **state)
{
    (void)state;
    static const char *const codes[] = {"Throttling",
                                        "ThrottlingException",
                                        "ThrottledException",
                                        "RequestThrottledException",
                                        "RequestThrottled",
                                        "TooManyRequestsException",
                                        "ProvisionedThroughputExceededException",
                                        "TransactionInProgressException",
                                        "RequestLimitExceeded",
                                        "BandwidthLimitExceeded",
                                        "LimitExceededException",
                                        "SlowDown",
                                        "PriorRequestNotComplete",
                                        "EC2ThrottledException",
                                        NULL};
    assert_codes(AWSLOGSRC_E_THROTTLED, codes);
}

static void test_fault__transient_codes__are_the_service(void **state)
{
    (void)state;
    static const char *const codes[] = {
        "RequestTimeout",     "RequestTimeoutException", "InternalError",
        "InternalFailure",    "InternalServerException", "ServiceUnavailableException",
        "ServiceUnavailable", "IDPCommunicationError",   NULL};
    assert_codes(AWSLOGSRC_E_SERVICE, codes);
}

static void test_fault__definite_skew_codes__are_clock_skew(void **state)
{
    (void)state;
    static const char *const codes[] = {"RequestTimeTooSkewed", "RequestExpired",
                                        "RequestInTheFuture", NULL};
    assert_codes(AWSLOGSRC_E_CLOCK_SKEW, codes);
}

static void test_fault__expiry_codes__are_expired_credentials(void **state)
{
    (void)state;
    static const char *const codes[] = {"ExpiredTokenException", "ExpiredToken", NULL};
    assert_codes(AWSLOGSRC_E_CREDENTIALS_EXPIRED, codes);
}

static void test_fault__signature_and_key_codes__are_rejected_credentials(void **state)
{
    (void)state;
    static const char *const codes[] = {"InvalidSignatureException",
                                        "SignatureDoesNotMatch",
                                        "AuthFailure",
                                        "UnrecognizedClientException",
                                        "InvalidClientTokenId",
                                        "MissingAuthenticationToken",
                                        "MissingAuthenticationTokenException",
                                        "IncompleteSignature",
                                        "IDPRejectedClaim",
                                        "InvalidIdentityToken",
                                        NULL};
    assert_codes(AWSLOGSRC_E_CREDENTIALS_REJECTED, codes);
}

static void test_fault__authorisation_codes__are_access_denied(void **state)
{
    (void)state;
    static const char *const codes[] = {"AccessDeniedException",   "AccessDenied",
                                        "OptInRequired",           "NotAuthorized",
                                        "RegionDisabledException", NULL};
    assert_codes(AWSLOGSRC_E_ACCESS_DENIED, codes);
}

static void test_fault__missing_group__is_not_found(void **state)
{
    (void)state;
    static const char *const codes[] = {"ResourceNotFoundException", NULL};
    assert_codes(AWSLOGSRC_E_NOT_FOUND, codes);
}

static void test_fault__request_codes__are_bad_request(void **state)
{
    (void)state;
    static const char *const codes[] = {"InvalidParameterException", "ValidationException",
                                        "ValidationError",           "SerializationException",
                                        "UnknownOperationException", "InvalidOperationException",
                                        "MalformedPolicyDocument",   "PackedPolicyTooLarge",
                                        "RequestEntityTooLarge",     NULL};
    assert_codes(AWSLOGSRC_E_BAD_REQUEST, codes);
}

static void test_fault__status_without_known_code__decides(void **state)
{
    (void)state;
    static const struct {
        int http_status, code;
    } cases[] = {
        {302, AWSLOGSRC_E_PROTOCOL},      {400, AWSLOGSRC_E_BAD_REQUEST},
        {401, AWSLOGSRC_E_ACCESS_DENIED}, {403, AWSLOGSRC_E_ACCESS_DENIED},
        {404, AWSLOGSRC_E_BAD_REQUEST},   {407, AWSLOGSRC_E_PROXY},
        {408, AWSLOGSRC_E_SERVICE},       {413, AWSLOGSRC_E_BAD_REQUEST},
        {429, AWSLOGSRC_E_THROTTLED},     {500, AWSLOGSRC_E_SERVICE},
        {502, AWSLOGSRC_E_SERVICE},       {503, AWSLOGSRC_E_SERVICE},
        {504, AWSLOGSRC_E_SERVICE},       {509, AWSLOGSRC_E_THROTTLED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(read_fault(cases[i].http_status, NULL, "").code, cases[i].code);
        assert_int_equal(read_fault(cases[i].http_status, "NewException", "{}").code,
                         cases[i].code);
    }
}

static void test_fault__known_code__wins_over_status(void **state)
{
    (void)state;
    assert_int_equal(read_fault(503, "ThrottlingException", "").code, AWSLOGSRC_E_THROTTLED);
    assert_int_equal(read_fault(500, "AccessDeniedException", "").code, AWSLOGSRC_E_ACCESS_DENIED);
}

static void test_fault__bad_next_token__is_a_token_error(void **state)
{
    (void)state;
    struct als_fault fault = read_fault(400, NULL,
                                        "{\"__type\":\"InvalidParameterException\",\"message\":"
                                        "\"The specified nextToken is invalid.\"}");
    assert_int_equal(fault.code, AWSLOGSRC_E_TOKEN);
    fault =
        read_fault(403, NULL, "{\"__type\":\"AccessDeniedException\",\"message\":\"nextToken\"}");
    assert_int_equal(fault.code, AWSLOGSRC_E_ACCESS_DENIED);
    assert_int_equal(read_fault(400, NULL, "<html>nextToken</html>").code, AWSLOGSRC_E_BAD_REQUEST);
}

static void test_fault__signature_of_another_time__is_clock_skew(void **state)
{
    (void)state;
    struct als_fault fault =
        read_fault(400, NULL,
                   "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: "
                   "20260131T230000Z is now earlier than 20260131T235459Z (20260131T235959Z - 5 "
                   "min.)\"}");
    assert_int_equal(fault.code, AWSLOGSRC_E_CLOCK_SKEW);
    fault =
        read_fault(403, "InvalidSignatureException",
                   "{\"message\":\"Signature not yet current: 20260201T000000Z is still later\"}");
    assert_int_equal(fault.code, AWSLOGSRC_E_CLOCK_SKEW);
}

static void test_fault__code_with_namespace_and_address__is_bare(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "FooError", "FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/",
        "aws.protocoltests#FooError",
        "aws.protocoltests#FooError:http://internal.amazon.com/coral/#x", " FooError\r\n"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_string_equal(read_fault(400, forms[i], "").aws_code, "FooError");
}

static void test_fault__code__comes_from_header_then_code_then_type(void **state)
{
    (void)state;
    static const char body[] =
        "{\"code\":\"B\",\"__type\":\"C\",\"detail\":{\"__type\":\"D\"},\"message\":\"m\"}";
    assert_string_equal(read_fault(400, "A", body).aws_code, "A");
    assert_string_equal(read_fault(400, NULL, body).aws_code, "B");
    assert_string_equal(read_fault(400, "", "{\"__type\":\"C\"}").aws_code, "C");
    assert_string_equal(read_fault(400, "", "{\"detail\":{\"__type\":\"D\"}}").aws_code, "");
    assert_string_equal(read_fault(400, "A", "<Code>B</Code>").aws_code, "A");
}

static void test_fault__message__has_either_spelling(void **state)
{
    (void)state;
    assert_string_equal(read_fault(400, NULL, "{\"message\":\"a\"}").message, "a");
    assert_string_equal(read_fault(400, NULL, "{\"Message\":\"b\"}").message, "b");
}

static void test_fault__xml__gives_code_and_plain_message(void **state)
{
    (void)state;
    struct als_fault fault =
        read_fault(403, NULL,
                   "<?xml version=\"1.0\"?>\n<ErrorResponse "
                   "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                   "<Error>\n <Type>Sender</Type>\n <Code> InvalidClientTokenId </Code>\n "
                   "<Message>a &lt;b&gt; "
                   "&amp;lt; &#39; &quot;c&apos;</Message></Error></ErrorResponse>");
    assert_string_equal(fault.aws_code, "InvalidClientTokenId");
    assert_string_equal(fault.message, "a <b> &lt; ' \"c'");
    assert_int_equal(fault.code, AWSLOGSRC_E_CREDENTIALS_REJECTED);
}

static void test_fault__html__is_quoted_in_printable_text(void **state)
{
    (void)state;
    struct als_fault fault =
        read_fault(502, NULL,
                   "\r\n<html>\r\n<b>Bad\tGateway\x01\xff\xc3\xa9</b>\x1b[0m\xc2\x9b"
                   "1m");
    assert_string_equal(fault.message, "<html>  <b>Bad Gateway ?\xc3\xa9</b> [0m 1m");
    assert_string_equal(fault.aws_code, "");
    assert_int_equal(fault.code, AWSLOGSRC_E_SERVICE);
}

static void test_fault__empty_body__names_the_status(void **state)
{
    (void)state;
    assert_string_equal(read_fault(503, NULL, "").message, "HTTP status 503");
    assert_string_equal(read_fault(503, NULL, "[]").message, "HTTP status 503");
}

static void test_fault__long_text__is_cut_between_characters(void **state)
{
    (void)state;
    char body[4 * ALS_FAULT_MESSAGE_SIZE] = "x";
    for (size_t i = 1; i < sizeof body - 3; i += 3)
        memcpy(body + i, "\xe2\x82\xac", 4);
    struct als_fault fault = read_fault(400, body, body);
    assert_int_equal(strlen(fault.message), 1 + (ALS_FAULT_MESSAGE_SIZE - 2) / 3 * 3);
    assert_int_equal(strlen(fault.aws_code), 1 + (ALS_FAULT_CODE_SIZE - 2) / 3 * 3);
    assert_memory_equal(fault.message, body, strlen(fault.message));
}

static void test_fault__message_at_the_limit__is_whole(void **state)
{
    (void)state;
    char body[ALS_FAULT_MESSAGE_SIZE + 1] = "";
    memset(body, 'x', ALS_FAULT_MESSAGE_SIZE);
    assert_int_equal(strlen(read_fault(400, NULL, body).message), ALS_FAULT_MESSAGE_SIZE - 1);
    body[ALS_FAULT_MESSAGE_SIZE - 1] = '\0';
    assert_string_equal(read_fault(400, NULL, body).message, body);
}

static void test_fault__canonical_request__is_left_out(void **state)
{
    (void)state;
    struct als_fault fault = read_fault(
        403, NULL,
        "{\"__type\":\"InvalidSignatureException\",\"message\":\"The signature does not match. The "
        "Canonical String for this request should have been 'x-amz-security-token:SECRET'\"}");
    assert_string_equal(fault.message, "The signature does not match.");
}

static void test_fault__every_aws_error__has_a_hint(void **state)
{
    (void)state;
    for (int code = AWSLOGSRC_E_TOKEN; code <= AWSLOGSRC_E_NO_CREDENTIALS; code++)
        assert_true(strlen(als_fault_hint(code)) > 0);
    assert_string_equal(als_fault_hint(0), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault__throttling_codes__are_throttled),
        cmocka_unit_test(test_fault__transient_codes__are_the_service),
        cmocka_unit_test(test_fault__definite_skew_codes__are_clock_skew),
        cmocka_unit_test(test_fault__expiry_codes__are_expired_credentials),
        cmocka_unit_test(test_fault__signature_and_key_codes__are_rejected_credentials),
        cmocka_unit_test(test_fault__authorisation_codes__are_access_denied),
        cmocka_unit_test(test_fault__missing_group__is_not_found),
        cmocka_unit_test(test_fault__request_codes__are_bad_request),
        cmocka_unit_test(test_fault__status_without_known_code__decides),
        cmocka_unit_test(test_fault__known_code__wins_over_status),
        cmocka_unit_test(test_fault__bad_next_token__is_a_token_error),
        cmocka_unit_test(test_fault__signature_of_another_time__is_clock_skew),
        cmocka_unit_test(test_fault__code_with_namespace_and_address__is_bare),
        cmocka_unit_test(test_fault__code__comes_from_header_then_code_then_type),
        cmocka_unit_test(test_fault__message__has_either_spelling),
        cmocka_unit_test(test_fault__xml__gives_code_and_plain_message),
        cmocka_unit_test(test_fault__html__is_quoted_in_printable_text),
        cmocka_unit_test(test_fault__empty_body__names_the_status),
        cmocka_unit_test(test_fault__long_text__is_cut_between_characters),
        cmocka_unit_test(test_fault__message_at_the_limit__is_whole),
        cmocka_unit_test(test_fault__canonical_request__is_left_out),
        cmocka_unit_test(test_fault__every_aws_error__has_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
