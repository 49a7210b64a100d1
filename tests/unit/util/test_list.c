#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>

#include "util/list.h"

struct item {
    int number;
    struct link link;
};

static struct item items[6];

static void fill(struct link *head, int from, int to)
{
    list_init(head);
    for (int i = from; i < to; i++) {
        items[i].number = i;
        list_append(head, &items[i].link);
    }
}

/* Forwards and backwards, the numbers are these. */
static void assert_numbers(const struct link *head, const int *numbers, int n)
{
    const struct link *link = head->next;

    for (int i = 0; i < n; i++, link = link->next)
        assert_int_equal(LIST_ITEM(link, struct item, link)->number, numbers[i]);
    assert_ptr_equal(link, head);
    link = head->prev;
    for (int i = n - 1; i >= 0; i--, link = link->prev)
        assert_int_equal(LIST_ITEM(link, struct item, link)->number, numbers[i]);
    assert_ptr_equal(link, head);
}

static void what_is_appended_comes_in_that_order(void **state)
{
    struct link head;

    (void)state;
    list_init(&head);
    assert_true(list_is_empty(&head));
    fill(&head, 0, 3);
    assert_false(list_is_empty(&head));
    assert_numbers(&head, (int[]){ 0, 1, 2 }, 3);
}

static void a_link_is_removed_from_any_place_and_twice(void **state)
{
    struct link head;

    (void)state;
    fill(&head, 0, 5);
    list_remove(&items[2].link);
    list_remove(&items[2].link);
    assert_numbers(&head, (int[]){ 0, 1, 3, 4 }, 4);
    list_remove(&items[0].link);
    list_remove(&items[4].link);
    assert_numbers(&head, (int[]){ 1, 3 }, 2);
    assert_true(list_is_empty(&items[2].link));
    list_append(&head, &items[2].link);
    assert_numbers(&head, (int[]){ 1, 3, 2 }, 3);
}

static void all_are_moved_behind_the_last(void **state)
{
    struct link to, from;

    (void)state;
    fill(&to, 0, 2);
    fill(&from, 2, 5);
    list_move_all(&to, &from);
    assert_numbers(&to, (int[]){ 0, 1, 2, 3, 4 }, 5);
    assert_true(list_is_empty(&from));
}

static void moving_from_and_to_an_empty_ring(void **state)
{
    struct link to, from;

    (void)state;
    fill(&to, 0, 2);
    list_init(&from);
    list_move_all(&to, &from);
    assert_numbers(&to, (int[]){ 0, 1 }, 2);
    list_move_all(&from, &to);
    assert_numbers(&from, (int[]){ 0, 1 }, 2);
    assert_true(list_is_empty(&to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_comes_in_that_order),
        cmocka_unit_test(a_link_is_removed_from_any_place_and_twice),
        cmocka_unit_test(all_are_moved_behind_the_last),
        cmocka_unit_test(moving_from_and_to_an_empty_ring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
