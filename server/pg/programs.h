#pragma once
#include "pg/child.h"

struct arena;

/* The folder of PostgreSQL's programs: what pg_config names, else the newest of those
 * that Debian keeps side by side.  With `wanted` not 0, only of that major version,
 * because no PostgreSQL reads the files of another.  NULL: there is none. */
const char *programs_find(const struct user *user, int wanted, struct arena *arena);
