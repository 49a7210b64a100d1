#include "trees.h"

#include "api/scope.h"
#include "rank/board.h"
#include "util/text.h"

/* The codes in the order of the walk. */
static void assert_walk(const struct unions *unions, int top, const char *expected)
{
    TEXT(codes);
    int n = 0;

    for (int i = BOARD_ALL; (i = scope_next(unions, top, i)) >= 0 && n < 100; n++)
        text_printf(&codes, "%s%s", n ? " " : "", unions_at(unions, i)->code);
    assert_string_equal(codes.data, expected);
}

static void every_tree_is_walked_with_children_behind_their_parent(void **state)
{
    assert_walk(*state, BOARD_ALL, "a a1 a11 a12 a2 b");
}

static void a_subtree_is_walked_and_nothing_beside_it(void **state)
{
    const struct unions *unions = *state;

    assert_walk(unions, unions_find_code(unions, "a"), "a a1 a11 a12 a2");
    assert_walk(unions, unions_find_code(unions, "a1"), "a1 a11 a12");
    assert_walk(unions, unions_find_code(unions, "a12"), "a12");
    assert_walk(unions, unions_find_code(unions, "a2"), "a2");
    assert_walk(unions, unions_find_code(unions, "b"), "b");
}

static void without_unions_the_walk_is_over_at_once(void **state)
{
    struct unions *unions = unions_new();
    const char *culprit;

    (void)state;
    assert_true(unions_link(unions, &culprit));
    assert_int_equal(scope_next(unions, BOARD_ALL, BOARD_ALL), -1);
    unions_free(unions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREES(every_tree_is_walked_with_children_behind_their_parent),
        TREES(a_subtree_is_walked_and_nothing_beside_it),
        cmocka_unit_test(without_unions_the_walk_is_over_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
