#include "testing.h"

#include "normalize/syslog.h"

#define NIGHT_MS 1769903999123 /* 2026-01-31T23:59:59.123Z */

static char memory[512];

static struct als_syslog_about about(void)
{
    return (struct als_syslog_about){.facility = ALS_SYSLOG_FACILITY_AUDIT,
                                     .severity = ALS_SYSLOG_NOTICE,
                                     .timed = true,
                                     .time_ms = NIGHT_MS,
                                     .host = ALS_TEXT("collector"),
                                     .application = ALS_TEXT("awslogsrc"),
                                     .message_id = ALS_TEXT("cloudtrail")};
}

static const char *header(enum als_syslog_header header, struct als_syslog_about about)
{
    struct als_writer writer = {.data = memory, .capacity = sizeof memory - 1};
    als_syslog_write_header(&writer, header, &about);
    assert_true(als_writer_fits(&writer));
    memory[writer.size] = '\0';
    return memory;
}

static const char *frame(enum als_syslog_framing framing, struct als_text message)
{
    struct als_writer writer = {.data = memory, .capacity = sizeof memory - 1};
    als_syslog_write_message(&writer, framing, message);
    als_syslog_frame(&writer, framing, 0);
    assert_true(als_writer_fits(&writer));
    memory[writer.size] = '\0';
    return memory;
}

static void test_syslog__rfc5424__has_every_field(void **state)
{
    (void)state;
    assert_string_equal(header(ALS_SYSLOG_RFC5424, about()),
                        "<109>1 2026-01-31T23:59:59.123Z collector awslogsrc - cloudtrail - ");
}

static void test_syslog__rfc5424_without_anything__has_nil_values(void **state)
{
    (void)state;
    assert_string_equal(header(ALS_SYSLOG_RFC5424, (struct als_syslog_about){.severity = 6}),
                        "<6>1 - - - - - - ");
}

static void test_syslog__rfc3164__pads_the_day_and_tags(void **state)
{
    struct als_syslog_about early = about();
    (void)state;
    early.time_ms = NIGHT_MS - INT64_C(23) * 86400000;
    assert_string_equal(header(ALS_SYSLOG_RFC3164, early),
                        "<109>Jan  8 23:59:59 collector awslogsrc: ");
    assert_string_equal(header(ALS_SYSLOG_RFC3164, about()),
                        "<109>Jan 31 23:59:59 collector awslogsrc: ");
}

static void test_syslog__rfc3164_without_application__has_no_tag(void **state)
{
    struct als_syslog_about untagged = about();
    (void)state;
    untagged.application = ALS_TEXT("");
    assert_string_equal(header(ALS_SYSLOG_RFC3164, untagged), "<109>Jan 31 23:59:59 collector ");
}

static void test_syslog__short_header__ends_with_the_host(void **state)
{
    (void)state;
    assert_string_equal(header(ALS_SYSLOG_SHORT, about()),
                        "<109>1 2026-01-31T23:59:59.123Z collector ");
}

static void test_syslog__host_with_blanks_and_beyond_its_limit__is_made_to_fit(void **state)
{
    struct als_syslog_about odd = about();
    char name[300];
    (void)state;
    memset(name, 'h', sizeof name);
    name[1] = ' ';
    name[2] = '\n';
    odd.host = (struct als_text){name, sizeof name};
    const char *text = header(ALS_SYSLOG_SHORT, odd);
    const char *host = strrchr(text, 'Z') + 2;
    assert_memory_equal(host, "h__h", 4);
    assert_int_equal(strlen(host), 255 + 1);
}

static void test_syslog__octet_framing__counts_the_message_alone(void **state)
{
    (void)state;
    assert_string_equal(frame(ALS_SYSLOG_OCTETS, ALS_TEXT("a\nb")), "3 a\nb");
    assert_string_equal(frame(ALS_SYSLOG_OCTETS, ALS_TEXT("0123456789")), "10 0123456789");
}

static void test_syslog__lf_framing__escapes_line_feeds_inside(void **state)
{
    (void)state;
    assert_string_equal(frame(ALS_SYSLOG_LF, ALS_TEXT("a\nb\n")), "a\\nb\\n\n");
}

static void test_syslog__no_framing__leaves_the_message_alone(void **state)
{
    (void)state;
    assert_string_equal(frame(ALS_SYSLOG_NO_FRAMING, ALS_TEXT("a\nb")), "a\nb");
}

static void test_syslog__too_small_a_memory__is_told_the_size_it_takes(void **state)
{
    struct als_writer writer = {.data = memory, .capacity = 8};
    (void)state;
    memset(memory, '#', sizeof memory);
    als_syslog_write_message(&writer, ALS_SYSLOG_OCTETS, ALS_TEXT("0123456789"));
    als_syslog_frame(&writer, ALS_SYSLOG_OCTETS, 0);
    assert_false(als_writer_fits(&writer));
    assert_int_equal(writer.size, strlen("10 0123456789"));
    assert_int_equal(memory[8], '#');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syslog__rfc5424__has_every_field),
        cmocka_unit_test(test_syslog__rfc5424_without_anything__has_nil_values),
        cmocka_unit_test(test_syslog__rfc3164__pads_the_day_and_tags),
        cmocka_unit_test(test_syslog__rfc3164_without_application__has_no_tag),
        cmocka_unit_test(test_syslog__short_header__ends_with_the_host),
        cmocka_unit_test(test_syslog__host_with_blanks_and_beyond_its_limit__is_made_to_fit),
        cmocka_unit_test(test_syslog__octet_framing__counts_the_message_alone),
        cmocka_unit_test(test_syslog__lf_framing__escapes_line_feeds_inside),
        cmocka_unit_test(test_syslog__no_framing__leaves_the_message_alone),
        cmocka_unit_test(test_syslog__too_small_a_memory__is_told_the_size_it_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
