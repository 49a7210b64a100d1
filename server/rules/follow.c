/* What of the rules is fixed once people have scores and ranks by them. */
#include "rules/rules.h"

#include <string.h>

static bool same_order(const struct order *a, const struct order *b)
{
    if (a->n_keys != b->n_keys || a->is_shared != b->is_shared)
        return false;
    for (int i = 0; i < a->n_keys; i++)
        if (a->keys[i] != b->keys[i])
            return false;
    return true;
}

static bool same_boards(const struct rules *a, const struct rules *b)
{
    return a->board_day == b->board_day && a->board_week == b->board_week &&
           a->board_month == b->board_month;
}

/* The first field that has changed and may not; NULL if none. */
static const char *fixed_change(const struct rules *was, const struct rules *now)
{
    if (strcmp(was->slug, now->slug))
        return "campaign";
    if (was->utc_offset_ms != now->utc_offset_ms)
        return "time_zone";
    if (was->partial != now->partial)
        return "scoring";
    if (was->counts != now->counts)
        return "counts";
    if (!same_order(&was->order, &now->order))
        return "order";
    return same_boards(was, now) ? NULL : "boards";
}

bool rules_may_follow(const struct rules *was, const struct rules *now,
                      struct error *err)
{
    const char *field = fixed_change(was, now);

    if (!field)
        return true;
    error_set(err, PROBLEM_RULES_FIXED, field);
    return error_within(err, "/%s", field);
}
