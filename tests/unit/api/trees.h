#pragma once
/* Unions for the tests of api/: two trees side by side.
 *
 *     a (100) -- a1 (30) -- a11 (?), a12 (5)
 *             -- a2 (0)
 *     b (?)
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rank/unions.h"

static inline int trees_open(void **state)
{
    struct unions *unions = unions_new();
    const char *culprit;

    unions_add(unions, 1, 0, "a", "甲", "province", "省", 100);
    unions_add(unions, 2, 0, "b", "乙", "industry", "业", -1);
    unions_add(unions, 5, 3, "a12", "甲一二", NULL, NULL, 5);
    unions_add(unions, 3, 1, "a1", "甲一", NULL, NULL, 30);
    unions_add(unions, 4, 3, "a11", "甲一一", NULL, NULL, -1);
    unions_add(unions, 6, 1, "a2", "甲二", NULL, NULL, 0);
    *state = unions;
    return unions_link(unions, &culprit) ? 0 : -1;
}

static inline int trees_close(void **state)
{
    unions_free(*state);
    return 0;
}

#define TREES(name) cmocka_unit_test_setup_teardown(name, trees_open, trees_close)
