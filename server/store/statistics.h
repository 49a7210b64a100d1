#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "stats/ledger.h"
#include "util/arena.h"
#include "util/task.h"

/* Statistics: following the feed, and reading what was counted
 * (schema/010_statistics.sql). */
struct store;

/* ---- following ---- */

/* A bucket that has more in its feed than was counted, and that nobody else is
 * counting: it is ours for some seconds.  What is stored in the end is exact without
 * that; it spares work. */
struct stat_lease {
    bool is_behind; /* some bucket is, be it ours or not */
    int16_t bucket; /* -1: none for us */
    int64_t seq;    /* counted so far */
};
void store_stat_lease(struct store *store, struct task *task, int64_t holder,
                      struct stat_lease *out);

enum feed_kind {
    FEED_HANDED_IN = 1,
    FEED_EXPIRED,
    FEED_VOIDED,
    FEED_UNION_CHANGED,
    FEED_RESCORED,
};

/* An entry of the feed with its attempt; a change of union with each attempt that
 * counted for the person at that moment, or once with none. */
struct stat_entry {
    int64_t seq, person;
    int16_t kind; /* enum feed_kind */
    int32_t campaign, union_id;
    int32_t old_union;   /* FEED_UNION_CHANGED; 0: not known, nothing counted then */
    int32_t corrections; /* by which the attempt was marked then */
    int32_t ordinal;     /* 0: no attempt */
    int32_t revision, duration_ms;
    int64_t device; /* 0: not told */
    struct bytes answers, spent;
};

struct stat_entries {
    struct arena *arena;
    int limit; /* entries of the feed */
    int16_t bucket;
    int64_t after;
    size_t n;
    struct stat_entry *out; /* in order of seq */
};
void store_stat_entries(struct store *store, struct task *task,
                        struct stat_entries *query);

struct stat_device {
    int32_t campaign;
    int64_t device, person;
};

struct stat_hasty {
    int32_t campaign, ordinal;
    int64_t person;
    int16_t n_given, n_quick; /* n_quick -1: not told */
};

struct stat_changes {
    int16_t bucket;
    int64_t from, to;
    struct ledger *ledger;
    const struct stat_device *devices;
    size_t n_devices;
    const struct stat_hasty *hasty;
    size_t n_hasty;
    bool is_stored; /* false: others have counted this */
};
void store_stat_add(struct store *store, struct task *task,
                    struct stat_changes *changes);

/* ---- reading ---- */

/* How far it is counted.  To be read before the figures are asked for: they are at
 * least as new. */
struct stat_progress {
    int64_t behind;     /* entries of the feed not yet counted */
    int64_t counted_at; /* what had happened until then is counted */
};
void store_stat_progress(struct store *store, struct task *task,
                         struct stat_progress *out);

struct stat_line {
    const char *question;
    int32_t revision;
    struct tally tally;
    struct histogram histogram;
};

/* All questions of a campaign, or of some of its unions, in order of question and
 * revision. */
struct stat_query {
    struct arena *arena;
    int32_t campaign;
    const int32_t *unions; /* NULL: the whole campaign */
    size_t n_unions;
    int64_t attempts; /* of the same moment as the lines */
    size_t n_lines;
    struct stat_line *lines;
};
void store_stat_get(struct store *store, struct task *task, struct stat_query *query);
