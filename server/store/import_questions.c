#include "store/import_questions.h"

#include <stdio.h>
#include <string.h>

#include "bank/question.h"
#include "util/memory.h"

/* No id stands twice in the input. */
static bool questions_differ(struct import *import, const json_t *input)
{
    struct rows *rows = import_query(
        import,
        "select q->'question'->>'id' from jsonb_array_elements($1::jsonb) q"
        " group by 1 having count(*) > 1 order by 1",
        input);
    bool ok = rows;

    while (rows && rows_next(rows)) {
        struct error err;

        error_set(&err, PROBLEM_QUESTION_BAD, rows_text(rows), "出现了不止一次",
                  "it stands more than once");
        ok = import_refuse(import, &err);
    }
    session_free(rows);
    return ok;
}

static int *count_of(struct import_counts *counts, const char *result)
{
    return !strcmp(result, "added")     ? &counts->added
           : !strcmp(result, "changed") ? &counts->changed
                                        : &counts->same;
}

/* False when one of them is a duplicate. */
static bool take_results(struct import *import, const struct import_items *items,
                         struct rows *rows)
{
    bool ok = true;

    while (rows_next(rows)) {
        size_t i = (size_t)rows_int32(rows) - 1;
        const char *result = rows_text(rows);
        const char *duplicate_of = rows_is_null(rows) ? NULL : rows_text(rows);

        ok &= strcmp(result, "duplicate") != 0;
        if (strcmp(result, "duplicate"))
            ++*count_of(&import->counts, result);
        if (items->told)
            items->told(json_array_get(items->items, i), result, duplicate_of,
                        items->context);
    }
    return ok;
}

/* Takes out what is an earlier revision of its question. */
static bool leave_older(struct import *import, json_t *items)
{
    struct rows *rows =
        import_query(import,
                     "select n::integer from jsonb_array_elements($1::jsonb)"
                     " with ordinality as e(i, n) join question q"
                     " on q.id = i->'question'->>'id' and q.body = i->'question'"
                     " where exists (select from question m where m.id = q.id"
                     " and m.revision > q.revision and m.body <> q.body)"
                     " group by 1 order by 1 desc",
                     items);
    bool ok = rows;

    while (rows && rows_next(rows))
        json_array_remove(items, (size_t)rows_int32(rows) - 1);
    session_free(rows);
    return ok;
}

static bool put_items(struct import *import, const void *input)
{
    const struct import_items *items = input;

    if (!session_run(import->session, "lock table question in share row exclusive mode",
                     &import->db_error) ||
        !questions_differ(import, items->items) ||
        (items->keeps_newer && !leave_older(import, items->items)))
        return false;
    struct rows *rows = import_query(import,
                                     "select number, result, duplicate_of"
                                     " from question_results($1::jsonb)",
                                     items->items);
    bool ok = rows && take_results(import, items, rows);
    session_free(rows);
    if (!ok || items->is_dry)
        return ok;
    rows =
        import_query(import, "select from put_question_items($1::jsonb)", items->items);
    ok = rows;
    session_free(rows);
    return ok;
}

bool import_items(struct import *import, const struct import_items *items)
{
    struct db_error ignored;

    if (!items->is_dry)
        return import_run(import, put_items, items);
    import->db_error.text[0] = '\0';
    bool ok = session_run(import->session, "begin", &import->db_error) &&
              put_items(import, items);
    return session_run(import->session, "rollback", &ignored) && ok;
}

static void tell_duplicate(const json_t *item, const char *result,
                           const char *duplicate_of, void *context)
{
    struct import *import = context;
    const json_t *question = json_object_get(item, "question");
    char zh[120], en[120];
    struct error err;

    if (strcmp(result, "duplicate"))
        return;
    snprintf(zh, sizeof(zh), "与题库中的“%.64s”是同一道题", duplicate_of);
    snprintf(en, sizeof(en), "it is the question \"%.64s\" of the bank", duplicate_of);
    error_set(&err, PROBLEM_QUESTION_BAD,
              json_string_value(json_object_get(question, "id")), zh, en);
    import_refuse(import, &err);
}

bool import_questions(struct import *import, const json_t *questions)
{
    AUTO(json_decrefp) json_t *items = json_array();
    struct import_items all = { .items = items,
                                .told = tell_duplicate,
                                .context = import };
    json_t *question;
    size_t i;

    json_array_foreach((json_t *)questions, i, question)
    {
        char twin[TWIN_TEXT];

        question_twin(question, twin);
        json_array_append_new(
            items, json_pack("{s:O,s:s}", "question", question, "twin", twin));
    }
    return import_items(import, &all);
}

static json_t *make_twins(struct rows *rows)
{
    json_t *twins = json_array();

    while (rows_next(rows)) {
        const char *id = rows_text(rows);
        int revision = rows_int32(rows);
        AUTO(json_decrefp) json_t *body = json_loads(rows_text(rows), 0, NULL);
        char twin[TWIN_TEXT];

        question_twin(body, twin);
        json_array_append_new(twins, json_pack("{s:s,s:i,s:s}", "id", id, "revision",
                                               revision, "twin", twin));
    }
    return twins;
}

bool import_fill_twins(struct session *session, struct db_error *err)
{
    struct rows *rows = session_query(session,
                                      "select id, revision, body::text from question"
                                      " where twin is null",
                                      0, NULL, err);

    if (!rows)
        return false;
    AUTO(json_decrefp) json_t *twins = make_twins(rows);
    session_free(rows);
    if (!json_array_size(twins))
        return true;
    AUTO(memory_freep) char *text = json_dumps(twins, JSON_COMPACT);
    const char *values[] = { text };
    rows = session_query(session,
                         "with put as (update question q set twin = t.twin"
                         " from jsonb_to_recordset($1::jsonb)"
                         " as t(id text, revision integer, twin text)"
                         " where q.id = t.id and q.revision = t.revision) select 0",
                         1, values, err);
    bool ok = rows;
    session_free(rows);
    return ok;
}
