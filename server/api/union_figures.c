#include "api/union_figures.h"

#include "api/show.h"

/* Rounded to the nearest, halves up. */
static int64_t divide(int64_t a, int64_t b)
{
    return (2 * a + b) / (2 * b);
}

struct union_figures union_figures_of(const struct league *league,
                                      const struct unions *unions, int index)
{
    struct union_figures f = { .index = index,
                               .members = unions_members_below(unions, index),
                               .rate = -1 };

    if (league)
        f.sums = league_sums(league, index, true);
    if (f.sums.heads)
        f.mean = divide(f.sums.score, f.sums.heads);
    if (f.members > 0)
        f.rate = divide(f.sums.heads * 10000, f.members);
    return f;
}

void union_figures_show(struct text *out, const struct union_figures *figures)
{
    show_int(out, "heads", figures->sums.heads);
    show_int(out, "attempts", figures->sums.attempts);
    show_int_or_null(out, "members", figures->members, -1);
    show_points(out, "sum", figures->sums.score);
    show_points(out, "mean", figures->mean);
    show_key(out, "rate");
    if (figures->rate < 0)
        text_string(out, "null");
    else
        text_points(out, figures->rate);
}
