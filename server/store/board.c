#include "store/board.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <inttypes.h>

#include "log/log.h"
#include "pg/query.h"
#include "rank/unions.h"
#include "store/campaigns.h"
#include "util/memory.h"

enum { PER_FIGURE = 5, PAGE = 2000 };

struct place { /* of a league in the table */
    int32_t campaign;
    period_key period;
    struct league *league; /* NULL: a free place */
};

struct waiting {
    struct task *task;
    struct waiting *next;
};

struct boards {
    const struct campaigns *campaigns;
    const struct unions *unions;
    int16_t n_buckets;
    size_t n_leagues, n_places; /* a power of two */
    struct place *places;
    int64_t *applied; /* by bucket: the last of the feed */
    _Atomic int64_t *heads; /* by bucket: the last that any worker has acknowledged */

    struct pool *pool;
    void (*on_unknown)(void *);
    void *context;
    int16_t reading;       /* the bucket being read, -1 when idle */
    size_t n_read;
    bool is_asked, is_stuck;
    struct waiting *now, *next; /* tasks for the round under way, and for the one after */
    struct arena page;
};

struct boards *boards_new(const struct campaigns *campaigns, const struct unions *unions,
                          int16_t n_buckets, _Atomic int64_t *heads)
{
    struct boards *boards = memory_new(sizeof(*boards));

    boards->campaigns = campaigns;
    boards->unions = unions;
    boards->n_buckets = n_buckets;
    boards->heads = heads;
    boards->n_places = 64;
    boards->places = memory_new(boards->n_places * sizeof(*boards->places));
    boards->applied = memory_new((size_t)n_buckets * sizeof(*boards->applied));
    boards->reading = -1;
    arena_init(&boards->page);
    return boards;
}

void boards_free(struct boards *boards)
{
    if (!boards)
        return;
    for (size_t i = 0; i < boards->n_places; i++)
        league_free(boards->places[i].league);
    arena_done(&boards->page);
    free(boards->places);
    free(boards->applied);
    free(boards);
}

static struct place *place_of(const struct boards *boards, int32_t campaign, period_key period)
{
    uint64_t hash = ((uint64_t)(uint32_t)campaign << 32 | (uint32_t)period) *
                    0x9e3779b97f4a7c15u;
    size_t i = (size_t)(hash >> 32) & (boards->n_places - 1);

    while (boards->places[i].league && (boards->places[i].campaign != campaign ||
                                        boards->places[i].period != period))
        i = (i + 1) & (boards->n_places - 1);
    return &boards->places[i];
}

struct league *boards_league(const struct boards *boards, int32_t campaign, period_key period)
{
    return place_of(boards, campaign, period)->league;
}

static void grow(struct boards *boards)
{
    struct place *old = boards->places;
    size_t n = boards->n_places;

    boards->n_places *= 2;
    boards->places = memory_new(boards->n_places * sizeof(*boards->places));
    for (size_t i = 0; i < n; i++)
        if (old[i].league)
            *place_of(boards, old[i].campaign, old[i].period) = old[i];
    free(old);
}

/* NULL when the campaign is not known. */
static struct league *obtain(struct boards *boards, int32_t campaign_id, period_key period)
{
    struct place *place = place_of(boards, campaign_id, period);
    const struct campaign *campaign = campaigns_find_id(boards->campaigns, campaign_id);

    if (place->league || !campaign)
        return place->league;
    if (++boards->n_leagues * 2 > boards->n_places) {
        grow(boards);
        place = place_of(boards, campaign_id, period);
    }
    place->campaign = campaign_id;
    place->period = period;
    place->league = league_new(&campaign->current->rules.order, boards->unions);
    return place->league;
}

/* ---- filling ---- */

struct filling {
    struct boards *boards;
    struct league *league; /* of the line before: lines of one league come together */
    int32_t campaign;
    period_key period;
    int64_t n_strange; /* lines whose campaign or union is not known */
};

static struct league *league_for(struct filling *filling, int32_t campaign, period_key period)
{
    if (!filling->league || filling->campaign != campaign || filling->period != period) {
        filling->league = obtain(filling->boards, campaign, period);
        filling->campaign = campaign;
        filling->period = period;
    }
    return filling->league;
}

