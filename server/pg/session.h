#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/rows.h"
#include "util/error.h"

/* One connection that blocks: for the commands (migrate, import, verify) and for what
 * is read before the loop runs.  Errors of SQL come back with the server's message,
 * because an operator reads them; they must not be shown to clients. */
struct session;

struct db_error { /* an operator's error: what the database said */
    char sqlstate[6];
    char text[500];
};

/* NULL: it failed. */
struct session *session_open(const char *conninfo, struct db_error *err);
void session_close(struct session *session);

/* Several statements without values (a migration file, begin, commit). */
bool session_run(struct session *session, const char *sql, struct db_error *err);

/* One statement with values as text ($1 is values[0]; NULL binds null).  The rows are
 * read with pg/rows.h and freed with session_free; `sql` must live as long. */
struct rows *session_query(struct session *session, const char *sql, int n_values,
                           const char *const *values, struct db_error *err);
void session_free(struct rows *rows);

/* "copy (select ...) to stdout (format binary)": calls `row` for each, positioned for
 * reading its columns with the rows_ functions.  A copy tells no types, so only lengths
 * are checked: cast jsonb and numbers to what is read.  At most 64 columns. */
bool session_copy(struct session *session, const char *sql,
                  void (*row)(struct rows *rows, void *context), void *context,
                  struct db_error *err);
