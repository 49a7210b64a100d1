#pragma once
#include "api/union_figures.h"
#include "util/arena.h"

/* Unions beside each other, each with its whole subtree, ordered by a measure; then by heads,
 * then by code. */
enum measure { MEASURE_SUM, MEASURE_MEAN, MEASURE_RATE, MEASURE_HEADS };
extern const char *const measure_names[]; /* "sum", ...; ends with NULL */

struct union_ranking {
    const struct unions *unions;
    enum measure measure;
    int n;
    struct union_figures *lines;
};

/* The children of `parent`.  BOARD_ALL means what a campaign begins with: the children of
 * `top`, the code of the union that takes part, or the tops of all trees if that is NULL. */
struct union_ranking union_ranking_of(struct arena *arena, const struct league *league,
                                      const struct unions *unions, const char *top,
                                      int parent, enum measure measure);
/* {"rank","code","name","heads",...}: unions that are equal share the best rank. */
void union_ranking_show(struct text *out, const struct union_ranking *ranking, int line);
