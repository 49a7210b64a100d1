#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/error.h"
#include "util/task.h"

struct pool;
struct rows;
struct event_base;

/* A statement on its way to PostgreSQL and its answer on the way back.  Made by
 * query_new, given values in the order of $1, $2, ..., sent, and freed by the pool when
 * it is over. */
struct query;

/* Reads the rows of a successful answer into `out`; false with err fails the query.  It
 * may keep nothing of `rows`. */
typedef bool (*rows_reader)(struct rows *rows, void *out, struct error *err);

/* `sql` must be a string that lives for ever: it is prepared once per connection under
 * its address and the types of its values (so write casts where a null is bound).  One
 * statement and a transaction of its own: no begin, no copy.  The task (may be NULL)
 * has begun one thing when query_send returns.  Every query made must be sent. */
struct query *query_new(struct pool *pool, struct task *task, const char *sql);

/* The same for what may take more than a few milliseconds: nothing is sent behind it
 * while another connection has room, and such queries have at most half of the
 * connections. */
struct query *query_new_long(struct pool *pool, struct task *task, const char *sql);

/* At most 64 values. */
void query_bind_int16(struct query *query, int16_t value);
void query_bind_int32(struct query *query, int32_t value);
void query_bind_int64(struct query *query, int64_t value);
void query_bind_bool(struct query *query, bool value);
void query_bind_null(struct query *query); /* of the type the statement gives it */

/* What is pointed to is copied; NULL binds null.  JSON is jsonb, given as its text. */
void query_bind_text(struct query *query, const char *value);
void query_bind_bytes(struct query *query, const void *bytes, size_t n);
void query_bind_json(struct query *query, const char *text);

/* One-dimensional arrays, in PostgreSQL's binary form; a NULL among texts, or
 * bytes whose data is NULL, is a null. */
void query_bind_int16_array(struct query *query, const int16_t *values, size_t n);
void query_bind_int32_array(struct query *query, const int32_t *values, size_t n);
void query_bind_int64_array(struct query *query, const int64_t *values, size_t n);
void query_bind_double_array(struct query *query, const double *values, size_t n);
void query_bind_text_array(struct query *query, const char *const *values, size_t n);
struct bytes {
    const void *data; /* NULL: a null */
    size_t size;
};
void query_bind_bytes_array(struct query *query, const struct bytes *values, size_t n);
/* Made by packed_write (pg/packed.h). */
void query_bind_numeric_array(struct query *query, const struct bytes *values,
                              size_t n);

/* Sends it; the answer's rows go to `read` (NULL: none are expected).  Completion comes
 * from the loop, exactly once: task_end of the task.  Fails with PROBLEM_DATABASE_AWAY
 * when the connection was lost before the answer (it may or may not have been carried
 * out), with PROBLEM_BUSY when it took longer than the pool's limit or waited too long
 * for a place, with PROBLEM_STOPPING when the pool was closed first.  `read` runs only
 * after the commit. */
void query_send(struct query *query, rows_reader read, void *out);

/* The same without a task: `done` is called once with the error, or NULL. */
typedef void (*query_done_fn)(const struct error *err, void *context);
void query_send_then(struct query *query, rows_reader read, void *out,
                     query_done_fn done, void *context);
