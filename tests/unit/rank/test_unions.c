#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rank/unions.h"

static void add(struct unions *unions, int32_t id, int32_t parent_id, const char *code,
                const char *name, int32_t members)
{
    unions_add(unions, id, parent_id, code, name, "region", NULL, members);
}

/*
 *   10 B 青海省总工会            20 A 铁路工会 (a second top)
 *     30 B2 西宁市总工会
 *       50 B21 城东区总工会
 *     40 B1 海东市总工会
 */
static struct unions *two_trees(void)
{
    struct unions *unions = unions_new();
    const char *culprit = NULL;

    add(unions, 50, 30, "B21", "城东区总工会", 70);
    add(unions, 10, 0, "B", "青海省总工会", -1);
    add(unions, 30, 10, "B2", "西宁市总工会", -1);
    add(unions, 20, 0, "A", "铁路工会", -1);
    add(unions, 40, 10, "B1", "海东市总工会", 5);
    assert_true(unions_link(unions, &culprit));
    assert_null(culprit);
    return unions;
}

static const struct union_node *node(const struct unions *unions, int32_t id)
{
    return unions_at(unions, unions_find(unions, id));
}

static void a_union_is_found_by_id_and_by_code(void **state)
{
    struct unions *unions = two_trees();

    (void)state;
    assert_int_equal(unions_count(unions), 5);
    assert_int_equal(unions_find(unions, 50), 0);
    assert_int_equal(unions_find_code(unions, "B1"), 4);
    assert_int_equal(unions_find(unions, 51), -1);
    assert_int_equal(unions_find_code(unions, "B22"), -1);
    assert_string_equal(unions_at(unions, 3)->name, "铁路工会");
    assert_null(unions_at(unions, 3)->level);
    unions_free(unions);
}

static void siblings_and_tops_stand_in_order_of_code(void **state)
{
    struct unions *unions = two_trees();

    (void)state;
    assert_int_equal(unions_first_top(unions), unions_find(unions, 20));
    assert_int_equal(node(unions, 20)->next_sibling, unions_find(unions, 10));
    assert_int_equal(node(unions, 10)->next_sibling, -1);
    assert_int_equal(node(unions, 10)->first_child, unions_find(unions, 40));
    assert_int_equal(node(unions, 40)->next_sibling, unions_find(unions, 30));
    assert_int_equal(node(unions, 20)->first_child, -1);
    unions_free(unions);
}

static void depth_and_size_of_the_subtree_are_known(void **state)
{
    struct unions *unions = two_trees();

    (void)state;
    assert_int_equal(node(unions, 10)->depth, 0);
    assert_int_equal(node(unions, 50)->depth, 2);
    assert_int_equal(node(unions, 10)->n_below, 3);
    assert_int_equal(node(unions, 30)->n_below, 1);
    assert_int_equal(node(unions, 20)->n_below, 0);
    assert_int_equal(node(unions, 10)->parent, -1);
    unions_free(unions);
}

static void a_union_is_within_itself_and_its_ancestors_only(void **state)
{
    struct unions *unions = two_trees();
    int low = unions_find(unions, 50), top = unions_find(unions, 10);

    (void)state;
    assert_true(unions_is_within(unions, low, low));
    assert_true(unions_is_within(unions, low, unions_find(unions, 30)));
    assert_true(unions_is_within(unions, low, top));
    assert_false(unions_is_within(unions, top, low));
    assert_false(unions_is_within(unions, low, unions_find(unions, 40)));
    assert_false(unions_is_within(unions, low, unions_find(unions, 20)));
    unions_free(unions);
}

static void known_members_add_up_and_none_known_is_minus_one(void **state)
{
    struct unions *unions = two_trees();

    (void)state;
    assert_int_equal(unions_members_below(unions, unions_find(unions, 10)), 75);
    assert_int_equal(unions_members_below(unions, unions_find(unions, 30)), 70);
    assert_int_equal(unions_members_below(unions, unions_find(unions, 20)), -1);
    unions_free(unions);
}

static void a_missing_parent_is_named_by_its_child(void **state)
{
    struct unions *unions = unions_new();
    const char *culprit = NULL;

    (void)state;
    add(unions, 1, 0, "top", "top", 0);
    add(unions, 2, 9, "lost", "lost", 0);
    assert_false(unions_link(unions, &culprit));
    assert_string_equal(culprit, "lost");
    unions_free(unions);
}

static void a_code_or_an_id_that_stands_twice_is_refused(void **state)
{
    const char *culprit = NULL;

    (void)state;
    for (int same_id = 0; same_id < 2; same_id++) {
        struct unions *unions = unions_new();

        add(unions, 1, 0, "x", "one", 0);
        add(unions, same_id ? 1 : 2, 0, same_id ? "y" : "x", "two", 0);
        assert_false(unions_link(unions, &culprit));
        assert_true(strcmp(culprit, "x") == 0 || strcmp(culprit, "y") == 0);
        unions_free(unions);
    }
}

static void a_union_that_is_its_own_ancestor_is_refused(void **state)
{
    struct unions *unions = unions_new();
    const char *culprit = NULL;

    (void)state;
    add(unions, 1, 0, "top", "top", 0);
    add(unions, 5, 4, "below", "below the circle", 0);
    add(unions, 2, 3, "a", "a", 0);
    add(unions, 3, 4, "b", "b", 0);
    add(unions, 4, 2, "c", "c", 0);
    assert_false(unions_link(unions, &culprit));
    assert_true(strlen(culprit) == 1);
    unions_free(unions);

    unions = unions_new();
    add(unions, 1, 1, "self", "self", 0);
    assert_false(unions_link(unions, &culprit));
    assert_string_equal(culprit, "self");
    unions_free(unions);
}

