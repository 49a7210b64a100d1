#include "store/rescoring.h"

#include "store/inside.h"

static bool read_next(struct rows *rows, void *context, struct error *err)
{
    struct rescoring *out = context;

    (void)err;
    *out = (struct rescoring){ 0 };
    if (!rows_next(rows))
        return true;
    out->campaign = rows_int32(rows);
    out->number = rows_int32(rows);
    out->bucket = rows_int16(rows);
    out->pass = rows_int16(rows);
    out->person = rows_int64(rows);
    out->ordinal = rows_int32(rows);
    return true;
}

void store_rescoring_next(struct store *store, struct task *task, struct rescoring *out)
{
    struct query *query =
        query_new(store->pool, task,
                  "select campaign, number, bucket, pass, person, ordinal"
                  " from correction_cursor where pass < 3"
                  " order by campaign, number, pass, bucket limit 1");

    query_send(query, read_next, out);
}

static bool read_attempts(struct rows *rows, void *context, struct error *err)
{
    struct old_attempts *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct old_attempt *out = &query->out[query->n++];

        out->person = rows_int64(rows);
        out->ordinal = rows_int32(rows);
        out->revision = rows_int32(rows);
        out->score = rows_int32(rows);
        out->n_right = rows_int16(rows);
        out->corrections = rows_int32(rows);
        const void *data = rows_bytes(rows, &out->answers.size);
        out->answers.data = arena_copy(query->arena, data, out->answers.size);
    }
    return true;
}

static void bind_cursor(struct query *query, const struct rescoring *from)
{
    query_bind_int16(query, from->bucket);
    query_bind_int32(query, from->campaign);
    query_bind_int32(query, from->number);
    query_bind_int64(query, from->person);
    query_bind_int32(query, from->ordinal);
}

void store_rescoring_read(struct store *store, struct task *task,
                          const struct rescoring *from, struct old_attempts *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select person, ordinal, revision, score, n_right, corrections, answers"
        " from attempt where bucket = $1 and campaign = $2"
        " and (person, ordinal) > ($3, $4) order by person, ordinal limit $5");

    query_bind_int16(query, from->bucket);
    query_bind_int32(query, from->campaign);
    query_bind_int64(query, from->person);
    query_bind_int32(query, from->ordinal);
    query_bind_int64(query, out->limit);
    query_send(query, read_attempts, out);
}

static bool read_counted(struct rows *rows, void *context, struct error *err)
{
    bool *is_moved = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    *is_moved = rows_bool(rows);
    return true;
}

void store_rescoring_count(struct store *store, struct task *task,
                           const struct rescoring *from, const struct counted *counted,
                           bool *is_moved)
{
    const struct changes *changes = &counted->changes;
    struct query *query =
        query_new_long(store->pool, task,
                  "select count_corrected($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
                  " $12, $13, $14, $15, $16, $17, $18)");

    bind_cursor(query, from);
    query_bind_int64(query, counted->to_person);
    query_bind_int32(query, counted->to_ordinal);
    query_bind_bool(query, counted->is_last);
    query_bind_int32(query, counted->n_seen);
    query_bind_int32(query, counted->n_affected);
    query_bind_int64_array(query, changes->person, changes->n);
    query_bind_int32_array(query, changes->ordinal, changes->n);
    query_bind_int32_array(query, changes->old_score, changes->n);
    query_bind_int32_array(query, changes->new_score, changes->n);
    query_bind_int16_array(query, changes->old_right, changes->n);
    query_bind_int16_array(query, changes->new_right, changes->n);
    query_bind_int64_array(query, changes->score_before, changes->n);
    query_bind_int64_array(query, changes->rank_before, changes->n);
    query_send(query, read_counted, is_moved);
}

static bool read_applied(struct rows *rows, void *context, struct error *err)
{
    struct rescored *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->is_moved = rows_bool(rows);
    out->is_over = rows_bool(rows);
    out->person = rows_int64(rows);
    out->ordinal = rows_int32(rows);
    out->held_us = rows_int32(rows);
    return true;
}

void store_rescoring_apply(struct store *store, struct task *task,
                           const struct rescoring *from, int limit,
                           struct rescored *out)
{
    struct query *query = query_new_long(store->pool, task,
                                    "select is_moved, is_over, person, ordinal, held_us"
                                    " from rescore_attempts($1, $2, $3, $4, $5, $6)");

    bind_cursor(query, from);
    query_bind_int32(query, limit);
    query_send(query, read_applied, out);
}
