/*
 *   batch_add --> waiting --(send_next)--> in flight --(on_answer)--> task_end
 *                    ^                         |
 *                    +----(rest)---(retry)-----+
 *                 alone <------(isolate)-------+   a call that failed, row by row
 *
 * One call is in flight for each batch.  Two rows of one person in one campaign never travel
 * together: the second waits for the next call.  A row that was given no outcome, because
 * another process changed its person meanwhile, goes into the next call again.  After a call
 * that the database could not serve (its disk is full, say) a batch rests a moment: hundreds
 * of tries a second would only fill the log.
 */
#include "store/batch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <event2/event.h>

#include "log/log.h"
#include "util/clock.h"
#include "util/memory.h"

enum { MAX_ROWS = 128, SEEN_SLOTS = 512, PATIENCE_US = 4000000, QUEUE_US = 600000,
       REST_MS = 50 };

struct batch {
    struct pool *pool;
    const struct batch_kind *kind;
    int16_t bucket;
    void *context;
    struct link waiting, alone;
    struct event *rest; /* pending: nothing is sent */
    size_t n_in_flight;
    bool is_alone;
    int64_t ended_us;     /* when the last call did, if rows were waiting then; else 0 */
    int64_t full_call_us; /* from one end to the next, of full calls, smoothed */
    struct batch_row *in_flight[MAX_ROWS];
    bool is_answered[MAX_ROWS];
    union {
        int16_t int16[MAX_ROWS];
        int32_t int32[MAX_ROWS];
        int64_t int64[MAX_ROWS];
        double doubles[MAX_ROWS];
        const char *texts[MAX_ROWS];
        struct bytes bytes[MAX_ROWS];
    } column;
    struct batch_counts counts;
};

/* Whether this person's row is new to the call; remembers it. */
static bool is_first(const struct batch_row *row, const struct batch_row **seen)
{
    uint64_t hash = ((uint64_t)row->person * 0x9e3779b97f4a7c15u) ^ (uint64_t)row->campaign;
    size_t slot = (size_t)(hash >> 40) % SEEN_SLOTS;

    for (; seen[slot]; slot = (slot + 1) % SEEN_SLOTS)
        if (seen[slot]->person == row->person && seen[slot]->campaign == row->campaign)
            return false;
    seen[slot] = row;
    return true;
}

static void take(struct batch *batch, struct batch_row *row)
{
    list_remove(&row->link);
    batch->in_flight[batch->n_in_flight++] = row;
}

static void gather(struct batch *batch)
{
    const struct batch_row *seen[SEEN_SLOTS] = { 0 };

    for (struct link *link = batch->waiting.next, *next;
         link != &batch->waiting && batch->n_in_flight < MAX_ROWS; link = next) {
        struct batch_row *row = LIST_ITEM(link, struct batch_row, link);

        next = link->next;
        if (is_first(row, seen))
            take(batch, row);
    }
}

static void bind_column(struct batch *batch, struct query *query,
                        const struct batch_column *column)
{
    size_t n = batch->n_in_flight;

    for (size_t i = 0; i < n; i++) {
        const char *place = (const char *)batch->in_flight[i] + column->offset;

        switch (column->type) {
        case BATCH_INT16: memcpy(&batch->column.int16[i], place, 2); break;
        case BATCH_INT32: memcpy(&batch->column.int32[i], place, 4); break;
        case BATCH_INT64: memcpy(&batch->column.int64[i], place, 8); break;
        case BATCH_BOOL: batch->column.int16[i] = *(const bool *)place; break;
        case BATCH_DOUBLE: memcpy(&batch->column.doubles[i], place, 8); break;
        case BATCH_TEXT: batch->column.texts[i] = *(const char *const *)place; break;
        case BATCH_BYTES:
            batch->column.bytes[i] = *(const struct bytes *)place;
            break;
        case BATCH_END: break;
        }
    }
    switch (column->type) {
    case BATCH_INT16:
    case BATCH_BOOL: query_bind_int16_array(query, batch->column.int16, n); break;
    case BATCH_INT32: query_bind_int32_array(query, batch->column.int32, n); break;
    case BATCH_INT64: query_bind_int64_array(query, batch->column.int64, n); break;
    case BATCH_DOUBLE: query_bind_double_array(query, batch->column.doubles, n); break;
    case BATCH_TEXT: query_bind_text_array(query, batch->column.texts, n); break;
    case BATCH_BYTES: query_bind_bytes_array(query, batch->column.bytes, n); break;
    case BATCH_END: break;
    }
}

