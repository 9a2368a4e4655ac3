#include "testing.h"

#include "aws/form.h"
#include "aws/key_document.h"

#define KEYS         "\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"sec/ret\""
#define XML(content) "<R xmlns='u'><Audience>x</Audience><Credentials>" content "</Credentials></R>"
#define XML_KEYS     "<AccessKeyId>AKID</AccessKeyId>\n <SecretAccessKey> sec/ret </SecretAccessKey>"

static struct als_key_document document;
static awslogsrc_error *error;

static int read_json(const char *text)
{
    return als_key_document_read_json(als_text_of(text), "Token", "origin", &document, &error);
}

static int read_xml(const char *text)
{
    return als_key_document_read_xml(als_text_of(text), "origin", &document, &error);
}

static int teardown(void **state)
{
    (void)state;
    als_key_document_clear(&document);
    als_error_free(error);
    error = NULL;
    return 0;
}

static void assert_says(int status, int code, const char *text)
{
    assert_int_equal(status, code);
    if (strstr(als_error_message(error), text) == NULL)
        fail_msg("%s", als_error_message(error));
    assert_null(strstr(als_error_message(error), "sec/ret"));
    als_error_free(error);
    error = NULL;
}

static void test_key_document__json__is_read(void **state)
{
    (void)state;
    assert_int_equal(read_json("{\"Code\":\"Success\"," KEYS ",\"Token\":\"t\","
                               "\"Expiration\":\"2021-09-21T04:16:53Z\"}"),
                     0);
    assert_string_equal(document.access_key, "AKID");
    assert_string_equal(document.secret_key, "sec/ret");
    assert_string_equal(document.session_token, "t");
    assert_true(document.expires);
    assert_int_equal(document.expires_ms, 1632197813000);
}

static void test_key_document__json_without_expiration__never_expires(void **state)
{
    (void)state;
    assert_int_equal(read_json("{" KEYS ",\"Token\":null}"), 0);
    assert_false(document.expires);
    assert_null(document.session_token);
}

static void test_key_document__bad_json__names_what_is_wrong(void **state)
{
    (void)state;
    assert_says(read_json(""), AWSLOGSRC_E_PROTOCOL, "origin: the answer is empty, and no JSON");
    assert_says(read_json("<html>"), AWSLOGSRC_E_PROTOCOL, "the answer is no JSON");
    assert_says(read_json("{\"AccessKeyId\":\"A\"}"), AWSLOGSRC_E_PROTOCOL,
                "SecretAccessKey is missing");
    assert_says(read_json("[]"), AWSLOGSRC_E_PROTOCOL, "AccessKeyId is missing");
    assert_says(read_json("{\"AccessKeyId\":\"\",\"SecretAccessKey\":\"s\"}"), AWSLOGSRC_E_PROTOCOL,
                "AccessKeyId is empty");
    assert_says(read_json("{" KEYS ",\"Token\":\"t\",\"Expiration\":\"soon\"}"),
                AWSLOGSRC_E_PROTOCOL, "Expiration is no time");
    assert_says(read_json("{" KEYS ",\"Expiration\":\"2021-09-21T04:16:53Z\"}"),
                AWSLOGSRC_E_PROTOCOL, "Token is missing");
}

static void test_key_document__code_other_than_success__is_told(void **state)
{
    (void)state;
    assert_says(read_json("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot\\n"
                          "assume the role\"}"),
                AWSLOGSRC_E_NO_CREDENTIALS,
                "origin: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role");
}

static void test_key_document__xml__is_read(void **state)
{
    (void)state;
    assert_int_equal(read_xml(XML(XML_KEYS "<SessionToken>a&amp;b</SessionToken>"
                                           "<Expiration>2021-08-05T19:58:02.180272Z</Expiration>")),
                     0);
    assert_string_equal(document.access_key, "AKID");
    assert_string_equal(document.secret_key, "sec/ret");
    assert_string_equal(document.session_token, "a&b");
    assert_int_equal(document.expires_ms, 1628193482180);
}

static void test_key_document__bad_xml__names_what_is_wrong(void **state)
{
    (void)state;
    assert_says(read_xml(" "), AWSLOGSRC_E_PROTOCOL, "empty, and no XML");
    assert_says(read_xml("<html>"), AWSLOGSRC_E_PROTOCOL, "no XML with Credentials");
    assert_says(read_xml(XML("<AccessKeyId>A</AccessKeyId>")), AWSLOGSRC_E_PROTOCOL,
                "SecretAccessKey is missing");
    assert_says(read_xml("<R><AccessKeyId>A</AccessKeyId><Credentials></Credentials></R>"),
                AWSLOGSRC_E_PROTOCOL, "AccessKeyId is missing");
    assert_says(read_xml(XML("<AccessKeyId><b/></AccessKeyId>")), AWSLOGSRC_E_PROTOCOL,
                "AccessKeyId holds markup");
}

static void test_form__values__are_percent_encoded(void **state)
{
    (void)state;
    struct als_buffer form;
    als_buffer_init(&form, 1024);
    als_form_add(&form, "Action", ALS_TEXT("AssumeRole"));
    assert_int_equal(als_form_add(&form, "X", ALS_TEXT("a-z._~/ +&=%\xc3\xa4:")), 0);
    assert_string_equal(als_buffer_string(&form),
                        "Action=AssumeRole&X=a-z._~%2F%20%2B%26%3D%25%C3%A4%3A");
    als_buffer_clear(&form);
}

#define DOCUMENT_TEST(test) cmocka_unit_test_teardown(test, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOCUMENT_TEST(test_key_document__json__is_read),
        DOCUMENT_TEST(test_key_document__json_without_expiration__never_expires),
        DOCUMENT_TEST(test_key_document__bad_json__names_what_is_wrong),
        DOCUMENT_TEST(test_key_document__code_other_than_success__is_told),
        DOCUMENT_TEST(test_key_document__xml__is_read),
        DOCUMENT_TEST(test_key_document__bad_xml__names_what_is_wrong),
        DOCUMENT_TEST(test_form__values__are_percent_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
