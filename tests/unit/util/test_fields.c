#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "util/encode.h"
#include "util/fields.h"
#include "util/memory.h"

struct form {
    int age;
    int64_t big;
    bool is_good;
    const char *name;
    int color;
    int64_t at, points;
    json_t *extra, *list;
    int optional;
};

static const char *const colors[] = { "red", "green", NULL };

static const struct field form_fields[] = {
    FIELD_INT(struct form, age, 0, 150),
    FIELD_OPTIONAL(INT64, struct form, big, INT64_MIN, INT64_MAX),
    FIELD_OPTIONAL(BOOL, struct form, is_good, 0, 1),
    FIELD_OPTIONAL(STRING, struct form, name, 1, 4),
    FIELD_OPTIONAL_CHOICE(struct form, color, colors),
    FIELD_OPTIONAL(TIME, struct form, at, 0, 0),
    FIELD_OPTIONAL(POINTS, struct form, points, 1, 100000),
    FIELD_OPTIONAL(OBJECT, struct form, extra, 0, 0),
    FIELD_OPTIONAL(ARRAY, struct form, list, 1, 3),
    FIELD_OPTIONAL(INT, struct form, optional, -5, 5),
    { 0 },
};

static json_t *parse(const char *text)
{
    struct error err;
    json_t *json = fields_parse(text, strlen(text), 8, &err);

    if (!json)
        fail_msg("%s: %s", text, err.detail[ENGLISH]);
    return json;
}

static void every_kind_is_read(void **state)
{
    struct form form = { .optional = 3 };
    struct error err;
    AUTO(json_decrefp)
    json_t *json =
        parse("{\"age\":150,\"big\":-9223372036854775808,\"is_good\":true,"
              "\"name\":\"工会法\",\"color\":\"green\",\"at\":\"1970-01-01T00:00:01Z\","
              "\"points\":12.5,\"extra\":{},\"list\":[1,2,3]}");

    (void)state;
    assert_true(fields_read(form_fields, json, &form, &err));
    assert_int_equal(form.age, 150);
    assert_true(form.big == INT64_MIN);
    assert_true(form.is_good);
    assert_string_equal(form.name, "工会法");
    assert_int_equal(form.color, 1);
    assert_int_equal(form.at, 1000);
    assert_int_equal(form.points, 1250);
    assert_ptr_equal(form.extra, json_object_get(json, "extra"));
    assert_int_equal(json_array_size(form.list), 3);
    assert_int_equal(form.optional, 3);
}

/* Refused with this problem at this place, and nothing is written. */
static void assert_refused(const char *text, enum problem problem, const char *where)
{
    struct form form, before;
    struct error err;
    AUTO(json_decrefp) json_t *json = parse(text);

    memset(&form, 0x5a, sizeof(form));
    memcpy(&before, &form, sizeof(form));
    assert_false(fields_read(form_fields, json, &form, &err));
    if (err.problem != problem)
        fail_msg("%s: %s", text, err.detail[ENGLISH]);
    assert_string_equal(err.where, where);
    assert_memory_equal(&form, &before, sizeof(form));
}

static void unknown_and_missing_fields_are_named(void **state)
{
    (void)state;
    assert_refused("{\"age\":1,\"agE\":2}", PROBLEM_FIELD_UNKNOWN, "/agE");
    assert_refused("{\"age\":1,\"\":2}", PROBLEM_FIELD_UNKNOWN, "/");
    assert_refused("{}", PROBLEM_FIELD_MISSING, "/age");
    assert_refused("{\"name\":\"x\"}", PROBLEM_FIELD_MISSING, "/age");
    assert_refused("[]", PROBLEM_BODY_MISSING, "");
    assert_refused("[{\"age\":1}]", PROBLEM_BODY_MISSING, "");
}

static void where_is_a_json_pointer_whatever_the_name(void **state)
{
    (void)state;
    assert_refused("{\"age\":1,\"a/b~c\":2}", PROBLEM_FIELD_UNKNOWN, "/a~1b~0c");
}

