#include "store/statistics.h"

#include <string.h>

#include "pg/packed.h"
#include "store/inside.h"

enum { LEASE_MS = 5000 };

/* ---- following ---- */

static bool read_lease(struct rows *rows, void *context, struct error *err)
{
    struct stat_lease *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->is_behind = rows_bool(rows);
    out->bucket = -1;
    if (rows_is_null(rows))
        return true;
    out->bucket = rows_int16(rows);
    out->seq = rows_int64(rows);
    return true;
}

void store_stat_lease(struct store *store, struct task *task, int64_t holder,
                      struct stat_lease *out)
{
    struct query *query = query_new(
        store->pool, task,
        "with behind as materialized ("
        "  select s.bucket from stat_head s join feed_head f on f.bucket = s.bucket"
        "   where f.seq > s.seq"
        "), free as materialized ("
        "  select s.bucket from stat_head s join behind b on b.bucket = s.bucket"
        "   where s.leased_by = $1 or s.leased_until < clock_timestamp()"
        "   order by s.leased_until limit 1 for update of s skip locked"
        "), taken as ("
        "  update stat_head s set leased_by = $1,"
        "         leased_until = clock_timestamp() + $2 * interval '1 millisecond'"
        "    from free f where s.bucket = f.bucket returning s.bucket, s.seq"
        ") select exists (select from behind), t.bucket, t.seq"
        "  from (select) one left join taken t on true");

    query_bind_int64(query, holder);
    query_bind_int32(query, LEASE_MS);
    query_send(query, read_lease, out);
}

static struct bytes kept(struct rows *rows, struct arena *arena)
{
    struct bytes out = { 0 };

    if (rows_is_null(rows))
        return out;
    const void *data = rows_bytes(rows, &out.size);
    out.data = arena_copy(arena, data, out.size);
    return out;
}

static bool read_entries(struct rows *rows, void *context, struct error *err)
{
    struct stat_entries *query = context;

    (void)err;
    query->out = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->out));
    while (rows_next(rows)) {
        struct stat_entry *out = &query->out[query->n++];

        out->seq = rows_int64(rows);
        out->kind = rows_int16(rows);
        out->campaign = rows_int32(rows);
        out->person = rows_int64(rows);
        out->union_id = rows_int32(rows);
        out->old_union = rows_int32(rows);
        out->corrections = rows_int32(rows);
        if (rows_is_null(rows))
            continue;
        out->ordinal = rows_int32(rows);
        out->revision = rows_int32(rows);
        out->duration_ms = rows_int32(rows);
        out->device = rows_int64(rows);
        out->answers = kept(rows, query->arena);
        out->spent = kept(rows, query->arena);
    }
    return true;
}

/* The attempts that counted for a person at the moment of a change of union: those that
 * count now or were voided later, as far as were counted then, since attempts of one
 * person end in the order of their ordinals.  By which keys they stood then is told by
 * their next re-scoring, if there was one. */
void store_stat_entries(struct store *store, struct task *task,
                        struct stat_entries *out)
{
    struct query *query = query_new_long(
        store->pool, task,
        "select f.seq, f.kind, f.campaign, f.person, f.union_id, coalesce(f.old_union, "
        "0),"
        " case when f.kind = 4 then coalesce(r.corrections, a.corrections, 0)"
        "      else f.corrections end,"
        " a.ordinal, a.revision, a.duration_ms, coalesce(a.device, 0), a.answers, "
        "a.spent"
        " from (select * from feed where bucket = $1 and seq > $2 order by seq limit "
        "$3) f"
        " left join lateral ("
        "  select a.* from attempt a"
        "   where f.kind <> 4 and a.bucket = $1 and a.campaign = f.campaign"
        "     and a.person = f.person and a.ordinal = f.ordinal"
        "  union all (select a.* from attempt a"
        "   where f.kind = 4 and f.old_union is not null and a.bucket = $1"
        "     and a.campaign = f.campaign and a.person = f.person"
        "     and (a.is_counted or exists (select from feed v where v.kind = 3"
        "          and v.bucket = $1 and v.campaign = f.campaign and v.person = "
        "f.person"
        "          and v.seq > f.seq and v.ordinal = a.ordinal))"
        "   order by a.ordinal limit f.figures[5])) a on true"
        " left join lateral ("
        "  select case r.kind when 5 then r.corrections - 1 else r.corrections end"
        "         as corrections"
        "    from feed r where f.kind = 4 and r.kind in (3, 5) and r.bucket = $1"
        "     and r.campaign = f.campaign and r.person = f.person and r.seq > f.seq"
        "     and r.ordinal = a.ordinal order by r.seq limit 1) r on true"
        " order by f.seq, a.ordinal");

