#include "store/questions.h"

#include "store/inside.h"

static bool read_saved(struct rows *rows, void *context, struct error *err)
{
    struct saved_question *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->is_new = rows_bool(rows);
    out->revision = rows_int32(rows);
    out->saved_at = rows_int64(rows);
    return true;
}

void store_question_save(struct store *store, struct task *task, const char *id,
                         const char *body, const char *twin, const char *who,
                         struct saved_question *out)
{
    struct query *query =
        query_new(store->pool, task,
                  "select is_new, revision, saved_at from save_question($1, $2, $3, $4)");

    query_bind_text(query, id);
    query_bind_json(query, body);
    query_bind_text(query, who);
    query_bind_text(query, twin);
    query_send(query, read_saved, out);
}

static bool read_lines(struct rows *rows, void *context, struct error *err)
{
    struct question_lines *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct question_line *line = &query->out[query->n++];

        line->revision = rows_int32(rows);
        line->saved_at = rows_int64(rows);
        line->body = arena_string(query->arena, rows_text(rows));
    }
    return true;
}

void store_question_revisions(struct store *store, struct task *task, const char *id,
                              struct question_lines *out)
{
    struct query *query =
        query_new(store->pool, task,
                  "select revision, saved_at, body::text from question where id = $1"
                  " order by revision desc limit $2");

    query_bind_text(query, id);
    query_bind_int64(query, out->limit);
    query_send(query, read_lines, out);
}
