#include "store/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"
#include "rank/unions.h"
#include "util/clock.h"
#include "util/memory.h"
#include "util/text.h"

enum { CLOCK_EVERY_S = 30, LOOK_EVERY_S = 2 };

int64_t store_now(const struct store *store)
{
    return clock_wall_ms() + store->clock_ahead_ms;
}

/* ---- the first reading, over a connection that blocks ---- */

static bool read_all(struct session *session, const char *sql, rows_reader read, void *out,
                     struct db_error *err)
{
    struct error why = { 0 };
    struct rows *rows = session_query(session, sql, 0, NULL, err);
    bool ok;

    if (!rows)
        return false;
    ok = read(rows, out, &why);
    session_free(rows);
    if (!ok)
        snprintf(err->text, sizeof(err->text), "%s", why.detail[ENGLISH]);
    return ok;
}

static bool read_setting(struct rows *rows, void *out, struct error *err)
{
    struct store *store = out;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    store->n_buckets = rows_int16(rows);
    store->clock_ahead_ms = rows_int64(rows) - clock_wall_ms();
    return true;
}

/* As long as an access token of theirs can live, and a little more. */
static const char revoked_sql[] =
    "select id from session where revoked_at > now_ms() - 7500000";

static bool read_revoked(struct rows *rows, void *out, struct error *err)
{
    struct store *store = out;

    (void)err;
    while (rows_next(rows))
        revoked_add(&store->revoked, rows_int64(rows), store_now(store));
    return true;
}

static bool read_snapshot(struct store *store, struct session *session,
                          _Atomic int64_t *heads, struct db_error *err)
{
    if (!session_run(session, "begin isolation level repeatable read read only", err) ||
        !read_all(session, "select buckets, now_ms() from setting", read_setting, store,
                  err) ||
        !read_all(session, unions_sql, unions_read, store->unions, err) ||
        !read_all(session, campaigns_questions_sql, campaigns_read_questions,
                  store->campaigns, err) ||
        !read_all(session, campaigns_revisions_sql, campaigns_read_revisions,
                  store->campaigns, err) ||
        !read_all(session, campaigns_corrections_sql, campaigns_read_corrections,
                  store->campaigns, err) ||
        !read_all(session, revoked_sql, read_revoked, store, err))
        return false;
    store->boards = boards_new(store->campaigns, store->unions, store->n_buckets, heads);
    return boards_fill(store->boards, session, err) && session_run(session, "commit", err);
}

static bool read_first(struct store *store, const struct store_options *options,
                       struct db_error *err)
{
    char offset[80];
    struct session *session = session_open(options->conninfo, err);
    bool ok;

    if (!session)
        return false;
    snprintf(offset, sizeof(offset), "set jingda.clock_offset_ms = '%" PRId64 "'",
             options->clock_offset_ms);
    ok = session_run(session, offset, err) &&
         read_snapshot(store, session, options->heads, err);
    session_close(session);
    return ok;
}

/* ---- what changes while we run ---- */

static void load_next(struct store *store);

/* Whoever waits for the load that is over, or for the one after it. */
static void end_all(struct load_waiting *waiting, const struct error *err)
{
    while (waiting) {
        struct load_waiting *next = waiting->next;

        task_end(waiting->task, err);
        free(waiting);
        waiting = next;
    }
}

/* What failed is tried again by the next look, not at once. */
static void on_loaded(const struct error *err, void *context)
{
    struct store *store = context;
    struct load_waiting *waiting = store->now;

    store->now = NULL;
    store->is_loading = false;
    store->loaded_at = clock_wall_ms();
    name_cache_touch(store->names); /* what was written meanwhile has the old unions */
    if (err) {
        log_warn("store", "what has changed could not be read again: %s",
                 err->detail[ENGLISH]);
        store->must_load = true;
    } else if (store->must_load) {
        load_next(store);
    } else {
        boards_follow(store->boards);
    }
    end_all(waiting, err);
}

static void on_corrections(const struct error *err, void *context)
{
    struct store *store = context;

    if (err) {
        on_loaded(err, store);
        return;
    }
    struct query *query = query_new(store->pool, NULL, revoked_sql);
    query_send_then(query, read_revoked, store, on_loaded, store);
}

static void on_revisions(const struct error *err, void *context)
{
    struct store *store = context;

    if (err) {
        on_loaded(err, store);
        return;
    }
    struct query *query = query_new(store->pool, NULL, campaigns_corrections_sql);
    query_send_then(query, campaigns_read_corrections, store->campaigns, on_corrections,
                    store);
}

