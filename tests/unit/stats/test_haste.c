#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "stats/haste.h"

static void who_is_hasty_is_said_by_the_table(void **state)
{
    static const struct {
        struct haste haste; /* given, right, quick, duration */
        bool is_hasty;
    } table[] = {
        { { 20, 16, -1, 39999 }, true },  /* 80 %, below 2 s each */
        { { 20, 16, -1, 40000 }, false }, /* just 2 s each */
        { { 20, 15, -1, 20000 }, false }, /* 75 %: guessed */
        { { 5, 4, -1, 9999 }, true },     /* the fewest answers */
        { { 4, 4, -1, 100 }, false },     /* too few to say */
        { { 0, 0, 0, 0 }, false },
        { { 20, 12, 10, 600000 }, true }, /* half of them quick, as told */
        { { 20, 12, 9, 600000 }, false },
        { { 5, 5, 5, 600000 }, true },
        { { 8, 4, 4, 600000 }, false }, /* half, but four */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(haste_is(&table[i].haste), table[i].is_hasty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_hasty_is_said_by_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
