#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "pg/session.h"
#include "util/error.h"

/* Bringing data in, for the commands, over a session that blocks: each call is one
 * transaction, all or nothing, and may be repeated.  What is brought in stands in files
 * of their own: import_unions.h, import_questions.h, import_campaign.h.
 *
 * Each has its input as JSON, already checked piece by piece; what only the database
 * can know wrong is told through `report`, as many mistakes as there are.  False and
 * nothing told: the database itself failed, and db_error says how. */
struct import_counts {
    int added, changed, same;
};

struct import {
    struct session *session;                                /* the caller's */
    void (*report)(const struct error *err, void *context); /* each mistake */
    void *context;
    struct import_counts counts; /* left here */
    struct db_error
        db_error; /* text is empty when the database had nothing to object */
};

/* ---- for those files; rows are freed with session_free ---- */

/* Runs `work` in a transaction, which is undone if it fails; who listens is told of
 * what was changed. */
bool import_run(struct import *import, bool (*work)(struct import *, const void *input),
                const void *input) __attribute__((warn_unused_result));
/* Tells a mistake; false. */
bool import_refuse(struct import *import, const struct error *err);
/* A statement whose $1 is this JSON; NULL: it failed. */
struct rows *import_query(struct import *import, const char *sql, const json_t *input);
/* How many were added, changed and left, as the one row says; without one the counts
 * stay. */
void import_take_counts(struct import *import, struct rows *rows);
/* A statement with such a row. */
bool import_count(struct import *import, const char *sql, const json_t *input)
    __attribute__((warn_unused_result));
/* One whose every row, a line and a column, names what is wrong; each is told with this
 * problem and its sentence. */
bool import_none(struct import *import, const char *sql, const json_t *input,
                 enum problem problem, const char *zh, const char *en)
    __attribute__((warn_unused_result));