static bool read_rows(struct rows *rows, void *out, struct error *err)
{
    struct batch *batch = out;

    memset(batch->is_answered, 0, sizeof(batch->is_answered));
    while (rows_next(rows)) {
        size_t i = (size_t)rows_int32(rows) - 1;

        if (i >= batch->n_in_flight || batch->is_answered[i])
            return error_set(err, PROBLEM_BROKEN, "-");
        batch->is_answered[i] = true;
        batch->kind->read(rows, batch->in_flight[i]);
    }
    return rows_count(rows) || error_set(err, PROBLEM_BUSY);
}

static void on_answer(const struct error *err, void *context);

static void send_next(struct batch *batch)
{
    if (batch->n_in_flight || event_pending(batch->rest, EV_TIMEOUT, NULL))
        return;
    batch->is_alone = !list_is_empty(&batch->alone);
    if (batch->is_alone)
        take(batch, LIST_ITEM(batch->alone.next, struct batch_row, link));
    else
        gather(batch);
    if (!batch->n_in_flight)
        return;
    batch->counts.calls++;
    batch->counts.rows += (int64_t)batch->n_in_flight;
    struct query *query = query_new(batch->pool, NULL, batch->kind->sql);
    query_bind_int16(query, batch->bucket);
    for (const struct batch_column *column = batch->kind->columns; column->type; column++)
        bind_column(batch, query, column);
    query_send_then(query, read_rows, batch, on_answer, batch);
}

/* The rows of the call that ended: out of the way first, since ending a task may add new
 * rows to this batch. */
static size_t take_back(struct batch *batch, struct batch_row **rows)
{
    size_t n = batch->n_in_flight;

    memcpy(rows, batch->in_flight, n * sizeof(*rows));
    batch->n_in_flight = 0;
    return n;
}

/* To the front again, in their order. */
static void put_back(struct batch *batch, struct batch_row **rows, size_t n)
{
    struct link again;

    list_init(&again);
    for (size_t i = 0; i < n; i++)
        list_append(&again, &rows[i]->link);
    list_move_all(&again, &batch->waiting);
    list_move_all(&batch->waiting, &again);
}

/* Puts back the rows without an outcome; how many have one. */
static size_t keep_answered(struct batch *batch, struct batch_row **rows, size_t n)
{
    struct batch_row *others[MAX_ROWS];
    size_t n_answered = 0, n_others = 0;

    for (size_t i = 0; i < n; i++)
        if (batch->is_answered[i])
            rows[n_answered++] = rows[i];
        else
            others[n_others++] = rows[i];
    put_back(batch, others, n_others);
    return n_answered;
}

/* How fast the queue moves is seen when a full call follows another without a pause. */
static void take_time(struct batch *batch, size_t n)
{
    int64_t now = clock_us(), took = now - batch->ended_us;

    if (n == MAX_ROWS && batch->ended_us)
        batch->full_call_us += (took - batch->full_call_us) / (batch->full_call_us ? 4 : 1);
    batch->ended_us = list_is_empty(&batch->waiting) ? 0 : now;
}

