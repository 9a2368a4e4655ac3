#include "testing.h"

#include "aws/xml_scanner.h"

static struct als_text found(const char *xml, const char *name)
{
    struct als_text content = ALS_TEXT("(none)");
    (void)als_xml_scanner_find(als_text_of(xml), name, &content);
    return content;
}

static void assert_finds(const char *xml, const char *name, const char *expected)
{
    struct als_text content = found(xml, name);
    if (!als_text_equal(content, als_text_of(expected)))
        fail_msg("%s: %.*s", xml, (int)content.size, content.data);
}

static void assert_reads(const char *content, const char *expected)
{
    struct als_buffer out;
    als_buffer_init(&out, 1024);
    assert_true(als_xml_scanner_read(als_text_of(content), &out));
    assert_string_equal(als_buffer_string(&out), expected);
    als_buffer_clear(&out);
}

static void assert_does_not_read(const char *content)
{
    struct als_buffer out;
    als_buffer_init(&out, 1024);
    assert_false(als_xml_scanner_read(als_text_of(content), &out));
    als_buffer_clear(&out);
}

static void test_xml_scanner__elements__are_found_at_any_depth(void **state)
{
    (void)state;
    assert_finds("<a><b><c>1</c></b><c>2</c></a>", "c", "1");
    assert_finds("<a><b><c>1</c></b></a>", "b", "<c>1</c>");
    assert_finds("<?xml version='1.0'?>\n<a x=\"1>2\" y='/'>t</a >", "a", "t");
    assert_finds("<n:a xmlns:n='u'>t</n:a>", "a", "t");
    assert_finds("<a/>", "a", "");
    assert_finds("<a b='c'/>", "a", "");
}

static void test_xml_scanner__nested_namesakes__end_where_they_began(void **state)
{
    (void)state;
    assert_finds("<a>1<a>2</a>3</a>", "a", "1<a>2</a>3");
}

static void test_xml_scanner__comments_and_cdata__hide_markup(void **state)
{
    (void)state;
    assert_finds("<!-- <a>no</a> --><a>yes</a>", "a", "yes");
    assert_finds("<b><![CDATA[<a>no</a>]]></b><a>yes</a>", "a", "yes");
    assert_finds("<b><!----></b><a>yes</a>", "a", "yes");
}

static void test_xml_scanner__broken__is_not_found(void **state)
{
    (void)state;
    static const char *const broken[] = {"",
                                         "a",
                                         "<",
                                         "<a",
                                         "<a>",
                                         "<a>t",
                                         "<a>t</a",
                                         "<a b='>t</a>",
                                         "<!--<a>",
                                         "<![CDATA[",
                                         "<a><b></a>",
                                         "< a>t</ a>",
                                         "<html><p>Bad Gateway</p></html>"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_finds(broken[i], "a", "(none)");
}

static void test_xml_scanner__every_cut__is_survived(void **state)
{
    (void)state;
    static const char xml[] = "<?x?><a b=\"c\"><!-- d --><![CDATA[e]]>&lt;f</a>";
    for (size_t size = 0; size < sizeof xml - 1; size++) {
        char *copy = malloc(size + 1);
        struct als_text content;
        memcpy(copy, xml, size);
        assert_false(als_xml_scanner_find((struct als_text){copy, size}, "a", &content));
        free(copy);
    }
}

static void test_xml_scanner__references__become_characters(void **state)
{
    (void)state;
    assert_reads("a&lt;b&gt;&amp;lt;&quot;&apos;", "a<b>&lt;\"'");
    assert_reads("&#65;&#x42;&#x20aC;&#128578;", "AB\xe2\x82\xac\xf0\x9f\x99\x82");
    assert_reads("a<![CDATA[<&amp;]]>b<!-- c -->d", "a<&amp;bd");
}

static void test_xml_scanner__other_references_and_elements__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "&",      "&lt",      "&nbsp;", "&#0;", "&#xd800;",          "&#x;", "&#;", "&#x110000;",
        "&#12a;", "<b>t</b>", "a</b>",  "<",    "&#99999999999999;", "&;"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_does_not_read(bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xml_scanner__elements__are_found_at_any_depth),
        cmocka_unit_test(test_xml_scanner__nested_namesakes__end_where_they_began),
        cmocka_unit_test(test_xml_scanner__comments_and_cdata__hide_markup),
        cmocka_unit_test(test_xml_scanner__broken__is_not_found),
        cmocka_unit_test(test_xml_scanner__every_cut__is_survived),
        cmocka_unit_test(test_xml_scanner__references__become_characters),
        cmocka_unit_test(test_xml_scanner__other_references_and_elements__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
