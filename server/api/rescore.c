/*
 *   rest --(on_timer)--> LOOKING --> CATCHING_UP --> READING --> COUNTING --> rest
 *     |                     |                  \---> APPLYING ------------/
 *     |                     +--> nothing to do, or somebody else does it --> rest
 *     +--(on_timer, with work left)--> READING or APPLYING
 *
 * A cursor that has moved since we last looked, and not by us, is somebody else's: we
 * look again after a pause, and take it over when it stands still.  Should two take it
 * at once, the one who comes late with its batch is told so, and stands back.
 *
 * A batch that is counted keeps the loop, and one that is applied the feed head, for
 * some milliseconds: batches grow and shrink until they take about that.  There is none
 * while the loop is behind with its timers, and a pause as long as the batch took after
 * each.
 */
#include "api/rescore.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/sheet.h"
#include "log/log.h"
#include "paper/dealer.h"
#include "score/score.h"
#include "store/board.h"
#include "store/rescoring.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/memory.h"

enum { PAUSE_MS = 1000, LATE_US = 10000, LATE_MS = 50, MOST_LATE = 40 };
enum { FEW = 8, MANY = 256, TARGET_US = 4000 };

enum step { LOOKING, CATCHING_UP, READING, COUNTING, APPLYING };

struct rescore {
    struct task task; /* first: resume gets its address */
    struct app *app;
    struct event *timer;
    struct arena arena; /* of a batch */
    enum step step;
    struct rescoring found, seen; /* seen: where another was when we last looked */
    struct rescoring job;         /* campaign 0: we have none */
    struct old_attempts batch;
    struct counted counted;
    struct rescored rescored;
    struct dealing dealing;     /* of the person whose attempts are being drawn */
    int n_counting, n_applying; /* attempts in a batch */
    bool is_moved, is_stopping;
    int64_t due_us, begun_us;
    int n_late;
};

static void rest(struct rescore *rescore, int64_t us)
{
    struct timeval delay = { .tv_sec = us / 1000000, .tv_usec = us % 1000000 };

    arena_done(&rescore->arena);
    rescore->dealing = (struct dealing){ 0 };
    rescore->due_us = clock_us() + us;
    event_add(rescore->timer, &delay);
}

static void stand_back(struct rescore *rescore)
{
    rescore->job = (struct rescoring){ 0 };
    rest(rescore, PAUSE_MS * 1000);
}

/* ---- looking ---- */

static bool is_elsewhere(const struct rescoring *a, const struct rescoring *b)
{
    return a->campaign != b->campaign || a->number != b->number ||
           a->bucket != b->bucket || a->pass != b->pass || a->person != b->person ||
           a->ordinal != b->ordinal;
}

static void look(struct rescore *rescore)
{
    rescore->step = LOOKING;
    store_rescoring_next(rescore->app->store, &rescore->task, &rescore->found);
}

static bool is_known(const struct rescore *rescore)
{
    const struct campaign *campaign =
        campaigns_find_id(store_campaigns(rescore->app->store), rescore->job.campaign);

    return campaign && campaign->n_corrections >= rescore->job.number;
}

/* What we know must not be older than what is to be done: the campaign's corrections,
 * and the ranks before them. */
static void catch_up(struct rescore *rescore)
{
    struct store *store = rescore->app->store;

    rescore->step = CATCHING_UP;
    if (!is_known(rescore))
        store_load_then(store, &rescore->task);
    boards_follow_then(store_boards(store), &rescore->task);
}

static void on_looked(struct rescore *rescore)
{
    const struct rescoring *found = &rescore->found;
    bool is_begun = found->person;

    if (found->campaign && is_begun && is_elsewhere(found, &rescore->seen)) {
        rescore->seen = *found;
        stand_back(rescore);
    } else if (found->campaign) {
        rescore->job = *found;
        catch_up(rescore);
    } else {
        stand_back(rescore);
    }
}

/* ---- a batch ---- */

/* The size of the next, after one that took so long. */
static void fit(int *n, int64_t took_us)
{
    if (took_us > 2 * TARGET_US && *n > FEW)
        *n /= 2;
    else if (took_us < TARGET_US && *n < MANY)
        *n *= 2;
}

