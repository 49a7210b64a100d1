#include "store/verify.h"

#include <stddef.h>
#include <stdio.h>

/* Each takes $1, the id of a campaign, and names what differs, one line each. */
static const struct check {
    const char *name, *sql;
} checks[] = {
    { "standing",
      "with kept as (select bucket, person, 0 as period, score, duration_ms, reached_at,"
      " n_counted from participation where campaign = $1::integer and score is not null"
      " union all select bucket, person, period, score, duration_ms, reached_at, n_counted"
      " from standing where campaign = $1::integer)"
      " select format('person %s period %s: stored %s, computed %s', person, period,"
      " (k.score, k.duration_ms, k.reached_at, k.n_counted)::text,"
      " (c.score, c.duration_ms, c.reached_at, c.n_counted)::text)"
      " from kept k full join computed_standing($1::integer) c"
      " using (bucket, person, period)"
      " where (k.score, k.duration_ms, k.reached_at, k.n_counted) is distinct from"
      " (c.score, c.duration_ms, c.reached_at, c.n_counted)" },
    { "union sums",
      "with computed as (select c.bucket, c.period, p.union_id, count(*) as heads,"
      " sum(c.n_counted)::bigint as attempts, sum(c.score)::bigint as score,"
      " sum(c.duration_ms)::bigint as duration_ms from computed_standing($1::integer) c"
      " join participation p on p.bucket = c.bucket and p.campaign = $1::integer"
      " and p.person = c.person group by 1, 2, 3),"
      " kept as (select * from union_standing where campaign = $1::integer"
      " and (heads, attempts, score, duration_ms) <> (0, 0, 0, 0))"
      " select format('union %s period %s: stored %s, computed %s', u.code, period,"
      " (k.heads, k.attempts, k.score, k.duration_ms)::text,"
      " (c.heads, c.attempts, c.score, c.duration_ms)::text)"
      " from kept k full join computed c using (bucket, period, union_id)"
      " left join org_union u on u.id = union_id"
      " where (k.heads, k.attempts, k.score, k.duration_ms) is distinct from"
      " (c.heads, c.attempts, c.score, c.duration_ms)" },
    { "counters",
      "select format('person %s: started %s, attempts kept %s, open %s, counted %s of %s',"
      " person, p.n_started, coalesce(a.n, 0), p.open_ordinal, p.n_counted,"
      " coalesce(a.n_counted, 0))"
      " from (select * from participation where campaign = $1::integer) p"
      " full join (select bucket, person, count(*) as n,"
      " max(ordinal) as last, count(*) filter (where is_counted) as n_counted from attempt"
      " where campaign = $1::integer group by 1, 2) a using (bucket, person)"
      " where p.n_counted is null or p.n_counted <> coalesce(a.n_counted, 0)"
      " or p.n_started <> coalesce(a.n, 0)"
      " + case when p.open_ordinal is null then 0 else 1 end"
      " or coalesce(a.last, 0) > p.n_started" },
    { "feed and boards",
      "with told as (select distinct on (f.bucket, f.person, f.figures[i]) f.bucket,"
      " f.person, f.figures[i]::integer as period, f.figures[i + 1] as score,"
      " f.figures[i + 2] as duration_ms, f.figures[i + 3] as reached_at,"
      " f.figures[i + 4]::integer as n_counted from feed f,"
      " generate_series(1, array_length(f.figures, 1), 5) i"
      " where f.campaign = $1::integer"
      " order by f.bucket, f.person, f.figures[i], f.seq desc)"
      " select format('person %s period %s: the feed ends with %s, computed %s', person,"
      " period, (t.score, t.duration_ms, t.reached_at, t.n_counted)::text,"
      " (c.score, c.duration_ms, c.reached_at, c.n_counted)::text)"
      " from (select * from told where score >= 0) t"
      " full join computed_standing($1::integer) c using (bucket, person, period)"
      " where (t.score, t.duration_ms, t.reached_at, t.n_counted) is distinct from"
      " (c.score, c.duration_ms, c.reached_at, c.n_counted)" },
};

static const struct check feed_check = {
    "feed", "select format('bucket %s: head %s, entries %s from %s to %s', bucket, h.seq,"
            " coalesce(f.n, 0), f.low, f.high) from feed_head h full join (select bucket,"
            " count(*) as n, min(seq) as low, max(seq) as high from feed group by bucket) f"
            " using (bucket) where h.seq is distinct from coalesce(f.n, 0)"
            " or coalesce(f.low, 1) <> 1 or coalesce(f.high, 0) <> h.seq"
};

enum { TOLD = 100 };

struct verifying {
    struct session *session;
    void (*differs)(const char *, void *);
    void *context;
    int n;
    struct db_error *err;
};

static bool run(struct verifying *v, const struct check *check, const char *slug,
                const char *campaign)
{
    struct rows *rows =
        session_query(v->session, check->sql, campaign ? 1 : 0, &campaign, v->err);
    char line[600];

    if (!rows)
        return false;
    for (int n = 0; rows_next(rows); n++) {
        v->n++;
        if (n >= TOLD)
            continue;
        snprintf(line, sizeof(line), "%s: %s: %s", slug, check->name, rows_text(rows));
        v->differs(line, v->context);
    }
    session_free(rows);
    return true;
}

static bool verify_campaigns(struct verifying *v, const char *slug)
{
    struct rows *rows = session_query(v->session,
                                      "select id::text, slug from campaign"
                                      " where slug = coalesce($1, slug) order by id",
                                      1, &slug, v->err);
    bool ok = rows;

    if (rows && slug && !rows_count(rows)) {
        snprintf(v->err->text, sizeof(v->err->text), "no campaign %s", slug);
        ok = false;
    }
    while (ok && rows_next(rows)) {
        const char *id = rows_text(rows), *name = rows_text(rows);

        for (size_t i = 0; ok && i < sizeof(checks) / sizeof(checks[0]); i++)
            ok = run(v, &checks[i], name, id);
    }
    if (rows)
        session_free(rows);
    return ok;
}

bool verify(struct session *session, const char *slug,
            void (*differs)(const char *, void *), void *context, int *n_out,
            struct db_error *err)
{
    struct verifying v = { session, differs, context, 0, err };
    bool ok = session_run(session, "begin isolation level repeatable read read only", err) &&
              verify_campaigns(&v, slug) && run(&v, &feed_check, "-", NULL) &&
              session_run(session, "commit", err);

    *n_out = v.n;
    return ok;
}