static void no_unions_at_all_are_linked_too(void **state)
{
    struct unions *unions = unions_new();
    const char *culprit = NULL;
    int out;

    (void)state;
    assert_int_equal(unions_find(unions, 1), -1);
    assert_int_equal(unions_find_code(unions, "x"), -1);
    assert_true(unions_link(unions, &culprit));
    assert_int_equal(unions_count(unions), 0);
    assert_int_equal(unions_first_top(unions), -1);
    assert_int_equal(unions_search(unions, "x", -1, 1, &out), 0);
    unions_free(unions);
    unions_free(NULL);
}

static void more_unions_may_be_added_and_linked_again(void **state)
{
    struct unions *unions = two_trees();
    const char *culprit = NULL;
    int out;

    (void)state;
    add(unions, 60, 20, "A1", "机务段工会", 9);
    assert_true(unions_link(unions, &culprit));
    assert_int_equal(unions_find(unions, 50), 0);
    assert_int_equal(node(unions, 20)->n_below, 1);
    assert_int_equal(node(unions, 10)->n_below, 3);
    assert_int_equal(unions_members_below(unions, unions_find(unions, 20)), 9);
    assert_int_equal(unions_search(unions, "机务", -1, 1, &out), 1);
    assert_int_equal(out, 5);
    unions_free(unions);
}

static void the_search_finds_parts_of_names_and_codes_in_order(void **state)
{
    struct unions *unions = two_trees();
    int out[8];

    (void)state;
    assert_int_equal(unions_search(unions, "总工会", -1, 8, out), 4);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[3], 4);
    assert_int_equal(unions_search(unions, "b2", -1, 8, out), 2);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 2);
    assert_int_equal(unions_search(unions, "nothing", -1, 8, out), 0);
    assert_int_equal(unions_search(unions, "会\nB", -1, 8, out), 4);
    assert_int_equal(unions_search(unions, "  ", -1, 8, out), 5);
    unions_free(unions);
}

static void the_search_wants_every_word(void **state)
{
    struct unions *unions = two_trees();
    int out[8];

    (void)state;
    assert_int_equal(unions_search(unions, " 总工会  市 ", -1, 8, out), 2);
    assert_int_equal(out[0], 2);
    assert_int_equal(out[1], 4);
    assert_int_equal(unions_search(unions, "西宁 B1", -1, 8, out), 0);
    unions_free(unions);
}

static void the_search_goes_on_behind_the_last_one_found(void **state)
{
    struct unions *unions = two_trees();
    int out[8], n = 0, after = -1;

    (void)state;
    while (unions_search(unions, "总工会", after, 1, &out[n]) == 1)
        after = out[n++];
    assert_int_equal(n, 4);
    assert_int_equal(out[1], 1);
    assert_int_equal(unions_search(unions, "总工会", 99, 1, out), 0);
    unions_free(unions);
}

/* Parents are drawn among smaller ids, and all are added from the last to the first. */
static struct unions *random_tree(int n)
{
    struct unions *unions = unions_new();
    const char *culprit;

    srand(7);
    for (int id = n; id > 0; id--) {
        char code[16];

        snprintf(code, sizeof(code), "c%05d", id);
        add(unions, id, id < 4 ? 0 : 1 + rand() % (id - 1), code, code, id % 3 - 1);
    }
    assert_true(unions_link(unions, &culprit));
    return unions;
}

static int64_t known_members(const struct unions *unions, int top)
{
    int64_t sum = -1;

    for (int i = 0; i < unions_count(unions); i++) {
        int32_t members = unions_at(unions, i)->members;

        if (unions_is_within(unions, i, top) && members >= 0)
            sum = (sum < 0 ? 0 : sum) + members;
    }
    return sum;
}

static void sums_over_a_random_tree_agree_with_counting(void **state)
{
    enum { N = 600 };
    struct unions *unions = random_tree(N);

    (void)state;
    for (int top = 0; top < N; top++) {
        int n = 0, children = 0;

        for (int i = 0; i < N; i++)
            n += unions_is_within(unions, i, top);
        assert_int_equal(unions_at(unions, top)->n_below, n - 1);
        assert_int_equal(unions_members_below(unions, top), known_members(unions, top));
        for (int i = unions_at(unions, top)->first_child; i >= 0;
             i = unions_at(unions, i)->next_sibling) {
            assert_int_equal(unions_at(unions, i)->parent, top);
            children += unions_at(unions, i)->n_below + 1;
        }
        assert_int_equal(children, n - 1);
    }
    unions_free(unions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_union_is_found_by_id_and_by_code),
        cmocka_unit_test(siblings_and_tops_stand_in_order_of_code),
        cmocka_unit_test(depth_and_size_of_the_subtree_are_known),
        cmocka_unit_test(a_union_is_within_itself_and_its_ancestors_only),
        cmocka_unit_test(known_members_add_up_and_none_known_is_minus_one),
        cmocka_unit_test(a_missing_parent_is_named_by_its_child),
        cmocka_unit_test(a_code_or_an_id_that_stands_twice_is_refused),
        cmocka_unit_test(a_union_that_is_its_own_ancestor_is_refused),
        cmocka_unit_test(no_unions_at_all_are_linked_too),
        cmocka_unit_test(more_unions_may_be_added_and_linked_again),
        cmocka_unit_test(the_search_finds_parts_of_names_and_codes_in_order),
        cmocka_unit_test(the_search_wants_every_word),
        cmocka_unit_test(the_search_goes_on_behind_the_last_one_found),
        cmocka_unit_test(sums_over_a_random_tree_agree_with_counting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
