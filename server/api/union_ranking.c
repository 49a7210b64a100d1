#include "api/union_ranking.h"

#include <stdlib.h>
#include <string.h>

#include "api/show.h"

const char *const measure_names[] = { "sum", "mean", "rate", "heads", NULL };

static int64_t measured(const struct union_figures *f, enum measure measure)
{
    switch (measure) {
    case MEASURE_SUM: return f->sums.score;
    case MEASURE_MEAN: return f->mean;
    case MEASURE_RATE: return f->rate;
    case MEASURE_HEADS: return f->sums.heads;
    }
    return 0;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct union_figures *x = a, *y = b;
    const struct union_ranking *by = context;
    int64_t d = measured(y, by->measure) - measured(x, by->measure);

    if (!d)
        d = y->sums.heads - x->sums.heads;
    if (!d)
        d = strcmp(unions_at(by->unions, x->index)->code,
                   unions_at(by->unions, y->index)->code);
    return (d > 0) - (d < 0);
}

static int first_of(const struct unions *unions, const char *top, int parent)
{
    if (parent == BOARD_ALL && top)
        parent = unions_find_code(unions, top);
    return parent < 0 ? unions_first_top(unions) : unions_at(unions, parent)->first_child;
}

struct union_ranking union_ranking_of(struct arena *arena, const struct league *league,
                                      const struct unions *unions, const char *top,
                                      int parent, enum measure measure)
{
    struct union_ranking ranking = { .unions = unions, .measure = measure };
    int first = first_of(unions, top, parent), n = 0;

    for (int i = first; i >= 0; i = unions_at(unions, i)->next_sibling)
        n++;
    ranking.lines = arena_alloc(arena, (size_t)n * sizeof(*ranking.lines));
    for (int i = first; i >= 0; i = unions_at(unions, i)->next_sibling)
        ranking.lines[ranking.n++] = union_figures_of(league, unions, i);
    qsort_r(ranking.lines, (size_t)n, sizeof(*ranking.lines), compare, &ranking);
    return ranking;
}

static bool is_level(const struct union_ranking *ranking, int a, int b)
{
    const struct union_figures *x = &ranking->lines[a], *y = &ranking->lines[b];

    return measured(x, ranking->measure) == measured(y, ranking->measure) &&
           x->sums.heads == y->sums.heads;
}

void union_ranking_show(struct text *out, const struct union_ranking *ranking, int line)
{
    const struct union_figures *figures = &ranking->lines[line];
    const struct union_node *node = unions_at(ranking->unions, figures->index);
    int rank = line;

    while (rank && is_level(ranking, rank - 1, line))
        rank--;
    text_char(out, '{');
    show_int(out, "rank", rank + 1);
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    union_figures_show(out, figures);
    text_char(out, '}');
}