static void finish(struct batch *batch, const struct error *err)
{
    struct batch_row *rows[MAX_ROWS];
    size_t n = take_back(batch, rows);

    take_time(batch, n);
    if (!err)
        n = keep_answered(batch, rows, n);

    if (!err && batch->kind->committed)
        batch->kind->committed(rows, n, batch->context);
    batch->counts.waiting -= (int64_t)n;
    send_next(batch);
    for (size_t i = 0; i < n; i++)
        task_end(rows[i]->task, err);
}

static void on_rested(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    send_next(context);
}

/* Rows that may still wait go back to the front; the others fail. */
static void retry(struct batch *batch, const struct error *err)
{
    struct batch_row *rows[MAX_ROWS], *again[MAX_ROWS];
    size_t n = take_back(batch, rows), n_late = 0, n_again = 0;
    int64_t now = clock_us();
    struct timeval rest = { .tv_usec = REST_MS * 1000 };
    bool is_over = err->problem == PROBLEM_STOPPING;

    for (size_t i = 0; i < n; i++)
        if (is_over || now - rows[i]->added_us > PATIENCE_US)
            rows[n_late++] = rows[i];
        else
            again[n_again++] = rows[i];
    put_back(batch, again, n_again);
    batch->counts.waiting -= (int64_t)n_late;
    event_add(batch->rest, &rest);
    for (size_t i = 0; i < n_late; i++)
        task_end(rows[i]->task, err);
}

static void isolate(struct batch *batch)
{
    struct batch_row *rows[MAX_ROWS];
    size_t n = take_back(batch, rows);

    log_warn("batch", "a call of %zu rows failed; they are sent one by one", n);
    for (size_t i = 0; i < n; i++)
        list_append(&batch->alone, &rows[i]->link);
    send_next(batch);
}

static void on_answer(const struct error *err, void *context)
{
    struct batch *batch = context;

    if (err && error_fault(err->problem) == FAULT_BUSY && err->problem != PROBLEM_STOPPING)
        retry(batch, err);
    else if (err && batch->n_in_flight > 1 && err->problem != PROBLEM_STOPPING)
        isolate(batch);
    else
        finish(batch, err);
}

struct batch *batch_new(struct event_base *base, struct pool *pool,
                        const struct batch_kind *kind, int16_t bucket, void *context)
{
    struct batch *batch = memory_new(sizeof(*batch));

    batch->pool = pool;
    batch->kind = kind;
    batch->bucket = bucket;
    batch->context = context;
    batch->rest = evtimer_new(base, on_rested, batch);
    list_init(&batch->waiting);
    list_init(&batch->alone);
    return batch;
}

void batch_free(struct batch *batch)
{
    struct error err;

    error_set(&err, PROBLEM_STOPPING);
    list_move_all(&batch->waiting, &batch->alone);
    while (!list_is_empty(&batch->waiting)) {
        struct batch_row *row = LIST_ITEM(batch->waiting.next, struct batch_row, link);

        list_remove(&row->link);
        task_end(row->task, &err);
    }
    event_free(batch->rest);
    free(batch);
}

/* Whoever came behind one who waits so long already, or behind so many, would wait too
 * long. */
static bool is_clogged(const struct batch *batch)
{
    const struct batch_row *oldest =
        LIST_ITEM(batch->waiting.next, struct batch_row, link);

    return !list_is_empty(&batch->waiting) &&
           (clock_us() - oldest->added_us > QUEUE_US ||
            batch->counts.waiting / MAX_ROWS * batch->full_call_us > QUEUE_US);
}

void batch_add(struct batch *batch, struct batch_row *row, struct task *task)
{
    if (is_clogged(batch)) {
        error_set(&task->error, PROBLEM_BUSY);
        return;
    }
    row->task = task;
    row->added_us = clock_us();
    list_append(&batch->waiting, &row->link);
    batch->counts.waiting++;
    task_begin(task);
    send_next(batch);
}

struct batch_counts batch_counts(const struct batch *batch)
{
    return batch->counts;
}
