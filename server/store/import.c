#include "store/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/question.h"
#include "rank/unions.h"
#include "store/inside.h"
#include "util/fields.h"
#include "util/memory.h"

static bool refuse(struct import *import, const struct error *err)
{
    import->report(err, import->context);
    return false;
}

/* Runs `work` in a transaction, which is undone if it fails. */
static bool in_transaction(struct import *import,
                           bool (*work)(struct import *, const json_t *), const json_t *input)
{
    struct db_error *err = &import->db_error, ignored;

    err->text[0] = '\0';
    if (!session_run(import->session, "begin", err))
        return false;
    if (work(import, input) && session_run(import->session, "notify jingda_change", err) &&
        session_run(import->session, "commit", err))
        return true;
    if (!session_run(import->session, "rollback", &ignored))
        return false; /* the connection is gone, and the transaction with it */
    return false;
}

static struct rows *query(struct import *import, const char *sql, const json_t *input)
{
    AUTO(memory_freep) char *text = json_dumps(input, JSON_COMPACT);
    const char *values[] = { text };

    return session_query(import->session, sql, 1, values, &import->db_error);
}

/* A statement that tells, in one row, how many were added, changed and left. */
static bool count(struct import *import, const char *sql, const json_t *input)
{
    struct rows *rows = query(import, sql, input);

    if (!rows)
        return false;
    if (rows_next(rows)) {
        import->counts.added = rows_int32(rows);
        import->counts.changed = rows_int32(rows);
        import->counts.same = rows_int32(rows);
    }
    session_free(rows);
    return true;
}

/* A statement whose every row names something that is wrong. */
static bool none(struct import *import, const char *sql, const json_t *input,
                 enum problem problem, const char *zh, const char *en)
{
    struct rows *rows = query(import, sql, input);
    bool ok = rows;

    while (rows && rows_next(rows)) {
        int line = rows_int32(rows);
        const char *column = rows_text(rows);
        struct error err;

        error_set(&err, problem, line, column, zh, en);
        ok = refuse(import, &err);
    }
    if (rows)
        session_free(rows);
    return ok;
}

#define UNION_ROWS                                                                  \
    "jsonb_to_recordset($1::jsonb) as r(line integer, code text, name text,"        \
    " parent_code text, level text, kind text, members integer)"

static bool check_tree(struct import *import)
{
    struct unions *unions = unions_new();
    struct rows *rows = session_query(import->session, unions_sql, 0, NULL,
                                      &import->db_error);
    struct error err;
    bool ok = rows && unions_read(rows, unions, &err);

    if (rows && !ok)
        refuse(import, &err);
    if (rows)
        session_free(rows);
    unions_free(unions);
    return ok;
}

static bool put_unions(struct import *import, const json_t *input)
{
    return none(import,
                "select line, 'code' from (select line, row_number() over"
                " (partition by code order by line) as n from " UNION_ROWS ") r"
                " where n > 1 order by 1",
                input, PROBLEM_FILE_CELL, "这个编码出现了不止一次",
                "this code stands more than once") &&
           none(import,
                "select r.line, 'parent_code' from " UNION_ROWS
                " where r.parent_code is not null"
                " and r.parent_code not in (select code from org_union)"
                " and r.parent_code not in (select x.code from"
                " jsonb_to_recordset($1::jsonb) x(code text)) order by 1",
                input, PROBLEM_FILE_CELL, "没有这个上级编码", "there is no such parent") &&
           none(import,
                "select r.line, 'parent_code' from " UNION_ROWS
                " join org_union u on u.code = r.code"
                " left join org_union p on p.id = u.parent_id"
                " where r.parent_code is distinct from p.code order by 1",
                input, PROBLEM_FILE_CELL, "已有工会的上级不能更改",
                "the parent of a known union cannot change") &&
           count(import,
                 "with r as materialized (select * from " UNION_ROWS "), had as materialized"
                 " (select r.code, (u.name, u.kind, u.level, u.members) is distinct from"
                 " (r.name, r.kind, r.level, r.members) as differs"
                 " from r join org_union u on u.code = r.code), put as ("
                 "insert into org_union (code, name, kind, level, members)"
                 " select code, name, kind, level, members from r order by line"
                 " on conflict (code) do update set name = excluded.name,"
                 " kind = excluded.kind, level = excluded.level, members = excluded.members)"
                 " select ((select count(*) from r) - count(*))::integer,"
                 " (count(*) filter (where differs))::integer,"
                 " (count(*) filter (where not differs))::integer from had",
                 input) &&
           count(import,
                 "with put as (update org_union u set parent_id = p.id from " UNION_ROWS
                 " join org_union p on p.code = r.parent_code"
                 " where u.code = r.code and u.parent_id is null)"
                 " select 0, 0, 0 where false",
                 input) &&
           check_tree(import);
}

