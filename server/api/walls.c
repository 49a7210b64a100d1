/*
 * While anybody watches, a timer compares what each wall was made of with what is now; no
 * more than that, so a change anywhere needs to tell nobody.  A wall that has changed is
 * written when the names on it are there, which they mostly are.
 *
 * The state says what time it is, so who comes later does not get an old one: then it is
 * written anew, though nobody else has to hear of it.
 */
#include "api/walls.h"

#include <stdlib.h>
#include <event2/event.h>

#include "api/app.h"
#include "api/show.h"
#include "http/watch.h"
#include "log/log.h"
#include "store/board.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/memory.h"

enum { N_PEOPLE = 10, N_UNIONS = 12, LOOK_MS = 200, REST_MS = 1000 };

/* What a state is made of. */
struct ingredients {
    const struct league *league;
    const struct revision *revision;
    uint64_t version, names_epoch;
    int phase; /* before, within or after the window */
};

struct wall {
    struct task task; /* first: resume gets its address */
    struct wall *next;
    struct walls *walls;
    const struct campaign *campaign;
    enum measure measure;
    struct watch *watch;
    struct ingredients shown, taken;
    int64_t taken_ms; /* when it was last begun to be written */

    struct arena arena; /* while it is written */
    struct row rows[N_PEOPLE];
    int64_t people[N_PEOPLE];
    struct name shown_names[N_PEOPLE];
    struct names names;
};

struct walls {
    struct app *app;
    struct event *timer;
    struct wall *first;
};

static struct ingredients look(const struct wall *wall)
{
    struct store *store = wall->walls->app->store;
    const struct revision *revision = wall->campaign->current;
    struct league *league = boards_league(store_boards(store), wall->campaign->id, 0);
    int64_t now = store_now(store);

    return (struct ingredients){
        .league = league,
        .revision = revision,
        .version = league ? league_version(league, BOARD_ALL) : 0,
        .names_epoch = store_names_epoch(store),
        .phase = (now >= revision->rules.opens_at) + (now >= revision->rules.closes_at),
    };
}

static bool is_same(const struct ingredients *a, const struct ingredients *b)
{
    return a->league == b->league && a->revision == b->revision &&
           a->version == b->version && a->names_epoch == b->names_epoch &&
           a->phase == b->phase;
}

static void write_people(struct text *out, struct wall *wall, const struct unions *unions)
{
    show_key(out, "people");
    text_char(out, '[');
    for (size_t i = 0; i < wall->names.n; i++) {
        text_string(out, i ? ",{" : "{");
        show_int(out, "rank", wall->rows[i].rank);
        show_string(out, "name", name_shown(&wall->arena, &wall->names.out[i]));
        show_row(out, unions, &wall->rows[i]);
        text_char(out, '}');
    }
    text_char(out, ']');
}

static void write_unions(struct text *out, struct wall *wall, const struct unions *unions)
{
    struct union_ranking ranking =
        union_ranking_of(&wall->arena, wall->taken.league, unions,
                         wall->taken.revision->rules.union_top, BOARD_ALL, wall->measure);

    show_key(out, "unions");
    text_char(out, '[');
    for (int i = 0; i < ranking.n && i < N_UNIONS; i++) {
        if (i)
            text_char(out, ',');
        union_ranking_show(out, &ranking, i);
    }
    text_char(out, ']');
}

static void write_state(struct text *out, struct wall *wall)
{
    struct store *store = wall->walls->app->store;
    const struct rules *rules = &wall->taken.revision->rules;
    int64_t now = store_now(store);

    text_char(out, '{');
    show_string(out, "campaign", wall->campaign->slug);
    show_string(out, "title", rules->title);
    show_time(out, "now", now, rules->utc_offset_ms);
    show_window(out, rules, now);
    show_turnout(out, wall->taken.league);
    show_string(out, "measure", measure_names[wall->measure]);
    write_people(out, wall, store_unions(store));
    write_unions(out, wall, store_unions(store));
    text_char(out, '}');
}

