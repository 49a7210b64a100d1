#include "store/suspects.h"

#include "store/inside.h"

#define ATTEMPT_COLUMNS                                                                \
    "a.person, a.ordinal, a.revision, a.state, a.is_counted, a.started_at,"            \
    " a.deadline_at, a.finished_at, a.duration_ms, a.score, a.n_right, n.name, "       \
    "p.union_id"

static void read_line(struct rows *rows, struct arena *arena, struct attempt_line *out)
{
    struct attempt *attempt = &out->attempt;

    attempt->person = rows_int64(rows);
    attempt->ordinal = rows_int32(rows);
    attempt->revision = rows_int32(rows);
    attempt->state = rows_int16(rows);
    attempt->is_counted = rows_bool(rows);
    attempt->started_at = rows_int64(rows);
    attempt->deadline_at = rows_int64(rows);
    attempt->finished_at = rows_int64(rows);
    attempt->duration_ms = rows_int32(rows);
    attempt->score = rows_int32(rows);
    attempt->n_right = rows_int16(rows);
    out->name = arena_string(arena, rows_text(rows));
    out->union_id = rows_int32(rows);
}

static void bind_unions(struct query *query, const int32_t *unions, size_t n_unions)
{
    if (unions)
        query_bind_int32_array(query, unions, n_unions);
    else
        query_bind_null(query);
}

/* ---- hasty ---- */

static bool read_hasty(struct rows *rows, void *context, struct error *err)
{
    struct hasty_lines *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        query->is_over = rows_bool(rows);
        query->last[0] = rows_int64(rows);
        query->last[1] = rows_int64(rows);
        if (rows_is_null(rows))
            continue;
        struct hasty_line *out = &query->out[query->n++];
        out->n_given = rows_int16(rows);
        out->n_quick = rows_int16(rows);
        read_line(rows, query->arena, &out->line);
    }
    return true;
}

/* Bucket by bucket, so that the index gives them in order. */
void store_hasty_lines(struct store *store, struct task *task, int32_t campaign,
                       const int32_t *unions, size_t n_unions, struct hasty_lines *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "with seen as materialized ("
        "  select h.* from generate_series(0, $2::integer - 1) b"
        "    cross join lateral (select * from hasty_attempt h where h.bucket = b"
        "      and h.campaign = $1 and (h.person, h.ordinal) > ($3, $4)"
        "      order by h.person, h.ordinal limit $7::integer) h"
        "   order by h.person, h.ordinal limit $7::integer"
        "), here as materialized ("
        "  select s.*, p.union_id from seen s"
        "    join participation p on p.bucket = s.bucket and p.campaign = $1"
        "     and p.person = s.person"
        "   where $5::integer[] is null or p.union_id = any($5)"
        "   order by s.person, s.ordinal limit $6::integer"
        "), edge as ("
        "  select (select count(*) from here) < $6::integer"
        "     and (select count(*) from seen) < $7::integer as is_over,"
        "         (select count(*) from here) = $6::integer as is_full"
        "), last as ("
        "  select e.is_over, w.person, w.ordinal from edge e left join lateral ("
        "    select person, ordinal from seen where not e.is_full union all"
        "    select person, ordinal from here where e.is_full"
        "     order by person desc, ordinal desc limit 1) w on true"
        ") select l.is_over, coalesce(l.person, 0), coalesce(l.ordinal, 0)::bigint,"
        "         x.* from last l left join ("
        "    select p.n_given, p.n_quick, " ATTEMPT_COLUMNS
        "      from here p join attempt a on a.bucket = p.bucket and a.campaign = $1"
        "       and a.person = p.person and a.ordinal = p.ordinal"
        "      join person n on n.id = p.person) x on true"
        " order by x.person, x.ordinal");

    query_bind_int32(query, campaign);
    query_bind_int32(query, store->n_buckets);
    query_bind_int64(query, out->after[0]);
    query_bind_int64(query, out->after[1]);
    bind_unions(query, unions, n_unions);
    query_bind_int32(query, out->limit);
    query_bind_int32(query, unions ? HASTY_WINDOW : out->limit);
    query_send(query, read_hasty, out);
}

/* ---- devices ---- */

static void read_sharer(struct rows *rows, struct arena *arena, struct sharer *out)
{
    out->n_people = rows_int64(rows);
    out->person = rows_int64(rows);
    out->attempts = rows_int64(rows);
    out->union_id = rows_int32(rows);
    out->name = arena_string(arena, rows_text(rows));
}

