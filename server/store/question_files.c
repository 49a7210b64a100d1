#include "store/question_files.h"

#include "store/inside.h"

static const char *text_or_null(struct rows *rows, struct arena *arena)
{
    return rows_is_null(rows) ? NULL : arena_string(arena, rows_text(rows));
}

static bool read_questions(struct rows *rows, void *context, struct error *err)
{
    struct bank_lines *query = context;

    (void)err;
    query->bodies =
        arena_alloc(query->arena, rows_count(rows) * sizeof(*query->bodies));
    query->names = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->names));
    while (rows_next(rows)) {
        query->names[query->n] = arena_string(query->arena, rows_text(rows));
        query->bodies[query->n++] = arena_string(query->arena, rows_text(rows));
    }
    return true;
}

void store_bank_list(struct store *store, struct task *task, struct bank_lines *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select q.id, q.body from question q where q.id > $1"
        " and not exists (select from question n where n.id = q.id"
        " and n.revision > q.revision)"
        " and ($2::text is null or q.body->>'topic' = $2::text)"
        " and ($3::text[] is null or q.id = any ($3::text[])) order by q.id limit $4");

    query_bind_text(query, out->after ? out->after : "");
    query_bind_text(query, out->topic);
    if (out->ids)
        query_bind_text_array(query, out->ids, out->n_ids);
    else
        query_bind_null(query);
    query_bind_int32(query, out->limit);
    query_send(query, read_questions, out);
}

static bool read_id(struct rows *rows, void *context, struct error *err)
{
    int64_t *id = context;

    (void)err;
    *id = rows_next(rows) && !rows_is_null(rows) ? rows_int64(rows) : 0;
    return true;
}

void store_import_begin(struct store *store, struct task *task, const char *who,
                        int64_t lease_ms, int64_t *id)
{
    struct query *query =
        query_new(store->pool, task, "select begin_question_import($1, $2)");

    query_bind_text(query, who);
    query_bind_int64(query, lease_ms);
    query_send(query, read_id, id);
}

static bool read_bool(struct rows *rows, void *context, struct error *err)
{
    bool *out = context;

    (void)err;
    *out = rows_next(rows) && rows_bool(rows);
    return true;
}

void store_import_lines(struct store *store, const struct import_part *part,
                        bool *goes_on, query_done_fn done, void *context)
{
    struct query *query = query_new_long(
        store->pool, NULL, "select take_question_lines($1, $2, $3, $4, $5, $6)");

    query_bind_int64(query, part->import);
    query_bind_int32(query, part->from);
    query_bind_json(query, part->lines);
    query_bind_int32(query, part->n_read);
    query_bind_int32(query, part->n_rows);
    query_bind_int64(query, part->lease_ms);
    query_send_then(query, read_bool, goes_on, done, context);
}

void store_import_finish(struct store *store, int64_t import, const char *state,
                         const char *format, const char *zh, const char *en,
                         query_done_fn done, void *context)
{
    struct query *query = query_new(
        store->pool, NULL,
        "select from finish_question_import($1, $2, $3::text, $4::text, $5::text)");

    query_bind_int64(query, import);
    query_bind_text(query, state);
    query_bind_text(query, format);
    query_bind_text(query, zh);
    query_bind_text(query, en);
    query_send_then(query, NULL, NULL, done, context);
}

static bool read_outcome(struct rows *rows, void *context, struct error *err)
{
    int16_t *outcome = context;

    (void)err;
    if (rows_next(rows))
        *outcome = rows_int16(rows);
    return true;
}

void store_import_apply(struct store *store, struct task *task, int64_t import,
                        const char *who, int16_t *outcome)
{
    struct query *query =
        query_new_long(store->pool, task, "select apply_question_import($1, $2)");

    query_bind_int64(query, import);
    query_bind_text(query, who);
    query_send(query, read_outcome, outcome);
}

static void read_head(struct rows *rows, struct import_query *query)
{
    query->is_found = true;
    query->state = arena_string(query->arena, rows_text(rows));
    query->has_expired = rows_bool(rows);
    query->format = text_or_null(rows, query->arena);
    query->zh = text_or_null(rows, query->arena);
    query->en = text_or_null(rows, query->arena);
    query->created_at = rows_int64(rows);
    query->n_rows = rows_int32(rows);
    query->n_read = rows_int32(rows);
    query->added = rows_int32(rows);
    query->changed = rows_int32(rows);
    query->unchanged = rows_int32(rows);
    query->duplicate = rows_int32(rows);
    query->wrong = rows_int32(rows);
}

static void read_line(struct rows *rows, struct arena *arena, struct import_line *out)
{
    out->number = rows_int32(rows);
    out->row = rows_int32(rows);
    out->column = arena_string(arena, rows_text(rows));
    out->result = arena_string(arena, rows_text(rows));
    out->question = text_or_null(rows, arena);
    out->duplicate_of = text_or_null(rows, arena);
    out->zh = text_or_null(rows, arena);
    out->en = text_or_null(rows, arena);
}

/* Every row has the head; one without a line, a null number. */
static bool read_import(struct rows *rows, void *context, struct error *err)
{
    struct import_query *query = context;

    (void)err;
    query->lines = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->lines));
    while (rows_next(rows)) {
        read_head(rows, query);
        if (!rows_is_null(rows))
            read_line(rows, query->arena, &query->lines[query->n++]);
    }
    return true;
}

void store_import_get(struct store *store, struct task *task, struct import_query *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select i.state, i.state = 'reading' and i.lease_until <= now_ms(), i.format,"
        " i.message_zh, i.message_en, i.created_at, i.n_rows, i.n_read, i.added, "
        "i.changed,"
        " i.unchanged, i.duplicate, i.wrong, l.number, l.row_number, l.column_name, "
        "l.result,"
        " l.question->>'id', l.duplicate_of, l.message_zh, l.message_en"
        " from question_import i left join lateral (select * from question_import_line "
        "l"
        " where l.import = i.id and l.number > $2"
        " and ($3::text is null or l.result = $3::text) order by l.number limit $4) l "
        "on true"
        " where i.id = $1 order by l.number");

    query_bind_int64(query, out->id);
    query_bind_int32(query, out->after);
    query_bind_text(query, out->result);
    query_bind_int32(query, out->limit);
    query_send(query, read_import, out);
}