static void read_figure(struct rows *rows, struct figure *out, int *attempts)
{
    out->score = rows_int64(rows);
    out->duration_ms = rows_int64(rows);
    out->reached_at = rows_int64(rows);
    *attempts = rows_int32(rows);
}

static void load_overall(struct rows *rows, void *context)
{
    struct filling *filling = context;
    struct league *league = league_for(filling, rows_int32(rows), 0);
    int64_t person = rows_int64(rows);
    int union_index = unions_find(filling->boards->unions, rows_int32(rows));
    struct figure figure;
    int attempts;

    read_figure(rows, &figure, &attempts);
    if (league && union_index >= 0)
        league_load(league, person, union_index, &figure, attempts);
    else
        filling->n_strange++;
}

/* The union is the one of the overall board: no join over millions of rows. */
static void load_period(struct rows *rows, void *context)
{
    struct filling *filling = context;
    int32_t campaign = rows_int32(rows);
    struct league *league = league_for(filling, campaign, rows_int32(rows));
    struct league *overall = boards_league(filling->boards, campaign, 0);
    int64_t person = rows_int64(rows);
    struct figure figure;
    int32_t union_index;
    int attempts;

    read_figure(rows, &figure, &attempts);
    if (league && overall && league_union(overall, person, &union_index))
        league_load(league, person, union_index, &figure, attempts);
    else
        filling->n_strange++;
}

static void make_ready(struct boards *boards, bool is_overall)
{
    for (size_t i = 0; i < boards->n_places; i++)
        if (boards->places[i].league && !boards->places[i].period == is_overall)
            league_ready(boards->places[i].league);
}

static bool read_heads(struct boards *boards, struct session *session,
                       struct db_error *err)
{
    struct rows *rows = session_query(session, "select bucket, seq from feed_head", 0, NULL,
                                      err);

    while (rows && rows_next(rows)) {
        int16_t bucket = rows_int16(rows);

        boards->applied[bucket] = rows_int64(rows);
    }
    if (rows)
        session_free(rows);
    return rows;
}

bool boards_fill(struct boards *boards, struct session *session, struct db_error *err)
{
    struct filling filling = { .boards = boards };

    if (!read_heads(boards, session, err) ||
        !session_copy(session,
                      "copy (select campaign, person, union_id, score, duration_ms,"
                      " reached_at, n_counted from participation where score is not null)"
                      " to stdout (format binary)",
                      load_overall, &filling, err))
        return false;
    make_ready(boards, true);
    filling.league = NULL;
    if (!session_copy(session,
                      "copy (select campaign, period, person, score, duration_ms,"
                      " reached_at, n_counted from standing) to stdout (format binary)",
                      load_period, &filling, err))
        return false;
    make_ready(boards, false);
    if (filling.n_strange)
        log_error("boards", "%" PRId64 " standings name an unknown campaign or union",
                  filling.n_strange);
    return true;
}

/* ---- following ---- */

static void put(struct league *league, const struct entry *entry, int union_index,
                const int64_t *f)
{
    struct figure figure = { .score = f[1], .duration_ms = f[2], .reached_at = f[3] };

    if (figure.score < 0)
        league_remove(league, entry->person);
    else
        league_put(league, entry->person, union_index, &figure, (int)f[4]);
}

/* False when the campaign or the union is not in memory. */
static bool apply(struct boards *boards, const struct entry *entry)
{
    int union_index = unions_find(boards->unions, entry->union_id);

    if (union_index < 0 || !campaigns_find_id(boards->campaigns, entry->campaign))
        return false;
    for (size_t i = 0; i + PER_FIGURE <= entry->n_figures; i += PER_FIGURE) {
        const int64_t *f = entry->figures + i;

        put(obtain(boards, entry->campaign, (period_key)f[0]), entry, union_index, f);
    }
    boards->applied[entry->bucket] = entry->seq;
    return true;
}

/* Raises the shared head: only ever upwards, whoever comes first. */
static void tell_head(struct boards *boards, const struct entry *entry)
{
    _Atomic int64_t *head = &boards->heads[entry->bucket];
    int64_t was = atomic_load(head);

    while (was < entry->seq && !atomic_compare_exchange_weak(head, &was, entry->seq))
        continue;
}

bool boards_apply(struct boards *boards, const struct entry *entry)
{
    int64_t applied = boards->applied[entry->bucket];

    if (boards->heads)
        tell_head(boards, entry);

    if (entry->seq <= applied)
        return true;
    return entry->seq == applied + 1 && apply(boards, entry);
}

