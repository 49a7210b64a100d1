/*
 * The rules are read and held against what is in the database, the plan of its papers
 * is made, and only then is anything written, by one statement.
 */
#include "store/import_campaign.h"

#include <string.h>

#include "bank/bank.h"
#include "paper/paper.h"
#include "rules/rules.h"
#include "store/inside.h"
#include "util/fields.h"
#include "util/memory.h"

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

    session_free(rows);
    if (!ok)
        return false;
    rows = session_query(session, campaigns_revisions_sql, 0, NULL, why);
    ok = rows && campaigns_read_revisions(rows, saving->old, err);
    session_free(rows);
    return ok;
}

static bool has_attempts(struct saving *saving, int32_t campaign, bool *out)
{
    const char *id = arena_printf(&saving->arena, "%d", campaign);
    struct rows *rows =
        session_query(saving->import->session,
                      "select exists (select from participation"
                      " where campaign = $1::integer and n_started > 0)",
                      1, &id, &saving->import->db_error);

    if (!rows || !rows_next(rows)) {
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
    rows =
        session_query(saving->import->session, "select from org_union where code = $1",
                      1, &code, &saving->import->db_error);
    ok = rows && rows_next(rows);
    session_free(rows);
    if (!ok) {
        error_set(err, PROBLEM_NO_UNION, code);
        return error_within(err, "/unions/within");
    }
    return true;
}

static bool may_follow(struct saving *saving, const struct campaign *old,
                       struct error *err)
{
    bool has;

    if (!old)
        return true;
    return has_attempts(saving, old->id, &has) &&
           (!has || rules_may_follow(&old->current->rules, &saving->rules, err));
}

/* The pins, in the order of the pools: "id id ..." and "revision revision ...". */
static void write_pins(const struct plan *plan, struct text *ids,
                       struct text *revisions)
{
    for (int s = 0; s < plan->rules->n_sections; s++)
        for (int i = 0; i < plan->pools[s].n; i++) {
            const struct question *question = plan->pools[s].questions[i];

            text_printf(ids, "%s%s", ids->length ? " " : "", question->id);
            text_printf(revisions, "%s%d", revisions->length ? " " : "",
                        question->revision);
        }
}

static const char save_sql[] =
    "with input as (select $2::jsonb as rules, string_to_array($3, ' ') as ids,"
    " string_to_array($4, ' ')::integer[] as revisions),"
    " old as (select c.id, c.revision, r.rules = i.rules and r.question_ids = i.ids"
    " and r.question_revisions = i.revisions as is_same from campaign c"
    " join campaign_revision r on r.campaign = c.id and r.revision = c.revision, input "
    "i"
    " where c.slug = $1),"
    " put as (insert into campaign as c (slug, revision, opens_at, closes_at, "
    "utc_offset_ms,"
    " quota_total, quota_day, limit_ms, grace_ms, counts, duration_decides, has_days,"
    " has_weeks, has_months, union_changes)"
    " select $1, 1, $5::bigint, $6::bigint, $7::integer, $8::integer, $9::integer,"
    " $10::bigint, $11::bigint, $12::smallint, $13::boolean, $14::boolean, "
    "$15::boolean,"
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
    " pinned as (insert into campaign_revision (campaign, revision, rules, "
    "question_ids,"
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
        rules->slug,
        text,
        ids.data,
        revisions.data,
        arena_printf(arena, "%lld", (long long)rules->opens_at),
        arena_printf(arena, "%lld", (long long)rules->closes_at),
        arena_printf(arena, "%d", rules->utc_offset_ms),
        arena_printf(arena, "%d", rules->quota_total),
        arena_printf(arena, "%d", rules->quota_day),
        arena_printf(arena, "%lld", (long long)rules->limit_ms),
        arena_printf(arena, "%lld", (long long)rules->grace_ms),
        arena_printf(arena, "%d", (int)rules->counts),
        duration_decides ? "t" : "f",
        rules->board_day ? "t" : "f",
        rules->board_week ? "t" : "f",
        rules->board_month ? "t" : "f",
        arena_printf(arena, "%d", rules->union_changes),
    };
    struct rows *rows = session_query(saving->import->session, save_sql,
                                      (int)(sizeof(values) / sizeof(values[0])), values,
                                      &saving->import->db_error);
    if (!rows)
        return false;
    import_take_counts(saving->import, rows);
    session_free(rows);
    return true;
}

static bool check_and_save(struct saving *saving, const json_t *json, struct error *err)
{
    struct plan plan;

    if (!rules_read(json, &saving->arena, &saving->rules, err) ||
        !load_old(saving, err) || !load_newest(saving, err) ||
        !union_is_known(saving, saving->rules.union_top, err) ||
        !may_follow(saving, campaigns_find(saving->old, saving->rules.slug), err) ||
        !plan_make(&saving->rules, saving->questions, saving->n, &saving->arena, &plan,
                   err))
        return false;
    return save(saving, json, &plan);
}

static bool put_campaign(struct import *import, const void *json)
{
    struct saving saving = { .import = import,
                             .old = campaigns_new(),
                             .bank = bank_new() };
    struct error err = { 0 };

    arena_init(&saving.arena);
    bool ok = check_and_save(&saving, json, &err);
    if (!ok && err.problem != PROBLEM_NONE)
        import_refuse(import, &err);
    arena_done(&saving.arena);
    bank_free(saving.bank);
    campaigns_free(saving.old);
    return ok;
}

bool import_campaign(struct import *import, const json_t *rules)
{
    return import_run(import, put_campaign, rules);
}
