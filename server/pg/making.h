#pragma once
#include <stdbool.h>

struct place;
struct cluster_error;

/* Makes the database files of a place with the initdb in `bin`, which takes seconds. No
 * half-made database is ever called data: what was interrupted is thrown away and made
 * again. */
bool making_run(struct place *place, const char *bin, struct cluster_error *err);
