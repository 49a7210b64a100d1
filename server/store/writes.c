#include "store/writes.h"

#include <stdlib.h>

#include "store/inside.h"
#include "store/practice.h"
#include "util/memory.h"

static int32_t int32_or(struct rows *rows, int32_t otherwise)
{
    return rows_is_null(rows) ? otherwise : rows_int32(rows);
}

static int64_t int64_or(struct rows *rows, int64_t otherwise)
{
    return rows_is_null(rows) ? otherwise : rows_int64(rows);
}

static struct bytes bytes_kept(struct rows *rows, struct arena *arena)
{
    struct bytes out = { 0 };

    if (rows_is_null(rows))
        return out;
    const void *data = rows_bytes(rows, &out.size);
    out.data = arena_copy(arena, data, out.size);
    return out;
}

static const int64_t *figures_kept(struct rows *rows, struct arena *arena, size_t *n)
{
    *n = 0;
    return rows_is_null(rows) ? NULL : rows_int64_array(rows, arena, n);
}

/* What a committed row changed on the boards; when something before it is missing, its task
 * waits until the feed was read that far. */
static void show(struct store *store, struct batch_row *row, const struct entry *entry)
{
    if (!entry->seq || !boards_apply(store->boards, entry))
        boards_follow_then(store->boards, row->task);
}

#define COLUMN(TYPE, type, member) { BATCH_##TYPE, offsetof(type, member) }

/* ---- choose a union ---- */

static void read_chosen(struct rows *rows, struct batch_row *row)
{
    struct choose_union *out = (struct choose_union *)row;

    out->outcome = rows_int16(rows);
    out->union_now = rows_int32(rows);
    out->changes = rows_int32(rows);
    out->seq = int64_or(rows, 0);
    out->figures = figures_kept(rows, out->arena, &out->n_figures);
}

static void show_moves(struct batch_row **rows, size_t n, void *context)
{
    struct store *store = context;

    for (size_t i = 0; i < n; i++) {
        struct choose_union *row = (struct choose_union *)rows[i];
        struct entry entry = {
            .bucket = store_bucket(store, row->row.person),
            .seq = row->seq,
            .campaign = row->row.campaign,
            .union_id = row->union_now,
            .person = row->row.person,
            .figures = row->figures,
            .n_figures = row->n_figures,
        };

        if (row->seq)
            show(store, rows[i], &entry);
    }
}

static const struct batch_column choose_columns[] = {
    COLUMN(INT32, struct choose_union, row.campaign),
    COLUMN(INT64, struct choose_union, row.person),
    COLUMN(INT32, struct choose_union, union_id),
    { 0 },
};

static const struct batch_kind choose_kind = {
    .sql = "select idx, outcome, union_id, changes, seq, figures"
           " from choose_unions($1, $2, $3, $4)",
    .columns = choose_columns,
    .read = read_chosen,
    .committed = show_moves,
};

/* ---- start ---- */

static void read_started(struct rows *rows, struct batch_row *row)
{
    struct start_attempt *out = (struct start_attempt *)row;

    out->outcome = rows_int16(rows);
    out->ordinal = int32_or(rows, 0);
    out->revision = int32_or(rows, 0);
    out->started_at = int64_or(rows, 0);
    out->deadline_at = int64_or(rows, 0);
    out->now = rows_int64(rows);
    out->draft_version = int32_or(rows, 0);
    out->draft_saved_at = int64_or(rows, 0);
    out->draft = bytes_kept(rows, out->arena);
}

static const struct batch_column start_columns[] = {
    COLUMN(INT32, struct start_attempt, row.campaign),
    COLUMN(INT64, struct start_attempt, row.person),
    { 0 },
};

static const struct batch_kind start_kind = {
    .sql = "select idx, outcome, ordinal, revision, started_at, deadline_at, now_at,"
           " draft_version, draft_saved_at, draft from start_attempts($1, $2, $3)",
    .columns = start_columns,
    .read = read_started,
};

/* ---- save ---- */

static void read_saved(struct rows *rows, struct batch_row *row)
{
    struct save_draft *out = (struct save_draft *)row;

    out->outcome = rows_int16(rows);
    out->version_now = int32_or(rows, 0);
    out->saved_at = int64_or(rows, 0);
}

static const struct batch_column save_columns[] = {
    COLUMN(INT32, struct save_draft, row.campaign),
    COLUMN(INT64, struct save_draft, row.person),
    COLUMN(INT32, struct save_draft, ordinal),
    COLUMN(INT32, struct save_draft, version),
    COLUMN(BYTES, struct save_draft, answers),
    { 0 },
};

static const struct batch_kind save_kind = {
    .sql = "select idx, outcome, version, saved_at"
           " from save_drafts($1, $2, $3, $4, $5, $6)",
    .columns = save_columns,
    .read = read_saved,
};

/* ---- hand in ---- */