    query_bind_int16(query, out->bucket);
    query_bind_int64(query, out->after);
    query_bind_int64(query, out->limit);
    query_send(query, read_entries, out);
}

/* One member of every record as an array for a statement. */
#define GATHER(type, arena, records, n, member)                                        \
    ({                                                                                 \
        type *values_ = arena_alloc(arena, ((n) + 1) * sizeof(type));                  \
        for (size_t i_ = 0; i_ < (n); i_++)                                            \
            values_[i_] = (records)[i_].member;                                        \
        values_;                                                                       \
    })

static void bind_lines(struct query *query, struct ledger *ledger, struct arena *arena)
{
    const struct ledger_line *lines;
    size_t n = ledger_lines(ledger, &lines);

    query_bind_int32_array(query, GATHER(int32_t, arena, lines, n, campaign), n);
    query_bind_int32_array(query, GATHER(int32_t, arena, lines, n, union_id), n);
    query_bind_text_array(query, GATHER(const char *, arena, lines, n, question), n);
    query_bind_int32_array(query, GATHER(int32_t, arena, lines, n, revision), n);
    for (int c = 0; c < TALLY_COUNTERS; c++) {
        int64_t *values = arena_alloc(arena, (n + 1) * sizeof(*values));

        for (size_t i = 0; i < n; i++)
            values[i] = ((const int64_t *)&lines[i].tally)[c];
        query_bind_int64_array(query, values, n);
    }
}

/* A histogram is one number of counters, two a bin: shown and right. */
enum { BIN_COUNTERS = 2, HISTOGRAM_COUNTERS = BIN_COUNTERS * BINS };

/* Only the bins between the first and the last that changed. */
static void pack_histogram(struct text *out, const struct ledger *ledger,
                           const struct ledger_line *line)
{
    const struct ledger_cell *cell = NULL;
    int64_t counters[HISTOGRAM_COUNTERS];
    int first = BINS, last = -1;

    while ((cell = ledger_next(ledger, line, cell))) {
        first = cell->bin < first ? cell->bin : first;
        last = cell->bin > last ? cell->bin : last;
    }
    size_t n = (size_t)(last - first + 1) * BIN_COUNTERS;
    memset(counters, 0, n * sizeof(*counters));
    while ((cell = ledger_next(ledger, line, cell))) {
        int64_t *bin = &counters[(cell->bin - first) * BIN_COUNTERS];

        bin[0] = cell->shown;
        bin[1] = cell->right;
    }
    packed_write(out, (size_t)first * BIN_COUNTERS, counters, n);
}

static void bind_histograms(struct query *query, struct ledger *ledger,
                            struct arena *arena)
{
    const struct ledger_line *lines;
    size_t n = ledger_lines(ledger, &lines);
    struct bytes *numbers = arena_alloc(arena, (n + 1) * sizeof(*numbers));
    TEXT(packed);

    for (size_t i = 0; i < n; i++) {
        size_t before = packed.length;

        pack_histogram(&packed, ledger, &lines[i]);
        numbers[i].size = packed.length - before;
    }
    for (size_t i = 0, at = 0; i < n; at += numbers[i++].size)
        numbers[i].data = packed.data + at;
    query_bind_numeric_array(query, numbers, n);
}

static void bind_turnouts(struct query *query, struct ledger *ledger,
                          struct arena *arena)
{
    const struct ledger_turnout *turnouts;
    size_t n = ledger_turnouts(ledger, &turnouts);

    query_bind_int32_array(query, GATHER(int32_t, arena, turnouts, n, campaign), n);
    query_bind_int32_array(query, GATHER(int32_t, arena, turnouts, n, union_id), n);
    query_bind_int64_array(query, GATHER(int64_t, arena, turnouts, n, attempts), n);
}

static void bind_evidence(struct query *query, const struct stat_changes *changes,
                          struct arena *arena)
{
    const struct stat_device *devices = changes->devices;
    const struct stat_hasty *hasty = changes->hasty;
    size_t n = changes->n_devices;

    query_bind_int32_array(query, GATHER(int32_t, arena, devices, n, campaign), n);
    query_bind_int64_array(query, GATHER(int64_t, arena, devices, n, device), n);
    query_bind_int64_array(query, GATHER(int64_t, arena, devices, n, person), n);
    n = changes->n_hasty;
    query_bind_int32_array(query, GATHER(int32_t, arena, hasty, n, campaign), n);
    query_bind_int64_array(query, GATHER(int64_t, arena, hasty, n, person), n);
    query_bind_int32_array(query, GATHER(int32_t, arena, hasty, n, ordinal), n);
    query_bind_int16_array(query, GATHER(int16_t, arena, hasty, n, n_given), n);
    query_bind_int16_array(query, GATHER(int16_t, arena, hasty, n, n_quick), n);
}

