#include "store/corrections.h"

#include "store/inside.h"

bool correct_is_made(int outcome, const char *question, struct error *err)
{
    static const char *const why[][N_LANGUAGES] = {
        [NOT_IN_BANK] = { "题库中没有这道题", "the bank does not have it" },
        [NEVER_PINNED] = { "这个活动没有用过它", "this campaign has never used it" },
        [OTHER_TYPE] = { "新版本的题型与活动所用的不同",
                         "its new revision has another type than the campaign uses" },
        [OTHER_CHOICES] = { "新版本的选项与活动所用的不同",
                            "its new revision has other choices than the campaign "
                            "uses" },
    };

    if (outcome == CORRECTED || outcome == IN_FORCE)
        return true;
    return error_set(err, PROBLEM_CORRECTION_REFUSED, question, why[outcome][CHINESE],
                     why[outcome][ENGLISH]);
}

static bool read_corrected(struct rows *rows, void *context, struct error *err)
{
    struct correct *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->outcome = rows_int16(rows);
    out->number = rows_int32(rows);
    out->question =
        rows_is_null(rows) ? NULL : arena_string(out->arena, rows_text(rows));
    return true;
}

void store_correct(struct store *store, struct task *task, int32_t campaign,
                   const char *const *questions, size_t n_questions, const char *who,
                   const char *reason, struct correct *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select outcome, number, question from correct_campaign($1, $2, $3, $4)");

    query_bind_int32(query, campaign);
    query_bind_text_array(query, questions, n_questions);
    query_bind_text(query, who);
    query_bind_text(query, reason);
    query_send(query, read_corrected, out);
}

static bool read_corrections(struct rows *rows, void *context, struct error *err)
{
    struct corrections *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct correction *out = &query->out[query->n++];

        out->number = rows_int32(rows);
        out->questions = arena_string(query->arena, rows_text(rows));
        out->who = arena_string(query->arena, rows_text(rows));
        out->reason = arena_string(query->arena, rows_text(rows));
        out->at = rows_int64(rows);
        out->of_about = rows_int64(rows);
        out->pass = rows_int16(rows);
        out->finished_at = rows_is_null(rows) ? 0 : rows_int64(rows);
        out->n_seen = rows_int64(rows);
        out->n_affected = rows_int64(rows);
        out->n_changed = rows_int64(rows);
        out->n_applied = rows_int64(rows);
    }
    return true;
}

void store_corrections_list(struct store *store, struct task *task, int32_t campaign,
                            int32_t below, struct corrections *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select k.number, q.questions::text, k.who, k.reason, k.at, k.of_about, s.pass,"
        " s.finished_at, s.n_seen, s.n_affected, s.n_changed, s.n_applied from "
        "correction k"
        " cross join lateral (select jsonb_agg(jsonb_build_object('id', u.id, "
        "'revision',"
        " u.revision) order by u.n) as questions from"
        " unnest(k.question_ids, k.to_revisions) with ordinality u(id, revision, n)) q"
        " cross join lateral (select min(c.pass) as pass, case when min(c.pass) = 3"
        " then max(c.finished_at) end as finished_at, sum(c.n_seen)::bigint as n_seen,"
        " sum(c.n_affected)::bigint as n_affected, sum(c.n_changed)::bigint as "
        "n_changed,"
        " sum(c.n_applied)::bigint as n_applied from feed_head h"
        " join correction_cursor c on c.bucket = h.bucket and c.campaign = k.campaign"
        " and c.number = k.number) s"
        " where k.campaign = $1 and k.number < $2 order by k.number desc limit $3");

    query_bind_int32(query, campaign);
    query_bind_int32(query, below);
    query_bind_int64(query, out->limit);
    query_send(query, read_corrections, out);
}

static bool read_moved(struct rows *rows, void *context, struct error *err)
{
    struct moved_lines *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct moved_line *line = &query->out[query->n++];

        line->bucket = rows_int16(rows);
        line->person = rows_int64(rows);
        line->name = arena_string(query->arena, rows_text(rows));
        line->union_id = rows_int32(rows);
        line->n_attempts = rows_int32(rows);
        line->score_before = rows_int64(rows);
        line->rank_before = rows_int64(rows);
    }
    return true;
}

void store_moved_list(struct store *store, struct task *task, int32_t campaign,
                      int32_t number, struct moved_lines *out)
{
    struct query *query =
        query_new_long(store->pool, task,
                  "select bucket, person, name, union_id, n_attempts,"
                  " coalesce(score_before, 0), coalesce(rank_before, 0)"
                  " from moved_people($1, $2, $3, $4, $5)");

    query_bind_int32(query, campaign);
    query_bind_int32(query, number);
    query_bind_int16(query, out->after_bucket);
    query_bind_int64(query, out->after_person);
    query_bind_int32(query, out->limit);
    query_send(query, read_moved, out);
}
