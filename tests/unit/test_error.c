#include "testing.h"

#include "base/error.h"
#include "failing_memory.h"

enum { ALLOCATIONS_TO_FAIL = 8 };

static const struct als_error_origin denied = {"AccessDeniedException", "request-1", 400};

static const int codes[] = {
#define NUMBER(name, number, class, retryable, fatal, text) AWSLOGSRC_E_##name,
    AWSLOGSRC_ERROR_MAP(NUMBER)
#undef NUMBER
};

static void test_error_set__code_and_message__are_kept(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    assert_int_equal(als_error_set(&error, AWSLOGSRC_E_OPTION_VALUE, "bad %s: %d", "port", 7),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_OPTION_VALUE);
    assert_int_equal(awslogsrc_error_class(error), AWSLOGSRC_CLASS_OPTION);
    assert_string_equal(awslogsrc_error_message(error), "bad port: 7");
    assert_string_equal(awslogsrc_error_aws_code(error), "");
    assert_string_equal(awslogsrc_error_request_id(error), "");
    assert_int_equal(awslogsrc_error_http_status(error), 0);
    awslogsrc_error_free(error);
}

static void test_error_set__nobody_listens__returns_the_code(void **state)
{
    (void)state;
    assert_int_equal(als_error_set(NULL, AWSLOGSRC_E_TIMEOUT, "%s", "x"), AWSLOGSRC_E_TIMEOUT);
}

static void test_error__null__is_no_error(void **state)
{
    (void)state;
    assert_int_equal(awslogsrc_error_code(NULL), AWSLOGSRC_OK);
    assert_int_equal(awslogsrc_error_class(NULL), 0);
    assert_int_equal(awslogsrc_error_is_retryable(NULL), 0);
    assert_int_equal(awslogsrc_error_is_fatal(NULL), 0);
    assert_string_equal(awslogsrc_error_message(NULL), "");
    assert_string_equal(awslogsrc_error_aws_code(NULL), "");
    assert_string_equal(awslogsrc_error_request_id(NULL), "");
    assert_int_equal(awslogsrc_error_http_status(NULL), 0);
    assert_null(als_error_copy(NULL));
    awslogsrc_error_free(NULL);
}

static void test_error_copy__every_field__outlives_the_original(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    als_error_set_origin(&error, AWSLOGSRC_E_ACCESS_DENIED, &denied, "not allowed");
    awslogsrc_error *copy = als_error_copy(error);
    awslogsrc_error_free(error);
    assert_int_equal(awslogsrc_error_code(copy), AWSLOGSRC_E_ACCESS_DENIED);
    assert_string_equal(awslogsrc_error_message(copy), "not allowed");
    assert_string_equal(awslogsrc_error_aws_code(copy), "AccessDeniedException");
    assert_string_equal(awslogsrc_error_request_id(copy), "request-1");
    assert_int_equal(awslogsrc_error_http_status(copy), 400);
    awslogsrc_error_free(copy);
}

static void test_error_prefix__message__gets_it_in_front(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    als_error_set(&error, AWSLOGSRC_E_OPTION_VALUE, "bad");
    als_error_prefix(&error, "%s: ", "regions");
    assert_string_equal(awslogsrc_error_message(error), "regions: bad");
    awslogsrc_error_free(error);
}

static void test_error_prefix__no_error__does_nothing(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    als_error_prefix(&error, "x");
    als_error_prefix(NULL, "x");
    assert_null(error);
}

/* Fails each allocation in turn until none is left to fail; returns how many did. */
static int fail_each_allocation(void (*attempt)(void))
{
    int failed = 0;
    for (int i = 0; i < ALLOCATIONS_TO_FAIL; i++) {
        allocations_left = i;
        attempt();
        failed += allocations_left < 0;
        allocations_left = -1;
    }
    return failed;
}

static void set_without_memory(void)
{
    awslogsrc_error *error = NULL;
    int returned = als_error_set_origin(&error, AWSLOGSRC_E_ACCESS_DENIED, &denied, "not allowed");
    bool ran_out = allocations_left < 0;
    assert_int_equal(returned, AWSLOGSRC_E_ACCESS_DENIED);
    assert_int_equal(awslogsrc_error_code(error),
                     ran_out ? AWSLOGSRC_E_NO_MEMORY : AWSLOGSRC_E_ACCESS_DENIED);
    assert_string_equal(awslogsrc_error_message(error), ran_out ? "out of memory" : "not allowed");
    awslogsrc_error_free(error);
}

static void test_error_set__any_allocation_fails__says_out_of_memory(void **state)
{
    (void)state;
    assert_int_equal(fail_each_allocation(set_without_memory), 4);
}

static void test_error__out_of_memory_object__can_be_used_like_any(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    allocations_left = 0;
    als_error_set_origin(&error, AWSLOGSRC_E_TIMEOUT, &denied, "late");
    allocations_left = -1;
    assert_int_equal(awslogsrc_error_class(error), AWSLOGSRC_CLASS_SYSTEM);
    assert_int_equal(awslogsrc_error_is_retryable(error), 1);
    als_error_prefix(&error, "x: ");
    assert_string_equal(awslogsrc_error_message(error), "out of memory");
    awslogsrc_error *copy = als_error_copy(error);
    assert_int_equal(awslogsrc_error_code(copy), AWSLOGSRC_E_NO_MEMORY);
    awslogsrc_error_free(error);
    awslogsrc_error_free(copy);
    awslogsrc_error_free(copy); /* shared, so even this does nothing */
}

static void test_error_prefix__no_memory__keeps_the_message(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    als_error_set(&error, AWSLOGSRC_E_OPTION_VALUE, "bad");
    allocations_left = 0;
    als_error_prefix(&error, "regions: ");
    allocations_left = -1;
    assert_string_equal(awslogsrc_error_message(error), "bad");
    awslogsrc_error_free(error);
}

static void test_error_table__numbers__are_negative_and_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_true(codes[i] < 0);
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(codes[i], codes[k]);
    }
}

static void test_strerror__every_code__has_a_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_string_not_equal(awslogsrc_strerror(codes[i]), "unknown error");
    assert_string_equal(awslogsrc_strerror(AWSLOGSRC_OK), "no error");
    assert_string_equal(awslogsrc_strerror(-9999), "unknown error");
    assert_string_equal(awslogsrc_strerror(1), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_set__code_and_message__are_kept),
        cmocka_unit_test(test_error_set__nobody_listens__returns_the_code),
        cmocka_unit_test(test_error__null__is_no_error),
        cmocka_unit_test(test_error_copy__every_field__outlives_the_original),
        cmocka_unit_test(test_error_prefix__message__gets_it_in_front),
        cmocka_unit_test(test_error_prefix__no_error__does_nothing),
        cmocka_unit_test(test_error_set__any_allocation_fails__says_out_of_memory),
        cmocka_unit_test(test_error__out_of_memory_object__can_be_used_like_any),
        cmocka_unit_test(test_error_prefix__no_memory__keeps_the_message),
        cmocka_unit_test(test_error_table__numbers__are_negative_and_unique),
        cmocka_unit_test(test_strerror__every_code__has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