static void show_state(struct wall *wall)
{
    bool is_news = !is_same(&wall->shown, &wall->taken);
    TEXT(state);

    write_state(&state, wall);
    wall->shown = wall->taken;
    if (is_news)
        watch_show(wall->watch, &state);
    else
        watch_renew(wall->watch, &state);
}

/* The names are there.  Without them the wall stays as it is, and the timer tries again. */
static void resume(struct task *task)
{
    struct wall *wall = (struct wall *)task;

    if (task_has_failed(task))
        log_debug("wall", "campaign=%s waits: %s", wall->campaign->slug,
                  task->error.detail[ENGLISH]);
    else
        show_state(wall);
    task->error = (struct error){ 0 };
    arena_done(&wall->arena);
}

static void renew(struct wall *wall)
{
    int n = 0;

    if (wall->task.pending || clock_ms() - wall->taken_ms < REST_MS)
        return;
    wall->taken_ms = clock_ms();
    wall->taken = look(wall);
    if (wall->taken.league)
        n = league_page(wall->taken.league, BOARD_ALL, 0, N_PEOPLE, wall->rows);
    for (int i = 0; i < n; i++)
        wall->people[i] = wall->rows[i].person;
    wall->names = (struct names){ .arena = &wall->arena,
                                  .n = (size_t)n,
                                  .people = wall->people,
                                  .out = wall->shown_names };
    task_begin(&wall->task); /* so that it resumes once, asked for names or not */
    store_names_get(wall->walls->app->store, &wall->task, &wall->names);
    task_end(&wall->task, NULL);
}

static void set_timer(struct walls *walls)
{
    struct timeval soon = { 0, LOOK_MS * 1000 };

    if (!evtimer_pending(walls->timer, NULL))
        event_add(walls->timer, &soon);
}

static void on_timer(evutil_socket_t fd, short what, void *p)
{
    struct walls *walls = p;

    (void)fd, (void)what;
    for (struct wall *wall = walls->first; wall; wall = wall->next) {
        if (!watch_count(wall->watch))
            continue;
        struct ingredients now = look(wall);

        if (!is_same(&now, &wall->shown))
            renew(wall);
        set_timer(walls);
    }
}

struct walls *walls_new(struct event_base *base, struct app *app)
{
    struct walls *walls = memory_new(sizeof(*walls));

    walls->app = app;
    walls->timer = evtimer_new(base, on_timer, walls);
    return walls;
}

void walls_free(struct walls *walls)
{
    if (!walls)
        return;
    for (struct wall *wall = walls->first, *next; wall; wall = next) {
        next = wall->next;
        watch_free(wall->watch);
        arena_done(&wall->arena);
        free(wall);
    }
    event_free(walls->timer);
    free(walls);
}

static struct wall *obtain(struct walls *walls, const struct campaign *campaign,
                           enum measure measure)
{
    struct wall *wall = walls->first;

    while (wall && (wall->campaign != campaign || wall->measure != measure))
        wall = wall->next;
    if (wall)
        return wall;
    wall = memory_new(sizeof(*wall));
    wall->task.resume = resume;
    wall->walls = walls;
    wall->campaign = campaign;
    wall->measure = measure;
    wall->watch = watch_new(walls->app->server, "state");
    wall->taken_ms = -REST_MS;
    arena_init(&wall->arena);
    wall->next = walls->first;
    walls->first = wall;
    return wall;
}

struct watch *walls_watch(struct walls *walls, const struct campaign *campaign,
                          enum measure measure)
{
    struct wall *wall = obtain(walls, campaign, measure);

    /* nobody has looked whether it is still so */
    if (!watch_count(wall->watch) && clock_ms() - wall->taken_ms >= REST_MS)
        watch_forget(wall->watch);
    renew(wall);
    set_timer(walls);
    return wall->watch;
}
