#pragma once
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "pg/rows.h"
#include "util/list.h"
#include "util/task.h"

/*
 * Many small writes as few large ones.  Each kind of write is one SQL function that takes
 * arrays.  What is added while a call is in flight forms the next call: an idle server adds
 * no delay, a busy one grows its calls, to at most 128 rows: with more, the server waits for
 * the database and the database for the server in turn (measured: a third less at 512).
 * The function answers with an outcome for each row, so one row never fails its neighbours;
 * a row that it leaves out is asked for again in the next call.
 *
 * Every write here may be repeated without harm, so a call whose connection was lost is made
 * again after a moment, for as long as a client would wait; then its rows fail with
 * PROBLEM_DATABASE_AWAY.  A call that fails for another reason is made again row by row, and
 * only the row at fault fails.
 */
struct event_base;
struct pool;
struct batch;

/* The head of every row.  The row is owned by whoever waits (it lies in a request's arena)
 * and must live until its task goes on. */
struct batch_row {
    struct link link;
    struct task *task;
    int64_t person;
    int32_t campaign;
    int64_t added_us;
};

enum batch_type {
    BATCH_END, BATCH_INT16, BATCH_INT32, BATCH_INT64, BATCH_BOOL, BATCH_DOUBLE, BATCH_TEXT,
    BATCH_BYTES,
};

struct batch_column { /* an argument of the function, after the bucket */
    enum batch_type type;
    size_t offset; /* of the member in the row: int16_t, int32_t, int64_t, bool,
                      double, const char *, struct bytes */
};

struct batch_kind {
    const char *sql; /* select idx, ... from function($1, $2, ...) */
    const struct batch_column *columns;
    /* Reads what follows the column idx into the row. */
    void (*read)(struct rows *rows, struct batch_row *row);
    /* Called once a call is committed, before its tasks go on, in the order that it leaves
     * the rows in; may be NULL. */
    void (*committed)(struct batch_row **rows, size_t n, void *context);
};

struct batch *batch_new(struct event_base *base, struct pool *pool,
                        const struct batch_kind *kind, int16_t bucket, void *context);
/* After its pool was closed: what still waits fails with PROBLEM_STOPPING. */
void batch_free(struct batch *batch);

/* Adds a row; its task has begun one thing more.  While the oldest row has waited for 0.6 s, or
 * as the queue moves now more would, the task fails at once with PROBLEM_BUSY. */
void batch_add(struct batch *batch, struct batch_row *row, struct task *task);

struct batch_counts {
    int64_t calls, rows, waiting;
};
struct batch_counts batch_counts(const struct batch *batch);
