#include "store/attempts.h"

#include "store/inside.h"

static struct bytes kept(struct rows *rows, struct arena *arena)
{
    struct bytes out;
    const void *data = rows_bytes(rows, &out.size);

    out.data = arena_copy(arena, data, out.size);
    return out;
}

#define PARTICIPATION_COLUMNS                                                       \
    "p.union_id, p.union_changes, p.n_started, p.n_counted,"                        \
    " case when p.start_day = $4 then p.n_start_day else 0 end,"                    \
    " coalesce(p.open_ordinal, 0), coalesce(p.open_revision, 0),"                   \
    " coalesce(p.open_started_at, 0), coalesce(p.open_deadline_at, 0),"             \
    " coalesce(d.version, 0), coalesce(d.saved_at, 0), coalesce(d.answers, '')"

#define PARTICIPATION                                                               \
    " from participation p left join draft d on d.bucket = p.bucket"                \
    " and d.campaign = p.campaign and d.person = p.person and d.ordinal = p.open_ordinal"

#define OF_THE_PERSON " where p.bucket = $1 and p.campaign = $2 and p.person = $3"

static void read_participation_columns(struct rows *rows, struct arena *arena,
                                       struct participation *out)
{
    out->union_id = rows_int32(rows);
    out->union_changes = rows_int32(rows);
    out->n_started = rows_int32(rows);
    out->n_counted = rows_int32(rows);
    out->n_today = rows_int32(rows);
    out->open_ordinal = rows_int32(rows);
    out->open_revision = rows_int32(rows);
    out->open_started_at = rows_int64(rows);
    out->open_deadline_at = rows_int64(rows);
    out->draft_version = rows_int32(rows);
    out->draft_saved_at = rows_int64(rows);
    out->draft = kept(rows, arena);
}

static bool read_participation(struct rows *rows, void *context, struct error *err)
{
    struct participation_query *query = context;

    (void)err;
    if (rows_next(rows))
        read_participation_columns(rows, query->arena, &query->out);
    return true;
}

static void bind_person(struct query *query, const struct store *store, int32_t campaign,
                        int64_t person)
{
    query_bind_int16(query, store_bucket(store, person));
    query_bind_int32(query, campaign);
    query_bind_int64(query, person);
}

void store_participation_get(struct store *store, struct task *task, int32_t campaign,
                             int64_t person, int32_t today,
                             struct participation_query *out)
{
    struct query *query = query_new(
        store->pool, task, "select " PARTICIPATION_COLUMNS PARTICIPATION OF_THE_PERSON);

    bind_person(query, store, campaign, person);
    query_bind_int32(query, today);
    query_send(query, read_participation, out);
}

#define ATTEMPT_COLUMNS                                                             \
    "a.person, a.ordinal, a.revision, a.state, a.is_counted, a.started_at,"         \
    " a.deadline_at, a.finished_at, a.duration_ms, a.score, a.n_right"

static void read_columns(struct rows *rows, struct attempt *out)
{
    out->person = rows_int64(rows);
    out->ordinal = rows_int32(rows);
    out->revision = rows_int32(rows);
    out->state = rows_int16(rows);
    out->is_counted = rows_bool(rows);
    out->started_at = rows_int64(rows);
    out->deadline_at = rows_int64(rows);
    out->finished_at = rows_int64(rows);
    out->duration_ms = rows_int32(rows);
    out->score = rows_int32(rows);
    out->n_right = rows_int16(rows);
}

static bool read_attempt(struct rows *rows, void *context, struct error *err)
{
    struct attempt_query *query = context;

    (void)err;
    if (!rows_next(rows))
        return true;
    read_participation_columns(rows, query->arena, &query->open);
    if (rows_is_null(rows))
        return true;
    read_columns(rows, &query->out);
    query->out.answers = kept(rows, query->arena);
    return true;
}

void store_attempt_get(struct store *store, struct task *task, int32_t campaign,
                       int64_t person, int32_t ordinal, struct attempt_query *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select " PARTICIPATION_COLUMNS ", " ATTEMPT_COLUMNS ", a.answers" PARTICIPATION
        " left join attempt a on a.bucket = p.bucket and a.campaign = p.campaign"
        " and a.person = p.person and a.ordinal = $5" OF_THE_PERSON);

    bind_person(query, store, campaign, person);
    query_bind_int32(query, 0);
    query_bind_int32(query, ordinal);
    query_send(query, read_attempt, out);
}

static bool read_attempts(struct rows *rows, void *context, struct error *err)
{
    struct attempts_query *query = context;

    (void)err;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows))
        read_columns(rows, &query->out[query->n++]);
    return true;
}

void store_attempts_list(struct store *store, struct task *task, int32_t campaign,
                         int64_t person, int32_t below, struct attempts_query *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select " ATTEMPT_COLUMNS " from attempt a"
        " where a.bucket = $1 and a.campaign = $2 and a.person = $3 and a.ordinal < $4"
        " order by a.ordinal desc limit $5");

    bind_person(query, store, campaign, person);
    query_bind_int32(query, below);
    query_bind_int64(query, out->limit);
    query_send(query, read_attempts, out);
}