bool import_unions(struct import *import, const json_t *rows)
{
    return in_transaction(import, put_unions, rows);
}

#define ROSTER_ROWS                                                                 \
    "jsonb_to_recordset($1::jsonb) as r(line integer, union_code text, subject text," \
    " name text)"

static bool put_roster(struct import *import, const json_t *input)
{
    return none(import,
                "select r.line, 'union_code' from " ROSTER_ROWS
                " where r.union_code not in (select code from org_union) order by 1",
                input, PROBLEM_FILE_CELL, "没有这个工会编码", "there is no such union") &&
           none(import,
                "select line, 'staff_number' from (select line, row_number() over"
                " (partition by subject order by line) as n from " ROSTER_ROWS ") r"
                " where n > 1 order by 1",
                input, PROBLEM_FILE_CELL, "同一工会的这个工号出现了不止一次",
                "this number stands more than once in its union") &&
           count(import,
                 "with r as materialized (select * from " ROSTER_ROWS "), had as materialized"
                 " (select i.person, r.name, p.name is distinct from r.name as differs from r"
                 " join identity i on i.provider = 'roster' and i.subject = r.subject"
                 " join person p on p.id = i.person), fresh as materialized"
                 " (select r.*, nextval(pg_get_serial_sequence('person', 'id')) as person"
                 " from r where not exists (select from identity i"
                 " where i.provider = 'roster' and i.subject = r.subject)"
                 " order by r.line), people as (insert into person (id, name)"
                 " overriding system value select person, name from fresh),"
                 " identities as (insert into identity (provider, subject, person)"
                 " select 'roster', subject, person from fresh),"
                 " renamed as (update person p set name = h.name from had h"
                 " where p.id = h.person and h.differs)"
                 " select (select count(*) from fresh)::integer,"
                 " (count(*) filter (where differs))::integer,"
                 " (count(*) filter (where not differs))::integer from had",
                 input);
}

bool import_roster(struct import *import, const json_t *rows)
{
    return in_transaction(import, put_roster, rows);
}

/* ---- questions ---- */

static bool questions_differ(struct import *import, const json_t *input)
{
    struct rows *rows = query(import,
                              "select q->'question'->>'id' from jsonb_array_elements($1::jsonb) q"
                              " group by 1 having count(*) > 1 order by 1",
                              input);
    bool ok = rows;

    while (rows && rows_next(rows)) {
        struct error err;

        error_set(&err, PROBLEM_QUESTION_BAD, rows_text(rows), "出现了不止一次",
                  "it stands more than once");
        ok = refuse(import, &err);
    }
    if (rows)
        session_free(rows);
    return ok;
}

