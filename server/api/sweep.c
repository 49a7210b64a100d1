/*
 * Every round asks the database for attempts that have run out, closes them, and asks again
 * at once while it found any.  The question reads the whole table of participations, so the
 * pause after a round is at least fifty times what the round took: at most two hundredths of
 * one core of the database, however large the contest.
 */
#include "api/closing.h"

#include <event2/event.h>
#include <stdlib.h>

#include "log/log.h"
#include "store/attempts.h"
#include "util/clock.h"
#include "util/memory.h"

enum { PAUSE_MS = 5000, MANY = 256 };

struct sweep {
    struct task task; /* first: resume gets its address */
    struct app *app;
    struct event *timer;
    struct arena arena;
    struct expired_query query;
    struct closing *closings; /* NULL while asking */
    int64_t asked_us;
    bool is_stopping;
};

static void rest(struct sweep *sweep, int64_t ms)
{
    struct timeval delay = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

    arena_done(&sweep->arena);
    sweep->closings = NULL;
    event_add(sweep->timer, &delay);
}

static void free_sweep(struct sweep *sweep)
{
    arena_done(&sweep->arena);
    event_free(sweep->timer);
    free(sweep);
}

static int64_t pause_after(const struct sweep *sweep)
{
    int64_t took = (clock_us() - sweep->asked_us) / 1000;

    return took * 50 > PAUSE_MS ? took * 50 : PAUSE_MS;
}

static void close_found(struct sweep *sweep)
{
    size_t n = sweep->query.n;
    struct error err;

    sweep->closings = arena_alloc(&sweep->arena, n * sizeof(*sweep->closings));
    task_begin(&sweep->task); /* until all are sent */
    for (size_t i = 0; i < n; i++) {
        const struct expired *expired = &sweep->query.out[i];
        struct overdue overdue = { .campaign = expired->campaign,
                                   .ordinal = expired->ordinal,
                                   .revision = expired->revision,
                                   .person = expired->person,
                                   .draft_saved_at = expired->draft_saved_at,
                                   .draft = expired->draft };

        if (!closing_begin(sweep->app, &sweep->task, &sweep->arena, &overdue,
                           &sweep->closings[i], &err))
            log_warn("sweep", "person=%lld: %s", (long long)overdue.person,
                     err.detail[ENGLISH]);
    }
    task_end(&sweep->task, NULL);
}

/* What was asked, or what was begun to be closed, is over. */
static void resume(struct task *task)
{
    struct sweep *sweep = (struct sweep *)task;
    bool failed = task_has_failed(task);

    task->error = (struct error){ 0 };
    if (sweep->is_stopping)
        free_sweep(sweep);
    else if (sweep->closings)
        rest(sweep, failed || sweep->query.n < MANY ? PAUSE_MS : 0);
    else if (!failed && sweep->query.n)
        close_found(sweep);
    else
        rest(sweep, pause_after(sweep));
}

static void ask(evutil_socket_t fd, short what, void *context)
{
    struct sweep *sweep = context;

    (void)fd, (void)what;
    sweep->asked_us = clock_us();
    sweep->query = (struct expired_query){ .arena = &sweep->arena, .limit = MANY };
    store_expired_list(sweep->app->store, &sweep->task, &sweep->query);
}

struct sweep *sweep_start(struct event_base *base, struct app *app)
{
    struct sweep *sweep = memory_new(sizeof(*sweep));

    sweep->task.resume = resume;
    sweep->app = app;
    arena_init(&sweep->arena);
    sweep->timer = evtimer_new(base, ask, sweep);
    rest(sweep, 0);
    return sweep;
}

void sweep_stop(struct sweep *sweep)
{
    if (!sweep)
        return;
    event_del(sweep->timer);
    sweep->is_stopping = true;
    if (!sweep->task.pending)
        free_sweep(sweep);
}
