#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/cursor.h"

/* A request that has nothing but the parameter. */
static struct request request_with(const char *cursor)
{
    struct request req = { .n_query = cursor ? 1 : 0 };

    req.query[0] = (struct pair){ "cursor", cursor };
    return req;
}

static void numbers_come_back_from_a_cursor(void **state)
{
    static const int64_t numbers[CURSOR_NUMBERS] = { 0, -1, INT64_MAX, INT64_MIN };

    (void)state;
    for (int n = 0; n <= CURSOR_NUMBERS; n++) {
        char text[CURSOR_TEXT];
        int64_t back[CURSOR_NUMBERS] = { 7, 7, 7, 7 };
        bool found;

        cursor_write('a', numbers, n, text);
        assert_true(strlen(text) < CURSOR_TEXT);
        struct request req = request_with(text);
        assert_true(cursor_read(&req, 'a', back, n, &found));
        assert_true(found);
        for (int i = 0; i < CURSOR_NUMBERS; i++)
            assert_true(back[i] == (i < n ? numbers[i] : 7));
    }
}

static void without_a_cursor_nothing_is_found(void **state)
{
    struct request req = request_with(NULL);
    int64_t number = 7;
    bool found = true;

    (void)state;
    assert_true(cursor_read(&req, 'a', &number, 1, &found));
    assert_false(found);
    assert_int_equal(number, 7);
}

static void a_single_number_lies_within(void **state)
{
    static const struct {
        int64_t number;
        bool is_good;
    } lines[] = {
        { 1, true }, { 9, true }, { 0, false }, { 10, false }, { INT64_MIN, false }
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char text[CURSOR_TEXT];
        int64_t back = 7;

        cursor_write('a', &lines[i].number, 1, text);
        struct request req = request_with(text);
        assert_int_equal(cursor_read_one(&req, 'a', 1, 9, &back), lines[i].is_good);
        assert_true(back == (lines[i].is_good ? lines[i].number : 7));
        assert_int_equal(req.task.error.problem,
                         lines[i].is_good ? PROBLEM_NONE : PROBLEM_CURSOR_BAD);
    }
}

static void assert_refused(const char *text, int n)
{
    struct request req = request_with(text);
    int64_t numbers[CURSOR_NUMBERS];
    bool found;

    assert_false(cursor_read(&req, 'a', numbers, n, &found));
    assert_int_equal(req.task.error.problem, PROBLEM_CURSOR_BAD);
}

static void a_cursor_of_another_list_is_refused(void **state)
{
    char text[CURSOR_TEXT];

    (void)state;
    cursor_write('b', (int64_t[]){ 1, 2 }, 2, text);
    assert_refused(text, 2);
    cursor_write('a', (int64_t[]){ 1, 2 }, 2, text);
    assert_refused(text, 1);
    assert_refused(text, 3);
}

static void what_is_no_cursor_is_refused(void **state)
{
    char cursor[CURSOR_TEXT], longer[CURSOR_TEXT + 100];

    (void)state;
    assert_refused("", 1);
    assert_refused("x", 1);
    assert_refused("YQ==", 0);
    assert_refused("YQ ", 0);
    cursor_write('a', (int64_t[]){ 1 }, 1, cursor);
    snprintf(longer, sizeof(longer), "%sAAAA", cursor);
    assert_refused(longer, 1);
    memset(longer, 'A', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_refused(longer, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back_from_a_cursor),
        cmocka_unit_test(without_a_cursor_nothing_is_found),
        cmocka_unit_test(a_single_number_lies_within),
        cmocka_unit_test(a_cursor_of_another_list_is_refused),
        cmocka_unit_test(what_is_no_cursor_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
