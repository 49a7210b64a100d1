/*
 *          something new          ours             entries
 *   REST ---------------> LEASE --------> READ -------------> COUNT
 *     ^                     |              ^                    |
 *     |  nothing for us     |              +--------------------+ there is room
 *     +---------------------+                                   |
 *     |                                                         v
 *     +<------------------------------------------------------ STORE
 *
 * What is waited for is the database (LEASE, READ, STORE: on_answer goes on) or an idle
 * moment of the loop (REST, COUNT: on_idle, an event of the last priority).  A failure,
 * or an entry of a campaign that is not in memory yet, gives up what was not stored and
 * rests.
 *
 * Storing costs the database more than the hand-ins themselves where unions are many
 * (up to twenty rows an attempt): it rests four times as long as a storing took, so that
 * it has at most a fifth of one core of the database, and has the more to store at once.
 */
#include "api/counting.h"

#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/evidence.h"
#include "api/sheet.h"
#include "log/log.h"
#include "stats/haste.h"
#include "store/attempts.h"
#include "store/board.h"
#include "store/statistics.h"
#include "store/store.h"
#include "util/clock.h"
#include "util/memory.h"

/* A storing costs most by the row, so that it shall have collected some: the feed is
 * looked at twice a second, and read on for up to a second or 4,000 rows: to bind more
 * would keep the loop for more than a few milliseconds. */
enum {
    PAUSE_MS = 500,
    REST_TIMES = 4,
    FAILED_MS = 3000,
    ENTRIES = 256,
    SLICE = 16,
    MOST_ROWS = 4000,
    COLLECT_US = 1000000,
    MOST_EVIDENCE = 8192
};

enum stage { REST, LEASE, READ, COUNT, STORE };

struct counting {
    struct task task; /* first: resume gets its address */
    struct app *app;
    struct event *idle;
    enum stage stage;
    int64_t holder, leased_us, store_us;
    int64_t seen; /* how far the feeds went, all together, when all was counted */
    int64_t looked;
    bool is_stopping;
    bool must_store;    /* there is no room, or an entry cannot be counted yet */
    struct arena arena; /* of the entries read */
    struct arena paper; /* of the paper being counted */
    struct stat_lease lease;
    struct stat_entries entries;
    struct stat_changes changes;
    size_t i; /* the entry to count next */
    struct ledger *ledger;
    struct stat_device *devices;
    struct stat_hasty *hasty;
};

/* ---- one entry ---- */

struct played { /* an attempt, drawn again */
    const struct stat_entry *entry;
    struct sheet sheet;
    const struct question **drawn; /* by the revision pinned */
    const struct answer *answers;
    struct mark *marks;
};

/* As marked when so many corrections were known. */
static void mark(struct played *played, int32_t upto)
{
    struct paper *paper = &played->sheet.paper;

    for (int i = 0; i < paper->n_items; i++)
        paper->items[i].question = played->drawn[i];
    sheet_correct(&played->sheet, upto);
    score_paper(paper, played->answers, played->sheet.revision->rules.partial,
                played->marks);
}

/* False when the campaign, the revision or a correction is not known here yet. */
static bool draw(struct counting *counting, const struct stat_entry *entry,
                 struct played *out)
{
    const struct campaign *campaign =
        campaigns_find_id(store_campaigns(counting->app->store), entry->campaign);
    struct error err = { 0 };

    *out = (struct played){ .entry = entry };
    if (!campaign || campaign->n_corrections < entry->corrections ||
        !sheet_draw_pinned(counting->app, &counting->paper, campaign, entry->revision,
                           entry->person, entry->ordinal, &out->sheet, &err))
        return false;
    size_t n = (size_t)out->sheet.paper.n_items;
    out->answers = sheet_unpack(&out->sheet, entry->answers, &counting->paper);
    out->marks = arena_alloc(&counting->paper, n * sizeof(*out->marks));
    out->drawn = arena_alloc(&counting->paper, n * sizeof(*out->drawn));
    for (size_t i = 0; i < n; i++)
        out->drawn[i] = out->sheet.paper.items[i].question;
    return true;
}

static const uint8_t *spent_of(const struct played *played)
{
    const struct stat_entry *entry = played->entry;
    size_t n = (size_t)played->sheet.paper.n_items;

    return entry->spent.size == n * SPENT_BYTES ? entry->spent.data : NULL;
}

static void count(struct counting *counting, struct played *played, int32_t union_id,
                  int32_t upto, int sign)
{
    struct counted counted = { .campaign = played->entry->campaign,
                               .union_id = union_id,
                               .drawn = played->drawn,
                               .paper = &played->sheet.paper,
                               .answers = played->answers,
                               .marks = played->marks,
                               .spent = spent_of(played) };

    mark(played, upto);
    ledger_count(counting->ledger, &counted, sign);
}

