#pragma once
#include <stdint.h>
#include "rank/tree.h"

/* Sorts n entries, whose heads are filled in, by the keys of their records.  `scratch`
 * has room for as many. */
void sort_entries(struct entry *entries, struct entry *scratch, uint32_t n,
                  const struct records *records);
