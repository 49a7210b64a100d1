#pragma once
#include <stdint.h>
#include "rank/board.h"
#include "rank/unions.h"
#include "util/text.h"

/* What a union's subtree did: the sums, and the measures that unions are compared by. */
struct union_figures {
    int index;
    struct union_sums sums;
    int64_t members;      /* of the subtree's rosters; -1: not known */
    int64_t mean;         /* score per head, in hundredths, rounded; 0 without heads */
    int64_t rate;         /* heads per member, in hundredths of a percent; -1: not known */
};

struct union_figures union_figures_of(const struct league *league,
                                      const struct unions *unions, int index);
/* "heads","attempts","members","sum","mean","rate" */
void union_figures_show(struct text *out, const struct union_figures *figures);
