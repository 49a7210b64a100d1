#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <jansson.h>

#include "bank/bank.h"

static json_t *question(const char *id, const char *stem)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:b, s:{s:s, s:s}}", "id", id,
                     "type", "judge", "topic", "union-law", "difficulty", 1, "stem",
                     stem, "explanation", "工会法有规定。", "key", 1, "source",
                     "document", "工会法", "locator", "第二条");
}

static void add(struct bank *bank, const char *id, int32_t revision, const char *stem)
{
    struct error err;
    json_t *body = question(id, stem);

    assert_true(bank_add(bank, id, revision, body, &err));
    json_decref(body);
}

static void a_question_is_found_by_id_and_revision(void **state)
{
    struct bank *bank = bank_new();

    (void)state;
    add(bank, "a-1", 1, "第一版题干");
    add(bank, "a-1", 2, "第二版题干");
    assert_string_equal(bank_find(bank, "a-1", 1)->stem, "第一版题干");
    assert_string_equal(bank_find(bank, "a-1", 2)->stem, "第二版题干");
    assert_int_equal(bank_find(bank, "a-1", 2)->revision, 2);
    assert_null(bank_find(bank, "a-1", 3));
    assert_null(bank_find(bank, "a-2", 1));
    bank_free(bank);
}

static void a_revision_that_is_there_is_not_read_again(void **state)
{
    struct bank *bank = bank_new();

    (void)state;
    add(bank, "a-1", 1, "第一版题干");
    const struct question *first = bank_find(bank, "a-1", 1);
    add(bank, "a-1", 1, "另外的题干");
    assert_ptr_equal(bank_find(bank, "a-1", 1), first);
    assert_string_equal(first->stem, "第一版题干");
    assert_int_equal(bank_count(bank), 1);
    bank_free(bank);
}

static void a_bad_body_or_one_of_another_question_is_refused(void **state)
{
    struct bank *bank = bank_new();
    struct error err;
    json_t *body = question("a-1", "第一版题干");

    (void)state;
    assert_false(bank_add(bank, "a-2", 1, body, &err));
    assert_int_equal(err.problem, PROBLEM_QUESTION_BAD);
    assert_string_equal(err.where, "/id");
    json_object_del(body, "key");
    assert_false(bank_add(bank, "a-1", 1, body, &err));
    assert_string_equal(err.where, "/key");
    assert_int_equal(bank_count(bank), 0);
    json_decref(body);
    bank_free(bank);
}

static void questions_stay_where_they_are_while_the_bank_grows(void **state)
{
    enum { N = 3000 };
    static const struct question *places[N];
    struct bank *bank = bank_new();
    char id[32];

    (void)state;
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof(id), "a-%d", i / 2);
        add(bank, id, i % 2, "同一个题干");
        places[i] = bank_find(bank, id, i % 2);
    }
    assert_int_equal(bank_count(bank), N);
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof(id), "a-%d", i / 2);
        assert_ptr_equal(bank_find(bank, id, i % 2), places[i]);
        assert_string_equal(places[i]->id, id);
    }
    bank_free(bank);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    bank_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_found_by_id_and_revision),
        cmocka_unit_test(a_revision_that_is_there_is_not_read_again),
        cmocka_unit_test(a_bad_body_or_one_of_another_question_is_refused),
        cmocka_unit_test(questions_stay_where_they_are_while_the_bank_grows),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
