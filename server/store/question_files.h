#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "pg/query.h"
#include "util/arena.h"
#include "util/task.h"

/* The newest revisions of the questions, and files of them that organizers send: what
 * was found in each is kept until it is applied or a week old (schema/011_imports.sql).
 */
struct store;

/* By id, behind `after`; `topic` and `ids` narrow, NULL and 0 do not. */
struct bank_lines {
    struct arena *arena;
    const char *topic, *after;
    const char *const *ids;
    size_t n_ids;
    int limit;
    size_t n;
    const char **bodies, **names; /* JSON; the ids */
};
void store_bank_list(struct store *store, struct task *task, struct bank_lines *query);

/* A reading begins: 0 when two files are being read already.  It counts as given up
 * when nothing was said of it for `lease_ms`. */
void store_import_begin(struct store *store, struct task *task, const char *who,
                        int64_t lease_ms, int64_t *id);

/* What was found, [{"row","column",...}] as jingda read-questions writes it, the first
 * of it number `from`; maybe nothing, to say that it goes on.  `goes_on` becomes false
 * when the reading had been given up. */
struct import_part {
    int64_t import;
    int from, n_read, n_rows;
    const char *lines;
    int64_t lease_ms;
};
void store_import_lines(struct store *store, const struct import_part *part,
                        bool *goes_on, query_done_fn done, void *context);

/* It is over.  With sentences the file as a whole is "refused", or could not be read:
 * "failed". */
void store_import_finish(struct store *store, int64_t import, const char *state,
                         const char *format, const char *zh, const char *en,
                         query_done_fn done, void *context);

enum apply_outcome {
    APPLIED = 1,
    APPLIED_BEFORE,
    NO_SUCH_IMPORT,
    NOT_CHECKED,
    NO_LONGER_SO
};
void store_import_apply(struct store *store, struct task *task, int64_t import,
                        const char *who, int16_t *outcome);

struct import_line {
    int number, row;
    const char *column, *result, *question, *duplicate_of, *zh, *en; /* NULL: none */
};
/* An import, and `limit` of its lines behind number `after`, of one result or of all.
 */
struct import_query {
    struct arena *arena;
    int64_t id;
    int after, limit;
    const char *result; /* NULL: all */
    bool is_found, has_expired;
    const char *state, *format, *zh, *en;
    int64_t created_at;
    int n_rows, n_read, added, changed, unchanged, duplicate, wrong;
    size_t n;
    struct import_line *lines;
};
void store_import_get(struct store *store, struct task *task,
                      struct import_query *query);