static int *count_of(struct import_counts *counts, const char *result)
{
    return !strcmp(result, "added") ? &counts->added : !strcmp(result, "changed")
                                                           ? &counts->changed
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
    struct rows *rows = query(import,
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
    if (rows)
        session_free(rows);
    return ok;
}

static bool put_items(struct import *import, const json_t *input)
{
    const struct import_items *items = import->items;

    if (!session_run(import->session, "lock table question in share row exclusive mode",
                     &import->db_error) ||
        !questions_differ(import, input) ||
        (items->keeps_newer && !leave_older(import, items->items)))
        return false;
    struct rows *rows = query(import, "select number, result, duplicate_of"
                                      " from question_results($1::jsonb)", input);
    bool ok = rows && take_results(import, items, rows);
    if (rows)
        session_free(rows);
    if (!ok || items->is_dry)
        return ok;
    rows = query(import, "select from put_question_items($1::jsonb)", input);
    if (rows)
        session_free(rows);
    return rows;
}

bool import_items(struct import *import, const struct import_items *items)
{
    struct db_error ignored;

    import->items = items;
    if (!items->is_dry)
        return in_transaction(import, put_items, items->items);
    import->db_error.text[0] = '\0';
    bool ok = session_run(import->session, "begin", &import->db_error) &&
              put_items(import, items->items);
    return session_run(import->session, "rollback", &ignored) && ok;
}

static void tell_duplicate(const json_t *item, const char *result, const char *duplicate_of,
                           void *context)
{
    struct import *import = context;
    const json_t *question = json_object_get(item, "question");
    char zh[120], en[120];
    struct error err;

    if (strcmp(result, "duplicate"))
        return;
    snprintf(zh, sizeof(zh), "与题库中的“%.64s”是同一道题", duplicate_of);
    snprintf(en, sizeof(en), "it is the question \"%.64s\" of the bank", duplicate_of);
    error_set(&err, PROBLEM_QUESTION_BAD, json_string_value(json_object_get(question, "id")),
              zh, en);
    refuse(import, &err);
}

bool import_questions(struct import *import, const json_t *questions)
{
    AUTO(json_decrefp) json_t *items = json_array();
    struct import_items all = { .items = items, .told = tell_duplicate, .context = import };
    json_t *question;
    size_t i;

    json_array_foreach((json_t *)questions, i, question)
    {
        char twin[TWIN_TEXT];

        question_twin(question, twin);
        json_array_append_new(items, json_pack("{s:O,s:s}", "question", question, "twin", twin));
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
        json_array_append_new(twins, json_pack("{s:s,s:i,s:s}", "id", id, "revision", revision,
                                               "twin", twin));
    }
    return twins;
}

bool import_fill_twins(struct session *session, struct db_error *err)
{
    struct rows *rows = session_query(session,
                                      "select id, revision, body::text from question"
                                      " where twin is null", 0, NULL, err);

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
                         " where q.id = t.id and q.revision = t.revision) select 0", 1, values, err);
    if (rows)
        session_free(rows);
    return rows;
}

json_t *export_newest(struct session *session, const char *topic, const char *ids,
                      struct db_error *err)
{
    const char *values[] = { topic, ids };
    struct rows *rows = session_query(
        session,
        "select body::text from (select distinct on (id) id, body from question"
        " order by id, revision desc) q where ($1::text is null or body->>'topic' = $1::text)"
        " and ($2::text is null or id = any (string_to_array($2::text, ','))) order by id",
        2, values, err);

    if (!rows)
        return NULL;
    json_t *questions = json_array();
    while (rows_next(rows))
        json_array_append_new(questions, json_loads(rows_text(rows), 0, NULL));
    session_free(rows);
    return questions;
}

/* ---- campaigns ---- */

struct saving {
    struct import *import;
    struct arena arena;
    struct rules rules;
    struct campaigns *old; /* what is in the database */
    struct bank *bank;     /* the newest revision of every question */
    int n;
    const struct question **questions;
};

/* Reads id, revision, body; the newest of each. */
static bool read_newest(struct rows *rows, struct saving *saving, struct error *err)
{
    saving->questions =
        arena_alloc(&saving->arena, rows_count(rows) * sizeof(*saving->questions));
    while (rows_next(rows)) {
        const char *id = rows_text(rows);
        int32_t revision = rows_int32(rows);
        const char *text = rows_text(rows);
        AUTO(json_decrefp) json_t *body = fields_parse(text, strlen(text), 32, err);

        if (!body || !bank_add(saving->bank, id, revision, body, err))
            return false;
        saving->questions[saving->n++] = bank_find(saving->bank, id, revision);
    }
    return true;
}