static bool read_stored(struct rows *rows, void *context, struct error *err)
{
    struct stat_changes *changes = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    changes->is_stored = rows_bool(rows);
    return true;
}

void store_stat_add(struct store *store, struct task *task,
                    struct stat_changes *changes)
{
    struct arena arena;
    struct query *query = query_new_long(
        store->pool, task,
        "select count_statistics($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
        "$13, $14,"
        " $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, "
        "$30,"
        " $31, $32, $33, $34, $35, $36, $37, $38, $39)");

    arena_init(&arena);
    query_bind_int16(query, changes->bucket);
    query_bind_int64(query, changes->from);
    query_bind_int64(query, changes->to);
    bind_lines(query, changes->ledger, &arena);
    bind_histograms(query, changes->ledger, &arena);
    bind_turnouts(query, changes->ledger, &arena);
    bind_evidence(query, changes, &arena);
    query_send(query, read_stored, changes);
    arena_done(&arena);
}

/* ---- reading ---- */

static bool read_progress(struct rows *rows, void *context, struct error *err)
{
    struct stat_progress *out = context;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    out->behind = rows_int64(rows);
    out->counted_at = rows_int64(rows);
    return true;
}

void store_stat_progress(struct store *store, struct task *task,
                         struct stat_progress *out)
{
    struct query *query = query_new(
        store->pool, task,
        "select coalesce(sum(f.seq - s.seq), 0)::bigint,"
        " coalesce(min((select e.at from feed e where e.bucket = s.bucket"
        "               and e.seq = greatest(s.seq, 1))) filter (where f.seq > s.seq),"
        "          now_ms())"
        " from stat_head s join feed_head f on f.bucket = s.bucket");

    query_send(query, read_progress, out);
}

static bool read_histogram(struct rows *rows, struct histogram *out)
{
    int64_t counters[HISTOGRAM_COUNTERS];
    size_t size;
    const void *number = rows_numeric(rows, &size);

    if (!packed_read(number, size, counters, HISTOGRAM_COUNTERS))
        return false;
    for (int i = 0; i < BINS; i++) {
        out->shown[i] = counters[i * BIN_COUNTERS];
        out->right[i] = counters[i * BIN_COUNTERS + 1];
    }
    return true;
}

static bool read_lines(struct rows *rows, void *context, struct error *err)
{
    struct stat_query *query = context;

    query->lines = arena_alloc(query->arena, rows_count(rows) * sizeof(*query->lines));
    while (rows_next(rows)) {
        struct stat_line *line = &query->lines[query->n_lines++];

        query->attempts = rows_int64(rows);
        line->question = arena_string(query->arena, rows_text(rows));
        line->revision = rows_int32(rows);
        for (int c = 0; c < TALLY_COUNTERS; c++)
            ((int64_t *)&line->tally)[c] = rows_int64(rows);
        if (!read_histogram(rows, &line->histogram))
            return error_set(err, PROBLEM_BROKEN, "-");
    }
    return true;
}

/* Bucket by bucket, so that the index finds the unions in each. */
static const char lines_sql[] =
    "select coalesce((select sum(t.attempts) from generate_series(0, $3::integer - 1) b"
    "   join turnout_stat t on t.bucket = b and t.campaign = $1"
    "   and t.union_id = any($2::integer[])), 0)::bigint,"
    " question, revision, sum(shown)::bigint, sum(given)::bigint, "
    "sum(n_right)::bigint,"
    " sum(other)::bigint, sum(chosen_1)::bigint, sum(chosen_2)::bigint,"
    " sum(chosen_3)::bigint, sum(chosen_4)::bigint, sum(chosen_5)::bigint,"
    " sum(chosen_6)::bigint, sum(chosen_7)::bigint, sum(chosen_8)::bigint,"
    " sum(spent)::bigint, sum(n_spent)::bigint, sum(score)::bigint,"
    " sum(score_squares)::bigint, sum(score_right)::bigint, sum(rest)::bigint,"
    " sum(rest_squares)::bigint, sum(rest_right)::bigint, sum(histogram)"
    " from generate_series(0, $3::integer - 1) b join question_stat s on s.bucket = b"
    " and s.campaign = $1 and s.union_id = any($2::integer[])"
    " group by question, revision order by question collate \"C\", revision";

void store_stat_get(struct store *store, struct task *task, struct stat_query *out)
{
    static const int32_t whole[] = { 0 };
    struct query *query = query_new_long(store->pool, task, lines_sql);

    query_bind_int32(query, out->campaign);
    if (out->unions)
        query_bind_int32_array(query, out->unions, out->n_unions);
    else
        query_bind_int32_array(query, whole, 1);
    query_bind_int32(query, store->n_buckets);
    query_send(query, read_lines, out);
}
