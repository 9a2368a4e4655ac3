#include "testing.h"

#include "base/calendar.h"

static void test_calendar__amz_date__has_no_separators(void **state)
{
    (void)state;
    char date[ALS_AMZ_DATE_SIZE];
    als_calendar_amz_date(1769903999000, date);
    assert_string_equal(date, "20260131T235959Z");
}

static void test_calendar__rfc3339_with_offset_and_fraction__is_utc_milliseconds(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(als_calendar_from_rfc3339(ALS_TEXT("2026-02-01T00:59:59.1239+01:00"), &ms));
    assert_int_equal(ms, 1769903999123);
}

static void test_calendar__february_29__exists_in_leap_years_alone(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(als_calendar_from_rfc3339(ALS_TEXT("2024-02-29T00:00:00Z"), &ms));
    assert_false(als_calendar_from_rfc3339(ALS_TEXT("2025-02-29T00:00:00Z"), &ms));
}

static void test_calendar__bad_text__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026-01-31",
                                      "2026-01-31T23:59:59",
                                      "2026-13-01T00:00:00Z",
                                      "2026-01-31T24:00:00Z",
                                      "2026-01-31T23:59:59.Z",
                                      "2026-01-31T23:59:59Zjunk",
                                      "2026-01-31T23:59:59+25:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = 0;
        assert_false(als_calendar_from_rfc3339(als_text_of(bad[i]), &ms));
    }
}

static void test_calendar__every_40th_day_of_400_years__round_trips(void **state)
{
    (void)state;
    for (int64_t ms = 0; ms < 400LL * 365 * 86400000; ms += 40LL * 86400000 + 12345678) {
        char text[ALS_RFC3339_SIZE];
        int64_t back = -1;
        als_calendar_rfc3339(ms, text);
        assert_true(als_calendar_from_rfc3339(als_text_of(text), &back));
        assert_int_equal(back, ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar__amz_date__has_no_separators),
        cmocka_unit_test(test_calendar__rfc3339_with_offset_and_fraction__is_utc_milliseconds),
        cmocka_unit_test(test_calendar__february_29__exists_in_leap_years_alone),
        cmocka_unit_test(test_calendar__bad_text__is_refused),
        cmocka_unit_test(test_calendar__every_40th_day_of_400_years__round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