static bool load_newest(struct saving *saving, struct error *err)
{
    struct rows *rows = session_query(saving->import->session,
                                      "select distinct on (id) id, revision, body::text"
                                      " from question order by id, revision desc",
                                      0, NULL, &saving->import->db_error);
    bool ok = rows && read_newest(rows, saving, err);

    if (rows)
        session_free(rows);
    return ok;
}

/* The campaign as it was last saved, if it was. */
static bool load_old(struct saving *saving, struct error *err)
{
    struct session *session = saving->import->session;
    struct db_error *why = &saving->import->db_error;
    struct rows *rows = session_query(session, campaigns_questions_sql, 0, NULL, why);
    bool ok = rows && campaigns_read_questions(rows, saving->old, err);

    if (rows)
        session_free(rows);
    if (!ok)
        return false;
    rows = session_query(session, campaigns_revisions_sql, 0, NULL, why);
    ok = rows && campaigns_read_revisions(rows, saving->old, err);
    if (rows)
        session_free(rows);
    return ok;
}

static bool has_attempts(struct saving *saving, int32_t campaign, bool *out)
{
    const char *id = arena_printf(&saving->arena, "%d", campaign);
    struct rows *rows = session_query(saving->import->session,
                                      "select exists (select from participation"
                                      " where campaign = $1::integer and n_started > 0)",
                                      1, &id, &saving->import->db_error);

    if (!rows || !rows_next(rows)) {
        if (rows)
            session_free(rows);
        return false;
    }
    *out = rows_bool(rows);
    session_free(rows);
    return true;
}

static bool union_is_known(struct saving *saving, const char *code, struct error *err)
{
    struct rows *rows;
    bool ok;

    if (!code)
        return true;
    rows = session_query(saving->import->session, "select from org_union where code = $1", 1,
                         &code, &saving->import->db_error);
    ok = rows && rows_next(rows);
    if (rows)
        session_free(rows);
    if (!ok) {
        error_set(err, PROBLEM_NO_UNION, code);
        return error_within(err, "/unions/within");
    }
    return true;
}

static bool may_follow(struct saving *saving, const struct campaign *old, struct error *err)
{
    bool has;

    if (!old)
        return true;
    return has_attempts(saving, old->id, &has) &&
           (!has || rules_may_follow(&old->current->rules, &saving->rules, err));
}

/* The pins, in the order of the pools: "id id ..." and "revision revision ...". */
static void write_pins(const struct plan *plan, struct text *ids, struct text *revisions)
{
    for (int s = 0; s < plan->rules->n_sections; s++)
        for (int i = 0; i < plan->pools[s].n; i++) {
            const struct question *question = plan->pools[s].questions[i];

            text_printf(ids, "%s%s", ids->length ? " " : "", question->id);
            text_printf(revisions, "%s%d", revisions->length ? " " : "", question->revision);
        }
}

