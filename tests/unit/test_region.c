#include "testing.h"

#include "aws/region.h"

static void assert_partition(const char *region, const char *partition)
{
    assert_string_equal(als_region_partition(als_text_of(region))->name, partition);
}

static void test_region_check__good_names__pass(void **state)
{
    (void)state;
    static const char *const good[] = {"us-east-1", "eusc-de-east-1", "a",
                                       "9",         "a--b",           "not-known-yet-77"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(als_region_check(als_text_of(good[i]), NULL), 0);
}

static void test_region_check__bad_names__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",          "-us-east-1", "us-east-1-",
                                      "US-EAST-1", "us_east_1",  "us east 1",
                                      "us.east.1", "us-east-1/", "us-\xc3\xa9"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(als_region_check(als_text_of(bad[i]), NULL), AWSLOGSRC_E_OPTION_VALUE);
}

static void test_region_check__embedded_nul__is_refused(void **state)
{
    (void)state;
    assert_int_equal(als_region_check(ALS_TEXT("us\0east"), NULL), AWSLOGSRC_E_OPTION_VALUE);
}

static void test_region_check__longest_name__passes(void **state)
{
    (void)state;
    char name[ALS_REGION_LONGEST_NAME];
    memset(name, 'a', sizeof name);
    assert_int_equal(als_region_check((struct als_text){name, sizeof name}, NULL), 0);
}

static void test_region_check__one_byte_too_long__is_refused(void **state)
{
    (void)state;
    char name[ALS_REGION_LONGEST_NAME + 1];
    memset(name, 'a', sizeof name);
    assert_int_equal(als_region_check((struct als_text){name, sizeof name}, NULL),
                     AWSLOGSRC_E_OPTION_VALUE);
}

static void test_region_check__bad_name__is_named_in_printable_form(void **state)
{
    (void)state;
    awslogsrc_error *error = NULL;
    (void)als_region_check(ALS_TEXT("us-\033east"), &error);
    assert_non_null(strstr(awslogsrc_error_message(error), "region \"us-?east\" is not"));
    awslogsrc_error_free(error);
}

static void test_region_partition__form_of_every_partition__decides(void **state)
{
    (void)state;
    assert_partition("us-west-99", "aws");
    assert_partition("cn-far_east-3", "aws-cn");
    assert_partition("us-gov-south-1", "aws-us-gov");
    assert_partition("eusc-de-west-7", "aws-eusc");
    assert_partition("us-iso-north-1", "aws-iso");
    assert_partition("us-isob-north-1", "aws-iso-b");
    assert_partition("eu-isoe-north-1", "aws-iso-e");
    assert_partition("us-isof-north-1", "aws-iso-f");
}

static void test_region_partition__pseudo_region__belongs_to_its_partition(void **state)
{
    (void)state;
    assert_partition("aws-global", "aws");
    assert_partition("aws-cn-global", "aws-cn");
    assert_partition("aws-iso-f-global", "aws-iso-f");
}

static void test_region_partition__no_form_fits__is_aws(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "",      "1",         "-",           "cn",       "cn-1",
        "cn--1", "cn-north-", "cn-north-1a", "cn-a-b-1", "eusc-fr-west-1"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_partition(odd[i], "aws");
}

static void test_region_at__every_region__is_known_and_well_formed(void **state)
{
    (void)state;
    size_t count = 0;
    for (; als_region_at(count) != NULL; count++) {
        assert_true(als_region_is_known(als_text_of(als_region_at(count))));
        assert_int_equal(als_region_check(als_text_of(als_region_at(count)), NULL), 0);
    }
    assert_int_equal(count, 46);
}

static void test_region_is_known__new_region__is_not(void **state)
{
    (void)state;
    assert_false(als_region_is_known(ALS_TEXT("us-east-9")));
}

static void test_region__official_list__has_the_same_regions_and_partitions(void **state)
{
    (void)state;
    const char *path = test_shared_path("data/regions.tsv");
    if (path == NULL) {
        skip();
        return;
    }
    char *data = test_read_file(path, NULL);
    struct als_text rest = als_text_of(data);
    struct als_text line;
    size_t rows = 0;
    size_t real = 0;
    while (als_text_next_field(&rest, '\n', &line)) {
        struct als_text field[4] = {{0}};
        for (size_t i = 0; i < 4; i++)
            (void)als_text_next_field(&line, '\t', &field[i]);
        bool is_real = als_text_equal(field[3], ALS_TEXT("region"));
        if (!is_real && !als_text_equal(field[3], ALS_TEXT("pseudo-global")))
            continue;
        assert_true(als_text_equal(als_text_of(als_region_partition(field[0])->name), field[1]));
        assert_int_equal(als_region_is_known(field[0]), is_real);
        rows++;
        real += is_real;
    }
    printf("regions.tsv: %zu rows, %zu regions\n", rows, real);
    assert_int_equal(rows, 53);
    assert_int_equal(real, 46);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_region_check__good_names__pass),
        cmocka_unit_test(test_region_check__bad_names__are_refused),
        cmocka_unit_test(test_region_check__embedded_nul__is_refused),
        cmocka_unit_test(test_region_check__longest_name__passes),
        cmocka_unit_test(test_region_check__one_byte_too_long__is_refused),
        cmocka_unit_test(test_region_check__bad_name__is_named_in_printable_form),
        cmocka_unit_test(test_region_partition__form_of_every_partition__decides),
        cmocka_unit_test(test_region_partition__pseudo_region__belongs_to_its_partition),
        cmocka_unit_test(test_region_partition__no_form_fits__is_aws),
        cmocka_unit_test(test_region_at__every_region__is_known_and_well_formed),
        cmocka_unit_test(test_region_is_known__new_region__is_not),
        cmocka_unit_test(test_region__official_list__has_the_same_regions_and_partitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