static void on_questions(const struct error *err, void *context)
{
    struct store *store = context;

    if (err) {
        on_loaded(err, store);
        return;
    }
    struct query *query = query_new(store->pool, NULL, campaigns_revisions_sql);
    query_send_then(query, campaigns_read_revisions, store->campaigns, on_revisions, store);
}

static void on_unions(const struct error *err, void *context)
{
    struct store *store = context;

    if (err) {
        on_loaded(err, store);
        return;
    }
    struct query *query = query_new(store->pool, NULL, campaigns_questions_sql);
    query_send_then(query, campaigns_read_questions, store->campaigns, on_questions, store);
}

static void load_next(struct store *store)
{
    store->must_load = false;
    store->is_loading = true;
    store->now = store->next;
    store->next = NULL;
    struct query *query = query_new(store->pool, NULL, unions_sql);
    query_send_then(query, unions_read, store->unions, on_unions, store);
}

void store_load(struct store *store)
{
    store->must_load = true;
    name_cache_clear(store->names);
    if (!store->is_loading)
        load_next(store);
}

void store_load_then(struct store *store, struct task *task)
{
    struct load_waiting *waiting = memory_new(sizeof(*waiting));

    *waiting = (struct load_waiting){ task, store->next };
    store->next = waiting;
    task_begin(task);
    store_load(store);
}

/* The boards met what is not in memory.  Loading that has just been done did not bring it:
 * then the next look at the feed tries again. */
static void load_unknown(void *context)
{
    struct store *store = context;

    if (clock_wall_ms() - store->loaded_at >= 1000)
        store_load(store);
}

static void on_feed(struct store *store, const char *payload)
{
    int bucket;
    int64_t seq;

    if (sscanf(payload, "%d %" SCNd64, &bucket, &seq) == 2 && bucket >= 0 &&
        bucket < store->n_buckets && seq > boards_applied(store->boards, (int16_t)bucket))
        boards_follow(store->boards);
}

static void on_notify(const char *channel, const char *payload, void *context)
{
    struct store *store = context;

    if (!strcmp(channel, "jingda_feed"))
        on_feed(store, payload);
    else if (!strcmp(channel, "jingda_change"))
        store_load(store);
    else if (!strcmp(channel, "jingda_session"))
        revoked_add(&store->revoked, strtoll(payload, NULL, 10), store_now(store));
    else if (!strcmp(channel, "jingda_person"))
        name_cache_forget(store->names, strtoll(payload, NULL, 10));
}

static void ask_revoked(struct store *store);

/* A token must not outlive its session because the database was away for a moment. */
static void on_revoked(const struct error *err, void *context)
{
    if (!err)
        return;
    log_warn("store", "ended sessions could not be read again: %s", err->detail[ENGLISH]);
    if (error_fault(err->problem) == FAULT_BUSY && err->problem != PROBLEM_STOPPING)
        ask_revoked(context);
}

static void ask_revoked(struct store *store)
{
    query_send_then(query_new(store->pool, NULL, revoked_sql), read_revoked, store,
                    on_revoked, store);
}

/* Connected, perhaps again: what was told meanwhile was missed. */
static void on_listening(void *context)
{
    store_load(context);
    ask_revoked(context);
}

/* A notification may come when the feed cannot be read, or never, over a connection that is
 * dead and does not know it.  So whoever is quiet looks too: no board stays behind longer. */
static void look(evutil_socket_t fd, short what, void *context)
{
    struct store *store = context;

    (void)fd, (void)what;
    if (!pool_is_up(store->pool))
        return;
    if (store->must_load && !store->is_loading)
        load_next(store);
    else
        boards_follow(store->boards);
}

static bool read_clock(struct rows *rows, void *out, struct error *err)
{
    struct store *store = out;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    store->clock_answer = rows_int64(rows);
    return true;
}

/* An answer that took long says little about the clock. */
static void on_clock(const struct error *err, void *context)
{
    struct store *store = context;
    int64_t now = clock_wall_ms();

    if (!err && now - store->asked_clock_at < 100)
        store->clock_ahead_ms = store->clock_answer - (now + store->asked_clock_at) / 2;
}

static void ask_clock(evutil_socket_t fd, short what, void *context)
{
    struct store *store = context;

    (void)fd, (void)what;
    store->asked_clock_at = clock_wall_ms();
    query_send_then(query_new(store->pool, NULL, "select now_ms()"), read_clock, store,
                    on_clock, store);
}