static void values_of_another_type_are_refused(void **state)
{
    static const char *const fields[] = { "age", "big",    "is_good", "name", "color",
                                          "at",  "points", "extra",   "list" };
    static const char *const values[] = { "1",  "1.5", "true", "\"red\"",
                                          "{}", "[1]", "null" };
    /* which of the values each field could take, or would refuse for its worth alone */
    static const char *const takes[] = { "1",       "1",       "true",
                                         "\"red\"", "\"red\"", "\"red\"",
                                         "1 1.5",   "{}",      "[1]" };

    (void)state;
    for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
        for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
            char text[100], where[20];

            if (!strcmp(takes[f], values[v]) || (!strcmp(fields[f], "points") && v < 2))
                continue;
            snprintf(text, sizeof(text), "{%s\"%s\":%s}", f ? "\"age\":1," : "",
                     fields[f], values[v]);
            snprintf(where, sizeof(where), "/%s", fields[f]);
            assert_refused(text, PROBLEM_FIELD_TYPE, where);
        }
}

static void values_out_of_range_are_refused(void **state)
{
    (void)state;
    assert_refused("{\"age\":-1}", PROBLEM_FIELD_RANGE, "/age");
    assert_refused("{\"age\":151}", PROBLEM_FIELD_RANGE, "/age");
    assert_refused("{\"age\":4294967298}", PROBLEM_FIELD_RANGE, "/age");
    assert_refused("{\"age\":-9223372036854775808}", PROBLEM_FIELD_RANGE, "/age");
    assert_refused("{\"age\":1,\"optional\":-6}", PROBLEM_FIELD_RANGE, "/optional");
    assert_refused("{\"age\":1,\"name\":\"\"}", PROBLEM_FIELD_LENGTH, "/name");
    assert_refused("{\"age\":1,\"name\":\"12345\"}", PROBLEM_FIELD_LENGTH, "/name");
    assert_refused("{\"age\":1,\"name\":\"工会章程总\"}", PROBLEM_FIELD_LENGTH,
                   "/name");
    assert_refused("{\"age\":1,\"list\":[]}", PROBLEM_FIELD_LENGTH, "/list");
    assert_refused("{\"age\":1,\"list\":[1,2,3,4]}", PROBLEM_FIELD_LENGTH, "/list");
    assert_refused("{\"age\":1,\"color\":\"blue\"}", PROBLEM_FIELD_CHOICE, "/color");
    assert_refused("{\"age\":1,\"color\":\"\"}", PROBLEM_FIELD_CHOICE, "/color");
    assert_refused("{\"age\":1,\"at\":\"2026-05-01\"}", PROBLEM_FIELD_TIME, "/at");
}

static void a_range_is_told_in_the_sentence(void **state)
{
    struct form form;
    struct error err;
    AUTO(json_decrefp) json_t *json = parse("{\"age\":151}");
    AUTO(json_decrefp) json_t *blue = parse("{\"age\":1,\"color\":\"blue\"}");
    AUTO(json_decrefp) json_t *points = parse("{\"age\":1,\"points\":0}");

    (void)state;
    assert_false(fields_read(form_fields, json, &form, &err));
    assert_string_equal(err.detail[ENGLISH],
                        "The field \"age\" should be from 0 to 150.");
    assert_false(fields_read(form_fields, blue, &form, &err));
    assert_string_equal(err.detail[ENGLISH],
                        "The field \"color\" must be one of: red, green.");
    assert_false(fields_read(form_fields, points, &form, &err));
    assert_string_equal(err.detail[ENGLISH],
                        "The field \"points\" should be from 0.01 to 1000.00.");
}