static const char save_sql[] =
    "with input as (select $2::jsonb as rules, string_to_array($3, ' ') as ids,"
    " string_to_array($4, ' ')::integer[] as revisions),"
    " old as (select c.id, c.revision, r.rules = i.rules and r.question_ids = i.ids"
    " and r.question_revisions = i.revisions as is_same from campaign c"
    " join campaign_revision r on r.campaign = c.id and r.revision = c.revision, input i"
    " where c.slug = $1),"
    " put as (insert into campaign as c (slug, revision, opens_at, closes_at, utc_offset_ms,"
    " quota_total, quota_day, limit_ms, grace_ms, counts, duration_decides, has_days,"
    " has_weeks, has_months, union_changes)"
    " select $1, 1, $5::bigint, $6::bigint, $7::integer, $8::integer, $9::integer,"
    " $10::bigint, $11::bigint, $12::smallint, $13::boolean, $14::boolean, $15::boolean,"
    " $16::boolean, $17::integer"
    " where not coalesce((select is_same from old), false)"
    " on conflict (slug) do update set revision = c.revision + 1,"
    " opens_at = excluded.opens_at, closes_at = excluded.closes_at,"
    " utc_offset_ms = excluded.utc_offset_ms, quota_total = excluded.quota_total,"
    " quota_day = excluded.quota_day, limit_ms = excluded.limit_ms,"
    " grace_ms = excluded.grace_ms, counts = excluded.counts,"
    " duration_decides = excluded.duration_decides, has_days = excluded.has_days,"
    " has_weeks = excluded.has_weeks, has_months = excluded.has_months,"
    " union_changes = excluded.union_changes returning id, revision),"
    " pinned as (insert into campaign_revision (campaign, revision, rules, question_ids,"
    " question_revisions) select p.id, p.revision, i.rules, i.ids, i.revisions"
    " from put p, input i)"
    " select (count(*) filter (where revision = 1))::integer,"
    " (count(*) filter (where revision > 1))::integer, 1 - count(*)::integer from put";

static bool save(struct saving *saving, const json_t *json, const struct plan *plan)
{
    const struct rules *rules = &saving->rules;
    struct arena *arena = &saving->arena;
    AUTO(memory_freep) char *text = json_dumps(json, JSON_COMPACT);
    TEXT(ids);
    TEXT(revisions);
    bool duration_decides =
        rules->order.n_keys > 1 && rules->order.keys[1] == ORDER_DURATION;

    write_pins(plan, &ids, &revisions);
    const char *values[] = {
        rules->slug, text, ids.data, revisions.data,
        arena_printf(arena, "%lld", (long long)rules->opens_at),
        arena_printf(arena, "%lld", (long long)rules->closes_at),
        arena_printf(arena, "%d", rules->utc_offset_ms),
        arena_printf(arena, "%d", rules->quota_total),
        arena_printf(arena, "%d", rules->quota_day),
        arena_printf(arena, "%lld", (long long)rules->limit_ms),
        arena_printf(arena, "%lld", (long long)rules->grace_ms),
        arena_printf(arena, "%d", (int)rules->counts),
        duration_decides ? "t" : "f", rules->board_day ? "t" : "f",
        rules->board_week ? "t" : "f", rules->board_month ? "t" : "f",
        arena_printf(arena, "%d", rules->union_changes),
    };
    struct rows *rows =
        session_query(saving->import->session, save_sql,
                      (int)(sizeof(values) / sizeof(values[0])), values,
                      &saving->import->db_error);
    if (!rows)
        return false;
    if (rows_next(rows)) {
        saving->import->counts.added = rows_int32(rows);
        saving->import->counts.changed = rows_int32(rows);
        saving->import->counts.same = rows_int32(rows);
    }
    session_free(rows);
    return true;
}

static bool check_and_save(struct saving *saving, const json_t *json, struct error *err)
{
    struct plan plan;

    if (!rules_read(json, &saving->arena, &saving->rules, err) || !load_old(saving, err) ||
        !load_newest(saving, err) ||
        !union_is_known(saving, saving->rules.union_top, err) ||
        !may_follow(saving, campaigns_find(saving->old, saving->rules.slug), err) ||
        !plan_make(&saving->rules, saving->questions, saving->n, &saving->arena, &plan, err))
        return false;
    return save(saving, json, &plan);
}

static bool put_campaign(struct import *import, const json_t *json)
{
    struct saving saving = { .import = import,
                             .old = campaigns_new(),
                             .bank = bank_new() };
    struct error err = { 0 };

    arena_init(&saving.arena);
    bool ok = check_and_save(&saving, json, &err);
    if (!ok && err.problem != PROBLEM_NONE)
        refuse(import, &err);
    arena_done(&saving.arena);
    bank_free(saving.bank);
    campaigns_free(saving.old);
    return ok;
}

bool import_campaign(struct import *import, const json_t *rules)
{
    return in_transaction(import, put_campaign, rules);
}
