#include "stats/haste.h"

static bool by_clock(const struct haste *haste)
{
    return haste->duration_ms < (int64_t)haste->n_given * HASTE_ANSWER_MS &&
           haste->n_right * 100 >= haste->n_given * HASTE_RIGHT_PERCENT;
}

static bool as_told(const struct haste *haste)
{
    return haste->n_quick >= HASTE_ANSWERS && haste->n_quick * 2 >= haste->n_given;
}

bool haste_is(const struct haste *haste)
{
    return haste->n_given >= HASTE_ANSWERS && (by_clock(haste) || as_told(haste));
}
