#pragma once
#include <stdbool.h>
#include "util/arena.h"

/* What people write, folded (bank/fold.h), for a type, a difficulty, right and wrong.
 */
bool word_is_one_of(const char *folded, const char *const *words); /* ends with NULL */
int word_type(const char *folded);       /* enum question_type; -1: none */
int word_difficulty(const char *folded); /* 1 to 3; 0: none */
int word_truth(const char *folded);      /* 1, 0; -1: neither */

/* The gap of a blank is ____ ; teachers also type longer and shorter lines, or
 * brackets. */
const char *gap_unified(struct arena *arena, const char *stem);
/* The stem of a blank that has no gap ends with one, as other programs show it. */
const char *stem_with_gap(struct arena *arena, const char *stem);