int64_t boards_applied(const struct boards *boards, int16_t bucket)
{
    return boards->applied[bucket];
}

static const char feed_sql[] =
    "select seq, campaign, person, union_id, figures from feed"
    " where bucket = $1 and seq > $2 order by seq limit 2000";

static bool read_page(struct rows *rows, void *out, struct error *err)
{
    struct boards *boards = out;

    (void)err;
    boards->n_read = rows_count(rows);
    while (rows_next(rows) && !boards->is_stuck) {
        struct entry entry = { .bucket = boards->reading, .seq = rows_int64(rows) };

        entry.campaign = rows_int32(rows);
        entry.person = rows_int64(rows);
        entry.union_id = rows_int32(rows);
        entry.figures = rows_int64_array(rows, &boards->page, &entry.n_figures);
        boards->is_stuck = !boards_apply(boards, &entry);
    }
    arena_done(&boards->page);
    return true;
}

static void end_all(struct waiting *waiting, const struct error *err)
{
    while (waiting) {
        struct waiting *next = waiting->next;

        task_end(waiting->task, err);
        free(waiting);
        waiting = next;
    }
}

static void begin_round(struct boards *boards);

/* A round is over: those who came during it want another. */
static void end_round(struct boards *boards, const struct error *err)
{
    struct waiting *waiting = boards->now;

    boards->now = NULL;
    boards->reading = -1;
    if (boards->is_asked || boards->next)
        begin_round(boards);
    end_all(waiting, err);
}

/* An entry names what is not in memory: whoever waits goes on waiting, until it is loaded
 * and the feed is read again. */
static void wait_for_load(struct boards *boards)
{
    struct waiting **last = &boards->now;

    while (*last)
        last = &(*last)->next;
    *last = boards->next;
    boards->next = boards->now;
    boards->now = NULL;
    boards->reading = -1;
    boards->on_unknown(boards->context);
}

static void on_page(const struct error *err, void *context);

static void read_bucket(struct boards *boards)
{
    struct query *query = query_new(boards->pool, NULL, feed_sql);

    query_bind_int16(query, boards->reading);
    query_bind_int64(query, boards->applied[boards->reading]);
    query_send_then(query, read_page, boards, on_page, boards);
}

static void on_page(const struct error *err, void *context)
{
    struct boards *boards = context;

    if (err) {
        end_round(boards, err);
        return;
    }
    if (boards->is_stuck) {
        wait_for_load(boards);
        return;
    }
    if (boards->n_read < PAGE)
        boards->reading++;
    if (boards->reading < boards->n_buckets)
        read_bucket(boards);
    else
        end_round(boards, NULL);
}

static void begin_round(struct boards *boards)
{
    boards->is_asked = boards->is_stuck = false;
    boards->now = boards->next;
    boards->next = NULL;
    boards->reading = 0;
    read_bucket(boards);
}

void boards_start(struct boards *boards, struct pool *pool, void (*on_unknown)(void *),
                  void *context)
{
    boards->pool = pool;
    boards->on_unknown = on_unknown;
    boards->context = context;
}

void boards_follow(struct boards *boards)
{
    boards->is_asked = true;
    if (boards->reading < 0)
        begin_round(boards);
}

void boards_follow_then(struct boards *boards, struct task *task)
{
    struct waiting *waiting = memory_new(sizeof(*waiting));

    task_begin(task);
    waiting->task = task;
    waiting->next = boards->next;
    boards->next = waiting;
    if (boards->reading < 0)
        begin_round(boards);
}

void boards_catch_up(struct boards *boards, int16_t bucket, struct task *task)
{
    if (boards->heads && atomic_load(&boards->heads[bucket]) > boards->applied[bucket])
        boards_follow_then(boards, task);
}

struct boards_counts boards_counts(const struct boards *boards)
{
    struct boards_counts counts = { .leagues = (int64_t)boards->n_leagues };

    for (size_t i = 0; i < boards->n_places; i++)
        if (boards->places[i].league) {
            counts.people += league_count(boards->places[i].league, BOARD_ALL);
            counts.bytes += (int64_t)league_memory(boards->places[i].league);
        }
    for (int i = 0; i < boards->n_buckets; i++)
        counts.applied += boards->applied[i];
    return counts;
}