static void begin_batch(struct rescore *rescore)
{
    struct store *store = rescore->app->store;

    if (!is_known(rescore)) {
        stand_back(rescore);
        return;
    }
    rescore->begun_us = clock_us();
    if (rescore->job.pass == PASS_APPLYING) {
        rescore->step = APPLYING;
        store_rescoring_apply(store, &rescore->task, &rescore->job, rescore->n_applying,
                              &rescore->rescored);
        return;
    }
    rescore->step = READING;
    rescore->batch =
        (struct old_attempts){ .arena = &rescore->arena, .limit = rescore->n_counting };
    store_rescoring_read(store, &rescore->task, &rescore->job, &rescore->batch);
}

static void open_changes(struct changes *changes, struct arena *arena, size_t n)
{
    *changes = (struct changes){
        .person = arena_alloc(arena, n * sizeof(*changes->person)),
        .ordinal = arena_alloc(arena, n * sizeof(*changes->ordinal)),
        .old_score = arena_alloc(arena, n * sizeof(*changes->old_score)),
        .new_score = arena_alloc(arena, n * sizeof(*changes->new_score)),
        .old_right = arena_alloc(arena, n * sizeof(*changes->old_right)),
        .new_right = arena_alloc(arena, n * sizeof(*changes->new_right)),
        .score_before = arena_alloc(arena, n * sizeof(*changes->score_before)),
        .rank_before = arena_alloc(arena, n * sizeof(*changes->rank_before)),
    };
}

static void add_change(struct rescore *rescore, const struct old_attempt *attempt,
                       const struct result *result)
{
    struct changes *changes = &rescore->counted.changes;
    const struct league *overall =
        boards_league(store_boards(rescore->app->store), rescore->job.campaign, 0);
    struct row row;
    bool is_placed = overall && league_find(overall, BOARD_ALL, attempt->person, &row);
    size_t i = changes->n++;

    changes->person[i] = attempt->person;
    changes->ordinal[i] = attempt->ordinal;
    changes->old_score[i] = attempt->score;
    changes->new_score[i] = (int32_t)result->points;
    changes->old_right[i] = attempt->n_right;
    changes->new_right[i] = (int16_t)result->n_right;
    changes->score_before[i] = is_placed ? row.figure.score : -1;
    changes->rank_before[i] = is_placed ? row.rank : 0;
}

static bool has_corrected(const struct sheet *sheet, int32_t number)
{
    for (int i = 0; i < sheet->paper.n_items; i++) {
        const struct question *question = sheet->paper.items[i].question;

        if (campaign_corrected(sheet->campaign, question, number) != question)
            return true;
    }
    return false;
}

static bool is_marked_otherwise(const struct mark *a, const struct mark *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i].is_right != b[i].is_right || a[i].points != b[i].points)
            return true;
    return false;
}

static struct result score(const struct sheet *sheet, const struct answer *answers,
                           struct mark *marks)
{
    return score_paper(&sheet->paper, answers, sheet->revision->rules.partial, marks);
}

/* The paper as of the correction before, with the answers; false: it need not or cannot
 * be scored again.  Attempts come person by person, each with rising ordinals. */
static bool open_attempt(struct rescore *rescore, const struct campaign *campaign,
                         const struct old_attempt *attempt, struct sheet *sheet,
                         struct answer **answers, struct error *err)
{
    struct arena *arena = &rescore->arena;

    if (!sheet_draw_pinned_on(&rescore->dealing, rescore->app, arena, campaign,
                              attempt->revision, attempt->person, attempt->ordinal,
                              sheet, err))
        return false;
    sheet_correct(sheet, rescore->job.number - 1);
    if (!has_corrected(sheet, rescore->job.number))
        return false;
    int n = sheet->paper.n_items;
    *answers = arena_alloc(arena, (size_t)n * sizeof(**answers));
    if (!attempt->answers.size ||
        answers_unpack(attempt->answers.data, attempt->answers.size, arena, *answers,
                       n))
        return true;
    log_error("rescore", "campaign=%s person=%" PRId64 " ordinal=%d answers do not fit",
              campaign->slug, attempt->person, attempt->ordinal);
    return false;
}

/* False if its revision of the campaign is not known. */
static bool weigh(struct rescore *rescore, const struct campaign *campaign,
                  const struct old_attempt *attempt)
{
    struct error err = { 0 };
    struct sheet sheet;
    struct answer *answers;

    if (attempt->corrections >= rescore->job.number)
        return true; /* it came after the correction */
    if (!open_attempt(rescore, campaign, attempt, &sheet, &answers, &err))
        return err.problem == PROBLEM_NONE;
    size_t size = (size_t)sheet.paper.n_items * sizeof(struct mark);
    struct mark *before = arena_alloc(&rescore->arena, size);
    struct mark *after = arena_alloc(&rescore->arena, size);
    rescore->counted.n_affected++;
    score(&sheet, answers, before);
    sheet_correct(&sheet, rescore->job.number);
    struct result result = score(&sheet, answers, after);
    if (is_marked_otherwise(before, after, sheet.paper.n_items))
        add_change(rescore, attempt, &result);
    return true;
}

