#include "testing.h"

#include "base/regex_plain.h"

/* The bar stands where the plain beginning ends. */
static void assert_plain(const char *marked)
{
    char pattern[64] = "";
    size_t plain = strcspn(marked, "~");
    (void)snprintf(pattern, sizeof pattern, "%.*s%s", (int)plain, marked, marked + plain + 1);
    size_t size = als_regex_plain_size(als_text_of(pattern));
    if (size != plain)
        fail_msg("%s: %zu, expected %zu", pattern, size, plain);
}

static void test_regex_plain__characters_and_classes__are_plain(void **state)
{
    (void)state;
    assert_plain("\\sREJECT\\sFAILURE~");
    assert_plain("\\[\\d\\D\\w\\W\\S\\s\\.\\\\~");
    assert_plain("\"a\":]}\xc3\xa4~");
    assert_plain("~");
}

static void test_regex_plain__groups__are_plain_as_wholes(void **state)
{
    (void)state;
    assert_plain("\\s(ACCEPT)\\s(OK)~");
    assert_plain("(?:a)(?<b_1>b)(?P<c>c(d))~");
    assert_plain("a~(b.)");
    assert_plain("a~(b)*");
    assert_plain("a~(?=b)");
    assert_plain("a~(?i)b");
    assert_plain("a~(?<=b)");
    assert_plain("a~(?<!b)");
    assert_plain("a~(?P=b)");
    assert_plain("a~(?<b");
    assert_plain("a~(b");
    assert_plain("a~)");
}

static void test_regex_plain__repeated__is_not(void **state)
{
    (void)state;
    static const char *const marks[] = {"*", "+", "?", "{2}"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        char marked[32];
        (void)snprintf(marked, sizeof marked, "ab~c%s", marks[i]);
        assert_plain(marked);
        (void)snprintf(marked, sizeof marked, "ab~\xc3\xa4%s", marks[i]);
        assert_plain(marked);
        (void)snprintf(marked, sizeof marked, "ab~\\s%s", marks[i]);
        assert_plain(marked);
    }
}

static void test_regex_plain__anything_else__ends_it(void **state)
{
    (void)state;
    static const char *const others[] = {"^",   "$",   ".",    "[a]",   "\\b",    "\\1",
                                         "\\X", "\\K", "\\Qa", "\\xe4", "\\p{L}", "\\"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char marked[32];
        (void)snprintf(marked, sizeof marked, "ab~%s", others[i]);
        assert_plain(marked);
    }
}

static void test_regex_plain__choices_and_verbs__leave_nothing(void **state)
{
    (void)state;
    assert_plain("~abc|d");
    assert_plain("~abc(d|e)");
    assert_plain("~abc(*COMMIT)d");
    assert_plain("~abc(?<=\\Gabc)d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regex_plain__characters_and_classes__are_plain),
        cmocka_unit_test(test_regex_plain__groups__are_plain_as_wholes),
        cmocka_unit_test(test_regex_plain__repeated__is_not),
        cmocka_unit_test(test_regex_plain__anything_else__ends_it),
        cmocka_unit_test(test_regex_plain__choices_and_verbs__leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
