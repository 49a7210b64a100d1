#include "store/practice.h"

#include "store/inside.h"

static struct bytes bytes_kept(struct rows *rows, struct arena *arena)
{
    struct bytes out;
    const void *data = rows_bytes(rows, &out.size);

    out.data = arena_copy(arena, data, out.size);
    return out;
}

#define CARD_COLUMNS                                                                   \
    "r.campaign, r.revision, r.question, r.stability, r.difficulty, r.due_at,"         \
    " r.made_at, r.last_at, r.last_turn, r.is_right, coalesce(r.predicted, -1),"       \
    " r.n_right, r.n_wrong, r.answer"

static void read_card(struct rows *rows, struct arena *arena, struct card *out)
{
    out->campaign = rows_int32(rows);
    out->revision = rows_int32(rows);
    out->question = arena_string(arena, rows_text(rows));
    out->recall.stability = rows_double(rows);
    out->recall.difficulty = rows_double(rows);
    out->due_at = rows_int64(rows);
    out->made_at = rows_int64(rows);
    out->last_at = rows_int64(rows);
    out->last_turn = rows_int32(rows);
    out->is_right = rows_bool(rows);
    out->predicted = rows_double(rows);
    out->n_right = rows_int32(rows);
    out->n_wrong = rows_int32(rows);
    out->answer = bytes_kept(rows, arena);
}

static bool read_one_card(struct rows *rows, void *context, struct error *err)
{
    struct card_query *query = context;

    (void)err;
    query->out = (struct card){ 0 };
    if (rows_next(rows))
        read_card(rows, query->arena, &query->out);
    return true;
}

void store_card_get(struct store *store, struct task *task, int32_t campaign,
                    int64_t person, const char *question, struct card_query *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select " CARD_COLUMNS " from recall r where r.bucket = $1 and r.campaign = $2"
        " and r.person = $3 and r.question = $4");

    query_bind_int16(query, store_bucket(store, person));
    query_bind_int32(query, campaign);
    query_bind_int64(query, person);
    query_bind_text(query, question);
    query_send(query, read_one_card, out);
}

static bool read_cards(struct rows *rows, void *context, struct error *err)
{
    struct cards_query *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows))
        read_card(rows, query->arena, &query->out[query->n++]);
    return true;
}

/* Whoever asks by bucket, campaigns and person. */
static struct query *ask_of_person(struct store *store, struct task *task,
                                   const char *sql, int64_t person,
                                   const int32_t *campaigns, size_t n)
{
    struct query *query = query_new(store->pool, task, sql);

    query_bind_int16(query, store_bucket(store, person));
    query_bind_int32_array(query, campaigns, n);
    query_bind_int64(query, person);
    return query;
}

void store_cards_list(struct store *store, struct task *task, int64_t person,
                      struct cards_query *out)
{
    struct query *query = ask_of_person(
        store, task,
        "select " CARD_COLUMNS " from recall r where r.bucket = $1"
        " and r.campaign = any($2) and r.person = $3 order by r.campaign, r.question",
        person, out->campaigns, out->n_campaigns);

    query_send(query, read_cards, out);
}

static bool read_favourites(struct rows *rows, void *context, struct error *err)
{
    struct favourites_query *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct favourite *favourite = &query->out[query->n++];

        favourite->question = arena_string(query->arena, rows_text(rows));
        favourite->at = rows_int64(rows);
    }
    return true;
}

void store_favourites_list(struct store *store, struct task *task, int64_t person,
                           struct favourites_query *out)
{
    struct query *query =
        query_new(store->pool, task,
                  "select question, at from favourite where bucket = $1 and person = $2"
                  " order by question");

    query_bind_int16(query, store_bucket(store, person));
    query_bind_int64(query, person);
    query_send(query, read_favourites, out);
}

static bool read_past(struct rows *rows, void *context, struct error *err)
{
    struct past_query *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct past_attempt *past = &query->out[query->n++];

        past->campaign = rows_int32(rows);
        past->attempt.person = rows_int64(rows);
        past->attempt.ordinal = rows_int32(rows);
        past->attempt.revision = rows_int32(rows);
        past->attempt.finished_at = rows_int64(rows);
        past->attempt.answers = bytes_kept(rows, query->arena);
    }
    return true;
}

void store_past_list(struct store *store, struct task *task, int64_t person,
                     struct past_query *out)
{
    struct query *query = ask_of_person(
        store, task,
        "select a.campaign, a.person, a.ordinal, a.revision, a.finished_at, a.answers"
        " from attempt a where a.bucket = $1 and a.campaign = any($2) and a.person = $3"
        " order by a.finished_at desc, a.campaign, a.ordinal desc limit $4",
        person, out->campaigns, out->n_campaigns);

    query_bind_int64(query, out->limit);
    query_send(query, read_past, out);
}

static bool read_weeks(struct rows *rows, void *context, struct error *err)
{
    struct weeks_query *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct practice_week *week = &query->out[query->n++];

        week->week = rows_int32(rows);
        week->ring = rows_int32(rows);
        week->people = rows_int64(rows);
        week->n_answers = rows_int64(rows);
        week->spent_ms = rows_int64(rows);
        week->n_reviews = rows_int64(rows);
        week->n_right = rows_int64(rows);
        week->predicted = rows_double(rows);
    }
    return true;
}

void store_weeks_own(struct store *store, struct task *task, int64_t person,
                     const int32_t *campaigns, size_t n, struct weeks_query *out)
{
    struct query *query = ask_of_person(
        store, task,
        "select w.week, 0, count(*), sum(w.n_answers)::bigint, sum(w.spent_ms)::bigint,"
        " sum(w.n_reviews)::bigint, sum(w.n_right)::bigint, sum(w.predicted)"
        " from review_week w where w.bucket = $1"
        " and w.campaign = any($2) and w.person = $3 and w.week >= $4"
        " group by w.week order by w.week desc",
        person, campaigns, n);

    query_bind_int32(query, out->first_week);
    query_send(query, read_weeks, out);
}

void store_weeks_of_campaign(struct store *store, struct task *task, int32_t campaign,
                             const struct rings *rings, struct weeks_query *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select t.week, coalesce(u.ring, $4), sum(t.people)::bigint, 0::bigint,"
        " 0::bigint, sum(t.n_reviews)::bigint, sum(t.n_right)::bigint, sum(t.predicted)"
        " from feed_head h join retention t on t.bucket = h.bucket and t.campaign = $1"
        " and t.week >= $5"
        " left join unnest($2::integer[], $3::integer[]) as u(id, ring)"
        " on u.id = t.union_id group by 1, 2 order by 1 desc, 2");

    query_bind_int32(query, campaign);
    query_bind_int32_array(query, rings->unions, rings->n);
    query_bind_int32_array(query, rings->rings, rings->n);
    query_bind_int32(query, rings->others);
    query_bind_int32(query, out->first_week);
    query_send(query, read_weeks, out);
}
