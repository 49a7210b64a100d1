#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/encode.h"
#include "util/error.h"

enum { MOST = 6 };

/* What a sentence takes: 's' or 'd' for each position, 0 where it takes nothing. */
struct taken {
    char kinds[MOST + 1];
};

/* One conversion behind its %: "s", "1$d", "3$.0s". */
static const char *take(const char *p, int *next, struct taken *out)
{
    char *end;
    long position = strtol(p, &end, 10);

    if (end == p || *end != '$')
        position = ++*next;
    else
        p = end + 1;
    assert_in_range(position, 1, MOST);
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    if (*p != 's' && *p != 'd')
        fail_msg("a conversion %%%c", *p);
    if (out->kinds[position - 1] && out->kinds[position - 1] != *p)
        fail_msg("position %ld is both", position);
    out->kinds[position - 1] = *p;
    return p + 1;
}

static struct taken taken_by(const char *sentence)
{
    struct taken out = { { 0 } };
    int next = 0;

    for (const char *p = sentence; (p = strchr(p, '%'));)
        p = p[1] == '%' ? p + 2 : take(p + 1, &next, &out);
    return out;
}

static void both_languages_take_the_same_arguments(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        struct taken zh = taken_by(error_text((enum problem)i, CHINESE));
        struct taken en = taken_by(error_text((enum problem)i, ENGLISH));

        if (memcmp(&zh, &en, sizeof(zh)))
            fail_msg("%s: \"%s\" and \"%s\"", error_code((enum problem)i), zh.kinds,
                     en.kinds);
    }
}

/* printf need not know how to step over an argument that no conversion names, and glibc
 * ends the program there when it is built with _FORTIFY_SOURCE. */
static void no_sentence_leaves_out_an_argument_before_its_last(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++)
        for (int language = 0; language < N_LANGUAGES; language++) {
            struct taken taken =
                taken_by(error_text((enum problem)i, (enum language)language));
            size_t n = strlen(taken.kinds);

            for (; n < MOST; n++)
                if (taken.kinds[n])
                    fail_msg("%s leaves out an argument", error_code((enum problem)i));
        }
}

static void codes_are_unique_words_in_snake_case(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const char *code = error_code((enum problem)i);

        assert_true(*code);
        assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz_0123456789"),
                         strlen(code));
        for (int other = 0; other < i; other++)
            assert_string_not_equal(code, error_code((enum problem)other));
    }
}

static void every_problem_has_a_fault_a_title_and_a_sentence(void **state)
{
    (void)state;
    assert_int_equal(error_fault(PROBLEM_NONE), FAULT_NONE);
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        assert_int_not_equal(error_fault((enum problem)i), FAULT_NONE);
        for (int language = 0; language < N_LANGUAGES; language++) {
            const char *title = error_title((enum problem)i, (enum language)language);
            const char *text = error_text((enum problem)i, (enum language)language);

            assert_true(*title && *text);
            assert_true(utf8_is_valid(title, strlen(title)));
            assert_true(utf8_is_valid(text, strlen(text)));
        }
        assert_non_null(strstr(error_text((enum problem)i, CHINESE), "。"));
        assert_null(strstr(error_text((enum problem)i, ENGLISH), "。"));
    }
}

static void an_error_is_told_in_both_languages(void **state)
{
    struct error err;

    (void)state;
    memset(&err, 0xee, sizeof(err));
    assert_false(error_set(&err, PROBLEM_POOL_SMALL, 2, 10, 7));
    assert_int_equal(err.problem, PROBLEM_POOL_SMALL);
    assert_string_equal(err.where, "");
    assert_string_equal(err.detail[CHINESE],
                        "第2部分要抽 10 题，题库中只有 7 题符合条件。");
    assert_string_equal(
        err.detail[ENGLISH],
        "Section 2 draws 10 questions and the bank has only 7 that fit.");
}

static void each_language_picks_its_own_words(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, PROBLEM_FIELD_TYPE, "age", "整数", "an integer");
    assert_string_equal(err.detail[CHINESE], "字段“age”应为整数。");
    assert_string_equal(err.detail[ENGLISH], "The field \"age\" should be an integer.");
    error_set(&err, PROBLEM_FILE_CELL, 3, "code", "重复", "stands twice");
    assert_string_equal(err.detail[CHINESE], "第3行“code”列：重复。");
    assert_string_equal(err.detail[ENGLISH], "Line 3, column \"code\": stands twice.");
    error_set(&err, PROBLEM_QUESTION_BAD, "law-001", "没有答案", "has no key");
    assert_string_equal(err.detail[CHINESE], "题目“law-001”：没有答案。");
    assert_string_equal(err.detail[ENGLISH], "Question \"law-001\": has no key.");
    error_set(&err, PROBLEM_RULES_BAD, "太长", "too long");
    assert_string_equal(err.detail[CHINESE], "太长。");
    assert_string_equal(err.detail[ENGLISH], "too long.");
    error_set(&err, PROBLEM_SETTING, "file:4", "不对", "wrong");
    assert_string_equal(err.detail[CHINESE], "file:4：不对。");
    assert_string_equal(err.detail[ENGLISH], "file:4: wrong.");
}

static void a_sentence_is_never_cut_within_a_character(void **state)
{
    char long_one[400];
    struct error err;

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(long_one, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof(long_one); i += 3)
            memcpy(long_one + i, "工\0", 4);
        error_set(&err, PROBLEM_NO_UNION, long_one);
        for (int language = 0; language < N_LANGUAGES; language++) {
            const char *text = err.detail[language];

            assert_in_range(strlen(text), 240, sizeof(err.detail[0]) - 1);
            assert_true(utf8_is_valid(text, strlen(text)));
        }
    }
}

static void steps_are_put_before_where_the_mistake_is(void **state)
{
    struct error err;

    (void)state;
    error_set(&err, PROBLEM_BODY_MISSING);
    assert_false(error_within(&err, "/%s", "choices"));
    assert_false(error_within(&err, "/%d", 3));
    assert_false(error_within(&err, "/answers"));
    assert_string_equal(err.where, "/answers/3/choices");
    assert_int_equal(err.problem, PROBLEM_BODY_MISSING);
}

static void where_is_cut_at_the_end_between_characters(void **state)
{
    struct error err;

    (void)state;
    for (int i = 0; i < 3; i++) {
        error_set(&err, PROBLEM_BODY_MISSING);
        error_within(&err, "%.*s", i, "xx");
        for (int step = 0; step < 40; step++)
            error_within(&err, "/工会");
        assert_true(strlen(err.where) < sizeof(err.where));
        assert_true(utf8_is_valid(err.where, strlen(err.where)));
        assert_memory_equal(err.where, "/工会/工会", 14);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_take_the_same_arguments),
        cmocka_unit_test(no_sentence_leaves_out_an_argument_before_its_last),
        cmocka_unit_test(codes_are_unique_words_in_snake_case),
        cmocka_unit_test(every_problem_has_a_fault_a_title_and_a_sentence),
        cmocka_unit_test(an_error_is_told_in_both_languages),
        cmocka_unit_test(each_language_picks_its_own_words),
        cmocka_unit_test(a_sentence_is_never_cut_within_a_character),
        cmocka_unit_test(steps_are_put_before_where_the_mistake_is),
        cmocka_unit_test(where_is_cut_at_the_end_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
