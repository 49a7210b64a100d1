#pragma once
#include <stdbool.h>
#include <jansson.h>
#include "live.h"
#include "pg/session.h"

/* Databases of their own for tests, and short ways to look into them. */

/* Makes a database of this name anew, empty, and says how to connect to it. */
const char *ground_empty(const char *name);
/* The same with the schema of this house. */
const char *ground_migrated(const char *name);

struct session *ground_session(const char *conninfo);
void ground_run(struct session *session, const char *sql);
/* The only column of the only row, as text; valid until the next call. */
const char *ground_text(struct session *session, const char *sql);
int ground_number(struct session *session, const char *sql);

/* JSON with ' for ", so that it can be read in C. */
json_t *ground_json(const char *text);