static void points_have_at_most_two_decimals(void **state)
{
    static const struct {
        const char *text;
        int64_t hundredths;
    } good[] = {
        { "0.01", 1 },       { "1", 100 },       { "1.0", 100 },
        { "2.5", 250 },      { "0.29", 29 },     { "1.15", 115 },
        { "999.99", 99999 }, { "1000", 100000 }, { "1e2", 10000 },
    };
    static const char *const bad[] = { "0",     "-1",     "0.001",
                                       "0.005", "1.234",  "1000.01",
                                       "1e300", "-1e300", "99999999999" };
    char text[64];
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct form form = { 0 };

        snprintf(text, sizeof(text), "{\"age\":1,\"points\":%s}", good[i].text);
        AUTO(json_decrefp) json_t *json = parse(text);
        assert_true(fields_read(form_fields, json, &form, &err));
        assert_int_equal(form.points, good[i].hundredths);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        snprintf(text, sizeof(text), "{\"age\":1,\"points\":%s}", bad[i]);
        assert_refused(text, PROBLEM_FIELD_RANGE, "/points");
    }
}

static void assert_not_json(const char *bytes, size_t n)
{
    struct error err;

    memset(&err, 0, sizeof(err));
    json_t *json = fields_parse(bytes, n, 3, &err);
    if (json)
        fail_msg("%.*s is taken", (int)n, bytes);
    assert_int_equal(err.problem, PROBLEM_BAD_JSON);
}

static void json_is_read_strictly(void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "{}x",
        "{} {}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "{\"a\":99999999999999999999}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "{\"a\":\"\n\"}",
        "\xef\xbb\xbf{}",
        "{}//",
        "tru",
        "{\"a\":{\"x\":1,\"x\":2}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_not_json(bad[i], strlen(bad[i]));
    assert_not_json("{}\0", 3);
    assert_not_json("{\"a\0\":1}", 8);
}

static void depth_is_bounded_and_brackets_in_strings_do_not_count(void **state)
{
    static char deep[200000];
    struct error err;

    (void)state;
    assert_not_json("[[[[]]]]", 8);
    assert_not_json("{\"a\":{\"a\":{\"a\":{}}}}", 21);
    memset(deep, '[', sizeof(deep));
    assert_not_json(deep, sizeof(deep));
    for (const char *const *p =
             (const char *const[]){ "[[[]]]", "[\"[[[[\"]", "[\"\\\"[[[[\"]",
                                    "[[],[],[[]]]", NULL };
         *p; p++) {
        AUTO(json_decrefp) json_t *json = fields_parse(*p, strlen(*p), 3, &err);

        assert_non_null(json);
    }
}

static void a_syntax_error_has_its_line_and_column(void **state)
{
    struct error err;

    (void)state;
    assert_null(fields_parse("{\n  \"a\": x\n}", 12, 3, &err));
    assert_non_null(strstr(err.detail[ENGLISH], "Line 2"));
}

static void a_syntax_error_is_told_in_utf8_whatever_was_sent(void **state)
{
    static const char *const bad[] = { "{\"a\":\"\\九\"}", "{\"a\":九}", "九", "{\"a\" 二",
                                       "{\"\xe4\xb9", "\xff", "{\"九\":\"\xe4\xb9\"}",
                                       "{\"一二三四五六七\" 八" };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_null(fields_parse(bad[i], strlen(bad[i]), 3, &err));
        for (int language = 0; language < N_LANGUAGES; language++)
            assert_true(
                utf8_is_valid(err.detail[language], strlen(err.detail[language])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(unknown_and_missing_fields_are_named),
        cmocka_unit_test(where_is_a_json_pointer_whatever_the_name),
        cmocka_unit_test(values_of_another_type_are_refused),
        cmocka_unit_test(values_out_of_range_are_refused),
        cmocka_unit_test(a_range_is_told_in_the_sentence),
        cmocka_unit_test(points_have_at_most_two_decimals),
        cmocka_unit_test(json_is_read_strictly),
        cmocka_unit_test(depth_is_bounded_and_brackets_in_strings_do_not_count),
        cmocka_unit_test(a_syntax_error_has_its_line_and_column),
        cmocka_unit_test(a_syntax_error_is_told_in_utf8_whatever_was_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
