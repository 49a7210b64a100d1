#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "util/task.h"

struct wait {
    struct task task; /* first: one is the other */
    int n_resumed, pending_then;
    int n_more; /* begun from within resume */
};

static void on_resume(struct task *task)
{
    struct wait *wait = (struct wait *)task;

    wait->n_resumed++;
    wait->pending_then = task->pending;
    for (; wait->n_more; wait->n_more--)
        task_begin(task);
}

static void a_task_goes_on_when_all_has_ended(void **state)
{
    struct wait wait = { .task.resume = on_resume };

    (void)state;
    for (int i = 0; i < 3; i++)
        task_begin(&wait.task);
    task_end(&wait.task, NULL);
    task_end(&wait.task, NULL);
    assert_int_equal(wait.n_resumed, 0);
    task_end(&wait.task, NULL);
    assert_int_equal(wait.n_resumed, 1);
    assert_int_equal(wait.pending_then, 0);
    assert_false(task_has_failed(&wait.task));
}

static void the_first_error_is_kept(void **state)
{
    struct wait wait = { .task.resume = on_resume };
    struct error none = { 0 }, busy, broken;

    (void)state;
    error_set(&busy, PROBLEM_BUSY);
    error_set(&broken, PROBLEM_BROKEN, "x");
    for (int i = 0; i < 4; i++)
        task_begin(&wait.task);
    task_end(&wait.task, &none);
    assert_false(task_has_failed(&wait.task));
    task_end(&wait.task, &busy);
    task_end(&wait.task, &broken);
    assert_int_equal(wait.n_resumed, 0);
    task_end(&wait.task, NULL);
    assert_int_equal(wait.n_resumed, 1);
    assert_true(task_has_failed(&wait.task));
    assert_int_equal(wait.task.error.problem, PROBLEM_BUSY);
}

static void more_may_be_begun_when_it_goes_on(void **state)
{
    struct wait wait = { .task.resume = on_resume, .n_more = 2 };

    (void)state;
    task_begin(&wait.task);
    task_end(&wait.task, NULL);
    assert_int_equal(wait.n_resumed, 1);
    assert_int_equal(wait.task.pending, 2);
    task_end(&wait.task, NULL);
    task_end(&wait.task, NULL);
    assert_int_equal(wait.n_resumed, 2);
}

static void nobody_need_be_called(void **state)
{
    struct task task = { 0 };

    (void)state;
    task_begin(&task);
    task_end(&task, NULL);
    assert_int_equal(task.pending, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_goes_on_when_all_has_ended),
        cmocka_unit_test(the_first_error_is_kept),
        cmocka_unit_test(more_may_be_begun_when_it_goes_on),
        cmocka_unit_test(nobody_need_be_called),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
