#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/alike.h"

static void of_long_papers_fewer_attempts_are_compared(void **state)
{
    (void)state;
    assert_int_equal(alike_per_person(1), ALIKE_PER_PERSON);
    assert_int_equal(alike_per_person(26), 3);
    assert_int_equal(alike_per_person(27), 2);
    assert_int_equal(alike_per_person(40), 2);
    assert_int_equal(alike_per_person(41), 1);
    assert_int_equal(alike_per_person(1000), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_long_papers_fewer_attempts_are_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
