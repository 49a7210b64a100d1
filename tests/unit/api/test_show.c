#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "api/show.h"
#include "util/arena.h"

static void names_are_masked_but_for_their_ends(void **state)
{
    static const struct {
        const char *name, *masked;
    } cases[] = {
        { "王小明", "王*明" },
        { "王明", "王*" },
        { "欧阳小明", "欧**明" },
        { "王", "*" },
        { "", "*" },
        { "Li", "L*" },
        { "Ann", "A*n" },
        { "阿卜杜拉·买买提", "阿****提" },
        { "abcdefghijklmnop", "a****p" },
        { "𠮷野家", "𠮷*家" },
        { "é𠮷", "é*" },
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(name_masked(&arena, cases[i].name), cases[i].masked);
    arena_done(&arena);
}

static void members_of_an_object_are_parted_by_commas(void **state)
{
    TEXT(out);

    (void)state;
    text_char(&out, '{');
    show_string(&out, "name", "a\"b");
    show_string(&out, "none", NULL);
    show_int(&out, "n", -3);
    show_int_or_null(&out, "members", -1, -1);
    show_int_or_null(&out, "more", 0, -1);
    show_bool(&out, "is", true);
    show_points(&out, "score", 1250);
    show_time(&out, "at", 1777597200000, 8 * 3600000);
    show_time(&out, "never", 0, 0);
    show_id(&out, "id", INT64_MAX);
    show_key(&out, "inner");
    text_char(&out, '{');
    show_int(&out, "x", 1);
    text_string(&out, "}}");
    assert_string_equal(
        out.data,
        "{\"name\":\"a\\\"b\",\"none\":null,\"n\":-3,\"members\":null,\"more\":0,"
        "\"is\":true,\"score\":12.5,\"at\":\"2026-05-01T09:00:00+08:00\","
        "\"never\":null,\"id\":\"9223372036854775807\",\"inner\":{\"x\":1}}");
}

static void a_list_ends_with_where_to_go_on(void **state)
{
    TEXT(out);

    (void)state;
    text_string(&out, "{\"items\":[1");
    show_next(&out, "abc");
    assert_string_equal(out.data, "{\"items\":[1],\"next\":\"abc\"");
    text_clear(&out);
    text_string(&out, "{\"items\":[");
    show_next(&out, NULL);
    assert_string_equal(out.data, "{\"items\":[],\"next\":null");
}

static void nobody_has_no_place(void **state)
{
    TEXT(out);

    (void)state;
    show_place(&out, NULL, BOARD_ALL, 7, 0);
    show_rank(&out, NULL, BOARD_ALL, 7);
    assert_string_equal(out.data, "nullnull");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_masked_but_for_their_ends),
        cmocka_unit_test(members_of_an_object_are_parted_by_commas),
        cmocka_unit_test(a_list_ends_with_where_to_go_on),
        cmocka_unit_test(nobody_has_no_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