static void open_live(struct store *store, struct event_base *base,
                      const struct store_options *options)
{
    static const char *const channels[] = { "jingda_feed", "jingda_change",
                                            "jingda_session", "jingda_person", NULL };
    struct pool_options pool = pool_defaults;
    struct timeval every = { .tv_sec = CLOCK_EVERY_S }, soon = { .tv_sec = LOOK_EVERY_S };

    pool.conninfo = options->conninfo;
    pool.size = options->connections;
    pool.clock_offset_ms = options->clock_offset_ms;
    store->pool = pool_open(base, &pool);
    boards_start(store->boards, store->pool, load_unknown, store);
    store->listener = listener_open(base, options->conninfo, channels, on_notify,
                                    on_listening, store);
    store->clock_timer = event_new(base, -1, EV_PERSIST, ask_clock, store);
    event_add(store->clock_timer, &every);
    store->look_timer = event_new(base, -1, EV_PERSIST, look, store);
    event_add(store->look_timer, &soon);
    writes_open(store, base);
}

struct store *store_open(struct event_base *base, const struct store_options *options,
                         struct db_error *err)
{
    struct store *store = memory_new(sizeof(*store));

    store->unions = unions_new();
    store->campaigns = campaigns_new();
    store->names = name_cache_new();
    if (!read_first(store, options, err)) {
        store_close(store);
        return NULL;
    }
    open_live(store, base, options);
    return store;
}

void store_close(struct store *store)
{
    struct error err;

    if (!store)
        return;
    if (store->clock_timer)
        event_free(store->clock_timer);
    if (store->look_timer)
        event_free(store->look_timer);
    listener_close(store->listener);
    pool_close(store->pool);
    writes_close(store);
    error_set(&err, PROBLEM_STOPPING);
    end_all(store->next, &err);
    boards_free(store->boards);
    campaigns_free(store->campaigns);
    unions_free(store->unions);
    revoked_done(&store->revoked);
    name_cache_free(store->names);
    free(store);
}

bool store_is_up(const struct store *store)
{
    return pool_is_up(store->pool);
}

const struct unions *store_unions(const struct store *store)
{
    return store->unions;
}

struct campaigns *store_campaigns(struct store *store)
{
    return store->campaigns;
}

struct boards *store_boards(struct store *store)
{
    return store->boards;
}

void store_catch_up(struct store *store, struct task *task, int64_t person)
{
    boards_catch_up(store->boards, store_bucket(store, person), task);
}

int16_t store_bucket(const struct store *store, int64_t person)
{
    return (int16_t)(person % store->n_buckets);
}

static void batch_metrics(const struct store *store, struct batch **batches,
                          const char *name, struct text *out)
{
    struct batch_counts sum = { 0 };

    for (int i = 0; i < store->n_buckets; i++) {
        struct batch_counts counts = batch_counts(batches[i]);

        sum.calls += counts.calls;
        sum.rows += counts.rows;
        sum.waiting += counts.waiting;
    }
    text_printf(out,
                "jingda_batch_calls_total{kind=\"%s\"} %" PRId64 "\n"
                "jingda_batch_rows_total{kind=\"%s\"} %" PRId64 "\n"
                "jingda_batch_waiting{kind=\"%s\"} %" PRId64 "\n",
                name, sum.calls, name, sum.rows, name, sum.waiting);
}

void store_metrics(const struct store *store, struct text *out)
{
    struct pool_counts pool = pool_counts(store->pool);
    struct boards_counts boards = boards_counts(store->boards);

    text_printf(out,
                "jingda_database_connections_up %" PRId64 "\n"
                "jingda_database_queries_total %" PRId64 "\n"
                "jingda_database_failures_total %" PRId64 "\n"
                "jingda_database_connections_lost_total %" PRId64 "\n"
                "jingda_database_queries_in_flight %" PRId64 "\n"
                "jingda_database_queries_waiting %" PRId64 "\n"
                "jingda_boards_people %" PRId64 "\n"
                "jingda_boards_bytes %" PRId64 "\n"
                "jingda_feed_applied %" PRId64 "\n",
                pool.up, pool.queries, pool.failures, pool.lost_connections, pool.in_flight,
                pool.waiting, boards.people, boards.bytes, boards.applied);
    batch_metrics(store, store->choose, "choose_union", out);
    batch_metrics(store, store->start, "start", out);
    batch_metrics(store, store->save, "save", out);
    batch_metrics(store, store->hand_in, "hand_in", out);
    batch_metrics(store, store->remember, "remember", out);
    batch_metrics(store, store->star, "star", out);
    batch_metrics(store, store->look, "look_reviewing", out);
    batch_metrics(store, store->keep, "keep_reviewing", out);
}