static bool read_sharers(struct rows *rows, void *context, struct error *err)
{
    struct sharers *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        query->is_over = rows_bool(rows);
        query->last = rows_int64(rows);
        if (rows_is_null(rows))
            continue;
        query->out[query->n].device = rows_int64(rows);
        read_sharer(rows, query->arena, &query->out[query->n++]);
    }
    return true;
}

/* The last device of a full window may have more uses behind it, and is left for the
 * next window; unless it fills this one alone.  A limit may end before the window does.
 */
void store_sharers(struct store *store, struct task *task, int32_t campaign,
                   const int32_t *unions, size_t n_unions, struct sharers *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "with seen as materialized ("
        "  select d.device, d.person, d.attempts"
        "    from generate_series(0, $2::integer - 1) b"
        "    cross join lateral (select * from device_person d where d.bucket = b"
        "      and d.campaign = $1 and d.device > $3 order by d.device, d.person"
        "      limit $6::integer) d"
        "   order by d.device, d.person limit $6::integer"
        "), edge as materialized ("
        "  select count(*) < $6::integer as is_end, max(device) as device,"
        "         case when count(*) < $6::integer or min(device) = max(device)"
        "              then max(device) else max(device) - 1 end as last"
        "    from seen"
        "), here as materialized ("
        "  select s.*, p.union_id from seen s join edge e on s.device <= e.last"
        "    join participation p on p.bucket = s.person % $2::integer"
        "     and p.campaign = $1 and p.person = s.person"
        "   where $4::integer[] is null or p.union_id = any($4)"
        "), found as materialized ("
        "  select device, count(*) as n_people from here group by device"
        "  having count(*) >= $7::integer order by device limit $5::integer"
        "), cut as ("
        "  select e.is_end and (select count(*) from found) < $5::integer as is_over,"
        "         case when (select count(*) from found) = $5::integer"
        "              then (select max(device) from found) else e.last end as last"
        "    from edge e"
        ") select c.is_over, coalesce(c.last, 0), x.device, x.n_people, x.person, "
        "x.attempts,"
        "         x.union_id, x.name"
        "    from cut c left join ("
        "      select f.device, f.n_people, h.person, h.attempts, h.union_id, n.name,"
        "             row_number() over (partition by h.device order by h.person) as "
        "place"
        "        from found f join here h on h.device = f.device"
        "        join person n on n.id = h.person) x on x.place <= $8::integer"
        "   order by x.device, x.person");

    query_bind_int32(query, campaign);
    query_bind_int32(query, store->n_buckets);
    query_bind_int64(query, out->after);
    bind_unions(query, unions, n_unions);
    query_bind_int32(query, out->limit);
    query_bind_int32(query, DEVICE_WINDOW);
    query_bind_int32(query, FEWEST_SHARERS);
    query_bind_int32(query, MOST_SHARERS);
    query_send(query, read_sharers, out);
}

/* ---- the attempts of some people ---- */

static bool read_attempts(struct rows *rows, void *context, struct error *err)
{
    struct attempts_of *query = context;

    (void)err;
    query->n = 0;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct attempt_line *out = &query->out[query->n++];
        size_t size;

        read_line(rows, query->arena, out);
        const void *data = rows_bytes(rows, &size);
        out->attempt.answers =
            (struct bytes){ arena_copy(query->arena, data, size), size };
    }
    return true;
}

void store_attempts_of(struct store *store, struct task *task, int32_t campaign,
                       struct attempts_of *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select " ATTEMPT_COLUMNS ", a.answers"
        " from unnest($2::bigint[]) with ordinality w(person, place)"
        " join participation p on p.bucket = w.person % $3::integer and p.campaign = $1"
        " and p.person = w.person join person n on n.id = w.person"
        " cross join lateral (select * from attempt a where a.bucket = p.bucket"
        " and a.campaign = $1 and a.person = w.person and a.is_counted"
        " order by a.ordinal desc limit $4) a order by w.place, a.ordinal");

    query_bind_int32(query, campaign);
    query_bind_int64_array(query, out->people, out->n_people);
    query_bind_int32(query, store->n_buckets);
    query_bind_int64(query, out->per_person);
    query_send(query, read_attempts, out);
}