static void count(struct rescore *rescore)
{
    const struct old_attempts *batch = &rescore->batch;
    struct counted *counted = &rescore->counted;
    const struct campaign *campaign =
        campaigns_find_id(store_campaigns(rescore->app->store), rescore->job.campaign);
    int64_t began_us = clock_us();

    *counted = (struct counted){ .to_person = rescore->job.person,
                                 .to_ordinal = rescore->job.ordinal,
                                 .is_last = batch->n < (size_t)batch->limit,
                                 .n_seen = (int32_t)batch->n };
    open_changes(&counted->changes, &rescore->arena, batch->n);
    for (size_t i = 0; i < batch->n; i++)
        if (!weigh(rescore, campaign, &batch->out[i])) {
            stand_back(rescore);
            return;
        }
    if (batch->n) {
        counted->to_person = batch->out[batch->n - 1].person;
        counted->to_ordinal = batch->out[batch->n - 1].ordinal;
    }
    fit(&rescore->n_counting, clock_us() - began_us);
    rescore->step = COUNTING;
    store_rescoring_count(rescore->app->store, &rescore->task, &rescore->job, counted,
                          &rescore->is_moved);
}

static void go_on(struct rescore *rescore, bool is_moved, bool is_over, int64_t person,
                  int32_t ordinal)
{
    int64_t took_us = clock_us() - rescore->begun_us;

    if (!is_moved) {
        stand_back(rescore);
        return;
    }
    rescore->job.person = person;
    rescore->job.ordinal = ordinal;
    if (is_over)
        rescore->job.campaign = 0;
    rest(rescore, took_us);
}

/* ---- the loop ---- */

static void free_rescore(struct rescore *rescore)
{
    arena_done(&rescore->arena);
    event_free(rescore->timer);
    free(rescore);
}

static void resume(struct task *task)
{
    struct rescore *rescore = (struct rescore *)task;
    const struct rescored *rescored = &rescore->rescored;
    const struct counted *counted = &rescore->counted;
    bool failed = task_has_failed(task);

    task->error = (struct error){ 0 };
    if (rescore->is_stopping) {
        free_rescore(rescore);
        return;
    }
    if (failed) {
        stand_back(rescore);
        return;
    }
    switch (rescore->step) {
    case LOOKING:
        on_looked(rescore);
        break;
    case CATCHING_UP:
        begin_batch(rescore);
        break;
    case READING:
        count(rescore);
        break;
    case COUNTING:
        go_on(rescore, rescore->is_moved, counted->is_last, counted->to_person,
              counted->to_ordinal);
        break;
    case APPLYING:
        if (rescored->is_moved)
            fit(&rescore->n_applying, rescored->held_us);
        go_on(rescore, rescored->is_moved, rescored->is_over, rescored->person,
              rescored->ordinal);
        break;
    }
}

/* Whoever waits for the loop comes first, but not for ever. */
static bool is_behind(struct rescore *rescore)
{
    bool is_late = clock_us() - rescore->due_us > LATE_US;

    rescore->n_late = is_late && rescore->n_late < MOST_LATE ? rescore->n_late + 1 : 0;
    return rescore->n_late;
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    struct rescore *rescore = context;

    (void)fd, (void)what;
    if (is_behind(rescore))
        rest(rescore, LATE_MS * 1000);
    else if (rescore->job.campaign)
        begin_batch(rescore);
    else
        look(rescore);
}

struct rescore *rescore_start(struct event_base *base, struct app *app)
{
    struct rescore *rescore = memory_new(sizeof(*rescore));

    rescore->task.resume = resume;
    rescore->app = app;
    rescore->n_counting = rescore->n_applying = 4 * FEW;
    arena_init(&rescore->arena);
    rescore->timer = evtimer_new(base, on_timer, rescore);
    rest(rescore, 0);
    return rescore;
}

void rescore_stop(struct rescore *rescore)
{
    if (!rescore)
        return;
    event_del(rescore->timer);
    rescore->is_stopping = true;
    if (!rescore->task.pending)
        free_rescore(rescore);
}