static void read_handed_in(struct rows *rows, struct batch_row *row)
{
    struct hand_in *out = (struct hand_in *)row;

    out->outcome = rows_int16(rows);
    out->state = rows_int16(rows);
    out->is_counted = !rows_is_null(rows) && rows_bool(rows);
    out->revision = int32_or(rows, 0);
    out->started_at = int64_or(rows, 0);
    out->deadline_at = int64_or(rows, 0);
    out->finished_at = int64_or(rows, 0);
    out->duration_ms = int32_or(rows, 0);
    out->score_kept = int32_or(rows, 0);
    out->n_right_kept = rows_is_null(rows) ? 0 : rows_int16(rows);
    out->answers_kept = bytes_kept(rows, out->arena);
    out->union_id = int32_or(rows, 0);
    out->seq = int64_or(rows, 0);
    out->figures = figures_kept(rows, out->arena, &out->n_figures);
    out->draft_saved_at_now = int64_or(rows, 0);
    out->draft = bytes_kept(rows, out->arena);
}

static int by_seq(const void *a, const void *b)
{
    int64_t one = (*(const struct hand_in *const *)a)->seq;
    int64_t other = (*(const struct hand_in *const *)b)->seq;

    return (one > other) - (one < other);
}

/* In the order of the feed, since boards take an entry only behind the one before it.  A row
 * stored before may be news to this process: its boards are brought up to date too.  So is
 * what it knows of the campaign, if keys were corrected. */
static void show_results(struct batch_row **rows, size_t n, void *context)
{
    struct store *store = context;

    qsort(rows, n, sizeof(*rows), by_seq);
    for (size_t i = 0; i < n; i++) {
        struct hand_in *row = (struct hand_in *)rows[i];
        struct entry entry = {
            .bucket = store_bucket(store, row->row.person),
            .seq = row->seq,
            .campaign = row->row.campaign,
            .union_id = row->union_id,
            .person = row->row.person,
            .figures = row->figures,
            .n_figures = row->n_figures,
        };

        if (row->seq || row->outcome == HANDED_IN_BEFORE)
            show(store, rows[i], &entry);
        else if (row->outcome == KEYS_CORRECTED)
            store_load(store);
    }
}

static const struct batch_column hand_in_columns[] = {
    COLUMN(INT32, struct hand_in, row.campaign),
    COLUMN(INT64, struct hand_in, row.person),
    COLUMN(INT32, struct hand_in, ordinal),
    COLUMN(INT32, struct hand_in, score),
    COLUMN(INT16, struct hand_in, n_right),
    COLUMN(INT32, struct hand_in, claimed_ms),
    COLUMN(BYTES, struct hand_in, answers),
    COLUMN(BOOL, struct hand_in, is_closing),
    COLUMN(INT64, struct hand_in, draft_saved_at),
    COLUMN(BYTES, struct hand_in, late),
    COLUMN(INT32, struct hand_in, corrections),
    COLUMN(BYTES, struct hand_in, spent),
    COLUMN(INT64, struct hand_in, device),
    { 0 },
};

static const struct batch_kind hand_in_kind = {
    .sql = "select idx, outcome, state, is_counted, revision, started_at, deadline_at,"
           " finished_at, duration_ms, score, n_right, answers, union_id, seq, figures,"
           " draft_saved_at, draft"
           " from hand_in($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
           " $13, $14)",
    .columns = hand_in_columns,
    .read = read_handed_in,
    .committed = show_results,
};

/* ---- practice ---- */

static void read_remembered(struct rows *rows, struct batch_row *row)
{
    ((struct remember *)row)->outcome = rows_int16(rows);
}

static const struct batch_column remember_columns[] = {
    COLUMN(INT32, struct remember, row.campaign),
    COLUMN(INT64, struct remember, row.person),
    COLUMN(TEXT, struct remember, question),
    COLUMN(INT32, struct remember, revision),
    COLUMN(INT32, struct remember, turn),
    COLUMN(INT64, struct remember, at),
    COLUMN(INT64, struct remember, due_at),
    COLUMN(DOUBLE, struct remember, recall.stability),
    COLUMN(DOUBLE, struct remember, recall.difficulty),
    COLUMN(BOOL, struct remember, is_right),
    COLUMN(DOUBLE, struct remember, predicted),
    COLUMN(BYTES, struct remember, answer),
    COLUMN(INT32, struct remember, week),
    COLUMN(BOOL, struct remember, is_review),
    COLUMN(INT32, struct remember, spent_ms),
    { 0 },
};

static const struct batch_kind remember_kind = {
    .sql = "select idx, outcome from remember_answers($1, $2, $3, $4, $5, $6, $7, $8, $9,"
           " $10, $11, $12, $13, $14, $15, $16)",
    .columns = remember_columns,
    .read = read_remembered,
};

static void read_starred(struct rows *rows, struct batch_row *row)
{
    ((struct star *)row)->outcome = rows_int16(rows);
}

