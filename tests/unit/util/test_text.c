#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <string.h>
#include <jansson.h>

#include "util/text.h"

static void a_text_grows_and_always_ends_with_a_nul(void **state)
{
    TEXT(text);

    (void)state;
    for (int i = 0; i < 5000; i++) {
        text_char(&text, (char)('a' + i % 26));
        assert_int_equal(text.length, i + 1);
        assert_int_equal(text.data[text.length], '\0');
        assert_true(text.capacity > text.length);
    }
    for (int i = 0; i < 5000; i++)
        assert_int_equal(text.data[i], 'a' + i % 26);
}

static void nothing_appended_is_an_empty_string(void **state)
{
    TEXT(text);

    (void)state;
    text_append(&text, NULL, 0);
    assert_string_equal(text.data, "");
    text_string(&text, "");
    assert_int_equal(text.length, 0);
}

static void clearing_keeps_the_memory(void **state)
{
    TEXT(text);

    (void)state;
    text_clear(&text);
    text_string(&text, "something");
    size_t capacity = text.capacity;
    text_clear(&text);
    assert_string_equal(text.data, "");
    assert_int_equal(text.length, 0);
    assert_int_equal(text.capacity, capacity);
}

static void reserved_room_is_written_by_the_caller(void **state)
{
    TEXT(text);

    (void)state;
    text_string(&text, "ab");
    char *end = text_reserve(&text, 1000);
    memset(end, 'c', 1000);
    text.length += 1000;
    text_string(&text, "d");
    assert_int_equal(text.length, 1003);
    assert_memory_equal(text.data, "abccc", 5);
    assert_string_equal(text.data + 1000, "ccd");
}

static void integers_are_written_to_the_last_of_them(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 7, "7" },
        { -1, "-1" },
        { 1000000, "1000000" },
        { INT64_MAX, "9223372036854775807" },
        { INT64_MIN, "-9223372036854775808" },
    };
    TEXT(text);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        text_clear(&text);
        text_int(&text, cases[i].value);
        assert_string_equal(text.data, cases[i].text);
    }
}

static void printing_is_not_cut(void **state)
{
    char long_one[2000];
    TEXT(text);

    (void)state;
    memset(long_one, 'x', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    text_printf(&text, "<%s|%d>", long_one, 5);
    assert_int_equal(text.length, 2003);
    assert_string_equal(text.data + 1999, "x|5>");
    text_printf(&text, "%s", "");
    assert_int_equal(text.length, 2003);
}

static void json_strings_are_escaped(void **state)
{
    TEXT(text);

    (void)state;
    text_json_string(&text, "a\"b\\c\n\r\t\x01\x1f\x7f/工会");
    assert_string_equal(text.data,
                        "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u007f/工会\"");
    text_clear(&text);
    text_json(&text, "a\0b", 3);
    assert_string_equal(text.data, "\"a\\u0000b\"");
    text_clear(&text);
    text_json_string(&text, NULL);
    assert_string_equal(text.data, "null");
    text_clear(&text);
    text_json_string(&text, "");
    assert_string_equal(text.data, "\"\"");
}

static void every_byte_below_128_comes_back_from_json(void **state)
{
    char all[128];
    TEXT(text);

    (void)state;
    for (int i = 1; i < 128; i++)
        all[i - 1] = (char)i;
    all[127] = '\0';
    text_json_string(&text, all);
    json_t *json = json_loads(text.data, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json), all);
    json_decref(json);
}

static void points_have_no_needless_zeros(void **state)
{
    static const struct {
        int64_t hundredths;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 1, "0.01" },
        { 10, "0.1" },
        { 99, "0.99" },
        { 100, "1" },
        { 1250, "12.5" },
        { 1205, "12.05" },
        { -1, "-0.01" },
        { -150, "-1.5" },
        { -200, "-2" },
        { INT64_MAX, "92233720368547758.07" },
    };
    TEXT(text);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        text_clear(&text);
        text_points(&text, cases[i].hundredths);
        assert_string_equal(text.data, cases[i].text);
    }
}

static void csv_quotes_what_needs_it_and_defuses_formulas(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        { "", "" },
        { "王小明", "王小明" },
        { "a b", "a b" },
        { "a=b", "a=b" },
        { "a,b", "\"a,b\"" },
        { "a\"b", "\"a\"\"b\"" },
        { "a\nb", "\"a\nb\"" },
        { "a\rb", "\"a\rb\"" },
        { "=1+1", "\"'=1+1\"" },
        { "+1", "\"'+1\"" },
        { "-1", "\"'-1\"" },
        { "@x", "\"'@x\"" },
        { "\tx", "\"'\tx\"" },
        { "=\"x\"", "\"'=\"\"x\"\"\"" },
    };
    TEXT(text);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        text_clear(&text);
        text_csv(&text, cases[i].in);
        assert_string_equal(text.data, cases[i].out);
    }
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_characters(""), 0);
    assert_int_equal(text_characters("abc"), 3);
    assert_int_equal(text_characters("工会法"), 3);
    assert_int_equal(text_characters("é𠮷a"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_and_always_ends_with_a_nul),
        cmocka_unit_test(nothing_appended_is_an_empty_string),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(reserved_room_is_written_by_the_caller),
        cmocka_unit_test(integers_are_written_to_the_last_of_them),
        cmocka_unit_test(printing_is_not_cut),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(every_byte_below_128_comes_back_from_json),
        cmocka_unit_test(points_have_no_needless_zeros),
        cmocka_unit_test(csv_quotes_what_needs_it_and_defuses_formulas),
        cmocka_unit_test(characters_are_counted_not_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