static struct haste haste_of(const struct played *played)
{
    const uint8_t *spent = spent_of(played);
    struct haste haste = { .n_quick = spent ? 0 : -1,
                           .duration_ms = played->entry->duration_ms };

    for (int i = 0; i < played->sheet.paper.n_items; i++) {
        bool is_right = played->marks[i].is_right;

        haste.n_given += played->answers[i].is_given;
        haste.n_right += is_right;
        if (spent)
            haste.n_quick +=
                is_right && (spent[2 * i] << 8 | spent[2 * i + 1]) < HASTE_QUICK_UNITS;
    }
    return haste;
}

/* What was counted last is looked at for what looks strange. */
static void keep_evidence(struct counting *counting, const struct played *played)
{
    const struct stat_entry *entry = played->entry;
    struct stat_changes *changes = &counting->changes;
    struct haste haste = haste_of(played);

    if (entry->device && entry->kind != FEED_RESCORED)
        counting->devices[changes->n_devices++] =
            (struct stat_device){ entry->campaign, entry->device, entry->person };
    if (haste_is(&haste))
        counting->hasty[changes->n_hasty++] =
            (struct stat_hasty){ .campaign = entry->campaign,
                                 .ordinal = entry->ordinal,
                                 .person = entry->person,
                                 .n_given = (int16_t)haste.n_given,
                                 .n_quick = (int16_t)haste.n_quick };
}

static void count_drawn(struct counting *counting, struct played *played)
{
    const struct stat_entry *entry = played->entry;
    int32_t upto = entry->corrections;

    switch ((enum feed_kind)entry->kind) {
    case FEED_HANDED_IN:
    case FEED_EXPIRED:
        count(counting, played, entry->union_id, upto, 1);
        keep_evidence(counting, played);
        break;
    case FEED_VOIDED:
        count(counting, played, entry->union_id, upto, -1);
        break;
    case FEED_UNION_CHANGED:
        count(counting, played, entry->old_union, upto, -1);
        count(counting, played, entry->union_id, upto, 1);
        break;
    case FEED_RESCORED:
        count(counting, played, entry->union_id, upto - 1, -1);
        count(counting, played, entry->union_id, upto, 1);
        keep_evidence(counting, played);
    }
}

/* False when it cannot be counted yet. */
static bool count_entry(struct counting *counting, const struct stat_entry *entry)
{
    struct played played;
    bool ok = !entry->ordinal || draw(counting, entry, &played);

    if (ok && entry->ordinal)
        count_drawn(counting, &played);
    arena_done(&counting->paper);
    return ok;
}

/* ---- the round ---- */

static void rest(struct counting *counting, int64_t ms)
{
    struct timeval delay = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

    arena_done(&counting->arena);
    ledger_clear(counting->ledger);
    counting->changes = (struct stat_changes){ 0 };
    counting->stage = REST;
    event_add(counting->idle, &delay);
}

static int64_t feeds_applied(const struct counting *counting)
{
    const struct boards *boards = store_boards(counting->app->store);
    int64_t sum = 0;

    for (int16_t i = 0; i < store_buckets(counting->app->store); i++)
        sum += boards_applied(boards, i);
    return sum;
}

static void look(struct counting *counting)
{
    counting->looked = feeds_applied(counting);
    if (counting->looked == counting->seen) {
        rest(counting, PAUSE_MS);
        return;
    }
    counting->stage = LEASE;
    store_stat_lease(counting->app->store, &counting->task, counting->holder,
                     &counting->lease);
}

static void read_on(struct counting *counting)
{
    arena_done(&counting->arena);
    counting->stage = READ;
    counting->i = 0;
    counting->entries = (struct stat_entries){ .arena = &counting->arena,
                                               .limit = ENTRIES,
                                               .bucket = counting->changes.bucket,
                                               .after = counting->changes.to };
    store_stat_entries(counting->app->store, &counting->task, &counting->entries);
}

static void begin(struct counting *counting)
{
    if (!counting->lease.is_behind)
        counting->seen = counting->looked;
    if (counting->lease.bucket < 0) {
        rest(counting, PAUSE_MS);
        return;
    }
    counting->leased_us = clock_us();
    counting->must_store = false;
    counting->changes = (struct stat_changes){ .bucket = counting->lease.bucket,
                                               .from = counting->lease.seq,
                                               .to = counting->lease.seq,
                                               .ledger = counting->ledger,
                                               .devices = counting->devices,
                                               .hasty = counting->hasty };
    read_on(counting);
}