static const struct batch_column star_columns[] = {
    COLUMN(INT64, struct star, row.person),
    COLUMN(TEXT, struct star, question),
    COLUMN(BOOL, struct star, is_starred),
    { 0 },
};

static const struct batch_kind star_kind = {
    .sql = "select idx, outcome from star_questions($1, $2, $3, $4)",
    .columns = star_columns,
    .read = read_starred,
};

static void read_reviewing(struct rows *rows, struct batch_row *row)
{
    struct reviewing *out = (struct reviewing *)row;

    out->now.version = rows_int32(rows);
    out->now.n_finished = rows_int32(rows);
    out->kept.version = rows_int32(rows);
    out->kept.n_finished = rows_int32(rows);
    out->kept.campaigns = rows_int64(rows);
    out->kept.holds_until = rows_int64(rows);
    out->kept.n_due = rows_int32(rows);
    out->kept.n_new = rows_int32(rows);
    out->kept.n_done = rows_int32(rows);
}

static const struct batch_column look_columns[] = {
    COLUMN(INT64, struct reviewing, row.person),
    { 0 },
};
static const struct batch_kind look_kind = {
    .sql = "select idx, version, n_finished, counted_version, counted_finished, campaigns,"
           " holds_until, n_due, n_new, n_done from look_reviewing($1, $2)",
    .columns = look_columns,
    .read = read_reviewing,
};

static void read_kept(struct rows *rows, struct batch_row *row)
{
    (void)rows, (void)row;
}

static const struct batch_column keep_columns[] = {
    COLUMN(INT64, struct reviewing, row.person),
    COLUMN(INT32, struct reviewing, now.version),
    COLUMN(INT32, struct reviewing, now.n_finished),
    COLUMN(INT64, struct reviewing, now.campaigns),
    COLUMN(INT64, struct reviewing, now.holds_until),
    COLUMN(INT32, struct reviewing, now.n_due),
    COLUMN(INT32, struct reviewing, now.n_new),
    COLUMN(INT32, struct reviewing, now.n_done),
    { 0 },
};
static const struct batch_kind keep_kind = {
    .sql = "select idx from keep_reviewing($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    .columns = keep_columns,
    .read = read_kept,
};

static struct batch **open_all(struct store *store, struct event_base *base,
                               const struct batch_kind *kind)
{
    struct batch **all = memory_new((size_t)store->n_buckets * sizeof(*all));

    for (int16_t i = 0; i < store->n_buckets; i++)
        all[i] = batch_new(base, store->pool, kind, i, store);
    return all;
}

void writes_open(struct store *store, struct event_base *base)
{
    store->choose = open_all(store, base, &choose_kind);
    store->start = open_all(store, base, &start_kind);
    store->save = open_all(store, base, &save_kind);
    store->hand_in = open_all(store, base, &hand_in_kind);
    store->remember = open_all(store, base, &remember_kind);
    store->star = open_all(store, base, &star_kind);
    store->look = open_all(store, base, &look_kind);
    store->keep = open_all(store, base, &keep_kind);
}

static void close_all(struct store *store, struct batch **all)
{
    for (int16_t i = 0; all && i < store->n_buckets; i++)
        batch_free(all[i]);
    free(all);
}

void writes_close(struct store *store)
{
    close_all(store, store->choose);
    close_all(store, store->start);
    close_all(store, store->save);
    close_all(store, store->hand_in);
    close_all(store, store->remember);
    close_all(store, store->star);
    close_all(store, store->look);
    close_all(store, store->keep);
}

void store_choose_union(struct store *store, struct task *task, struct choose_union *row)
{
    batch_add(store->choose[store_bucket(store, row->row.person)], &row->row, task);
}

void store_start(struct store *store, struct task *task, struct start_attempt *row)
{
    batch_add(store->start[store_bucket(store, row->row.person)], &row->row, task);
}

void store_save(struct store *store, struct task *task, struct save_draft *row)
{
    batch_add(store->save[store_bucket(store, row->row.person)], &row->row, task);
}

void store_hand_in(struct store *store, struct task *task, struct hand_in *row)
{
    batch_add(store->hand_in[store_bucket(store, row->row.person)], &row->row, task);
}

void store_remember(struct store *store, struct task *task, struct remember *row)
{
    batch_add(store->remember[store_bucket(store, row->row.person)], &row->row, task);
}

void store_star(struct store *store, struct task *task, struct star *row)
{
    batch_add(store->star[store_bucket(store, row->row.person)], &row->row, task);
}

void store_reviewing_look(struct store *store, struct task *task, struct reviewing *row)
{
    batch_add(store->look[store_bucket(store, row->row.person)], &row->row, task);
}

void store_reviewing_keep(struct store *store, struct task *task, struct reviewing *row)
{
    batch_add(store->keep[store_bucket(store, row->row.person)], &row->row, task);
}