static bool read_expired(struct rows *rows, void *context, struct error *err)
{
    struct expired_query *query = context;

    (void)err;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct expired *out = &query->out[query->n++];

        out->campaign = rows_int32(rows);
        out->person = rows_int64(rows);
        out->ordinal = rows_int32(rows);
        out->revision = rows_int32(rows);
        out->started_at = rows_int64(rows);
        out->deadline_at = rows_int64(rows);
        if (rows_is_null(rows))
            continue;
        out->draft_saved_at = rows_int64(rows);
        out->draft = kept(rows, query->arena);
    }
    return true;
}

/* No index serves this: one would make every start and hand-in write it.  The caller asks
 * seldom instead. */
void store_expired_list(struct store *store, struct task *task, struct expired_query *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select p.campaign, p.person, p.open_ordinal, p.open_revision, p.open_started_at,"
        " p.open_deadline_at, d.saved_at, d.answers"
        " from participation p join campaign c on c.id = p.campaign"
        " left join draft d on d.bucket = p.bucket and d.campaign = p.campaign"
        " and d.person = p.person and d.ordinal = p.open_ordinal"
        " where p.open_deadline_at < now_ms() - c.grace_ms limit $1");

    query_bind_int64(query, out->limit);
    query_send(query, read_expired, out);
}

static bool read_lines(struct rows *rows, void *context, struct error *err)
{
    struct attempt_lines *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct attempt_line *line = &query->out[query->n++];

        read_columns(rows, &line->attempt);
        line->name = arena_string(query->arena, rows_text(rows));
        line->union_id = rows_int32(rows);
        line->device = rows_int64(rows);
        if (!rows_is_null(rows))
            line->spent = kept(rows, query->arena);
    }
    return true;
}

void store_attempt_lines(struct store *store, struct task *task, int32_t campaign,
                         const int32_t *unions, size_t n_unions, struct attempt_lines *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select " ATTEMPT_COLUMNS ", n.name, p.union_id, coalesce(a.device, 0), a.spent"
        " from attempt a"
        " join participation p on p.bucket = a.bucket and p.campaign = a.campaign"
        " and p.person = a.person join person n on n.id = a.person"
        " where a.campaign = $1 and (a.person, a.ordinal) > ($2, $3)"
        " and ($4::integer[] is null or p.union_id = any($4))"
        " order by a.person, a.ordinal limit $5");

    query_bind_int32(query, campaign);
    query_bind_int64(query, out->after_person);
    query_bind_int32(query, out->after_ordinal);
    if (unions)
        query_bind_int32_array(query, unions, n_unions);
    else
        query_bind_null(query);
    query_bind_int64(query, out->limit);
    query_send(query, read_lines, out);
}

static bool read_voided(struct rows *rows, void *context, struct error *err)
{
    struct void_attempt *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->outcome = rows_int16(rows);
    return true;
}

void store_attempt_void(struct store *store, struct task *task, int32_t campaign,
                        int64_t person, int32_t ordinal, const char *who,
                        const char *reason, struct void_attempt *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select outcome from void_attempt($1, $2, $3, $4, $5, $6)");

    bind_person(query, store, campaign, person);
    query_bind_int32(query, ordinal);
    query_bind_text(query, who);
    query_bind_text(query, reason);
    query_send(query, read_voided, out);
}

static bool read_results(struct rows *rows, void *context, struct error *err)
{
    struct result_lines *query = context;

    (void)err;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct result_line *line = &query->out[query->n++];

        line->bucket = rows_int16(rows);
        line->seq = rows_int64(rows);
        line->at = rows_int64(rows);
        line->kind = rows_int16(rows);
        line->campaign = rows_int32(rows);
        line->person = rows_int64(rows);
        line->ordinal = rows_int32(rows);
        line->union_id = rows_int32(rows);
        line->score = rows_int32(rows);
        line->duration_ms = rows_int32(rows);
        line->has_old_score = !rows_is_null(rows);
        line->old_score = line->has_old_score ? rows_int32(rows) : 0;
        line->figures = rows_int64_array(rows, query->arena, &line->n_figures);
        line->identities = arena_string(query->arena, rows_text(rows));
    }
    return true;
}

void store_results_list(struct store *store, struct task *task, struct result_lines *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select f.bucket, f.seq, f.at, f.kind, f.campaign, f.person,"
        " coalesce(f.ordinal, 0), f.union_id, coalesce(f.score, 0),"
        " coalesce(f.duration_ms, 0), f.old_score, f.figures,"
        " coalesce((select jsonb_agg(jsonb_build_object('provider', i.provider, 'subject',"
        " i.subject) order by i.provider, i.subject) from identity i"
        " where i.person = f.person), '[]')::text"
        " from unnest($1::bigint[]) with ordinality a(seq, n)"
        " cross join lateral (select * from feed f where f.bucket = a.n - 1"
        " and f.seq > a.seq order by f.seq limit $2) f"
        " order by f.bucket, f.seq limit $2");

    query_bind_int64_array(query, out->after, (size_t)out->n_buckets);
    query_bind_int64(query, out->limit);
    query_send(query, read_results, out);
}

int16_t store_buckets(const struct store *store)
{
    return store->n_buckets;
}