static void store(struct counting *counting)
{
    if (counting->changes.to == counting->changes.from) {
        rest(counting, FAILED_MS); /* stuck at the first entry: it is being loaded */
        return;
    }
    counting->stage = STORE;
    counting->store_us = clock_us();
    store_stat_add(counting->app->store, &counting->task, &counting->changes);
}

static bool is_full(const struct counting *counting)
{
    return ledger_size(counting->ledger) >= MOST_ROWS ||
           counting->changes.n_devices >= MOST_EVIDENCE / 2 ||
           counting->changes.n_hasty >= MOST_EVIDENCE / 2;
}

static bool is_last_of_entry(const struct stat_entries *entries, size_t i)
{
    return i + 1 == entries->n || entries->out[i + 1].seq != entries->out[i].seq;
}

/* The feed has no gaps. */
static bool is_at_end(const struct counting *counting)
{
    return !counting->must_store &&
           counting->changes.to - counting->entries.after < ENTRIES;
}

/* What was counted before this entry can be stored, unless it is counted in part: then
 * all of it is counted again. */
static void give_up(struct counting *counting)
{
    const struct stat_entries *entries = &counting->entries;

    counting->must_store = true;
    if (counting->i && !is_last_of_entry(entries, counting->i - 1))
        counting->changes.to = counting->changes.from;
}

static void count_slice(struct counting *counting)
{
    static const struct timeval at_once = { 0 };
    struct stat_entries *entries = &counting->entries;

    for (int n = 0; n < SLICE && counting->i < entries->n && !counting->must_store;
         n++) {
        const struct stat_entry *entry = &entries->out[counting->i];

        if (!count_entry(counting, entry)) {
            give_up(counting);
        } else if (is_last_of_entry(entries, counting->i++)) {
            counting->changes.to = entry->seq;
            counting->must_store = is_full(counting);
        }
    }
    if (!counting->must_store && counting->i < entries->n)
        event_add(counting->idle, &at_once);
    else if (counting->must_store || is_at_end(counting) ||
             clock_us() - counting->leased_us > COLLECT_US)
        store(counting);
    else
        read_on(counting);
}

static void end_round(struct counting *counting)
{
    if (!counting->changes.is_stored)
        log_info("counting", "bucket=%d seq=%lld: others have counted it",
                 counting->changes.bucket, (long long)counting->changes.from);
    int64_t pause = REST_TIMES * (clock_us() - counting->store_us) / 1000;
    rest(counting, is_at_end(counting) && pause < PAUSE_MS ? PAUSE_MS : pause);
}

static void on_idle(evutil_socket_t fd, short what, void *context)
{
    struct counting *counting = context;

    (void)fd, (void)what;
    if (counting->stage == COUNT)
        count_slice(counting);
    else
        look(counting);
}

static void free_counting(struct counting *counting)
{
    arena_done(&counting->arena);
    arena_done(&counting->paper);
    event_free(counting->idle);
    ledger_free(counting->ledger);
    free(counting->devices);
    free(counting->hasty);
    free(counting);
}

static void fail(struct counting *counting)
{
    if (error_fault(counting->task.error.problem) != FAULT_BUSY)
        log_error("counting", "%s", counting->task.error.detail[ENGLISH]);
    counting->task.error = (struct error){ 0 };
    rest(counting, FAILED_MS);
}

static void count_entries(struct counting *counting)
{
    static const struct timeval at_once = { 0 };

    counting->stage = COUNT;
    event_add(counting->idle, &at_once);
}

static void on_answer(struct task *task)
{
    struct counting *counting = (struct counting *)task;

    if (counting->is_stopping)
        free_counting(counting);
    else if (task_has_failed(task))
        fail(counting);
    else if (counting->stage == LEASE)
        begin(counting);
    else if (counting->stage == READ)
        count_entries(counting);
    else
        end_round(counting);
}

struct counting *counting_start(struct event_base *base, struct app *app)
{
    struct counting *counting = memory_new(sizeof(*counting));

    counting->task.resume = on_answer;
    counting->app = app;
    counting->seen = -1;
    counting->holder = clock_wall_ms() << 20 ^ getpid();
    counting->ledger = ledger_new();
    counting->devices = memory_new(MOST_EVIDENCE * sizeof(*counting->devices));
    counting->hasty = memory_new(MOST_EVIDENCE * sizeof(*counting->hasty));
    arena_init(&counting->arena);
    arena_init(&counting->paper);
    counting->idle = evtimer_new(base, on_idle, counting);
    event_priority_set(counting->idle, event_base_get_npriorities(base) - 1);
    rest(counting, 0);
    return counting;
}

void counting_stop(struct counting *counting)
{
    if (!counting)
        return;
    event_del(counting->idle);
    counting->is_stopping = true;
    if (!counting->task.pending)
        free_counting(counting);
}
