#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "pg/session.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/task.h"

/* What the database keeps, and what is kept of it in memory: unions, campaigns with their
 * questions, boards.  One file per aggregate; all the SQL is here and in schema/. */
struct event_base;
struct store;
struct unions;
struct campaigns;
struct boards;

struct store_options {
    const char *conninfo;
    int connections;
    int64_t clock_offset_ms; /* tests only */
    _Atomic int64_t *heads;  /* shared by workers, MAX_BUCKETS of them; NULL: one worker */
};

enum { MAX_BUCKETS = 1024 };

/* Reads unions, campaigns and boards (blocking: seconds for millions of people), then opens
 * the connections and follows the feed.  The schema must be up to date. */
struct store *store_open(struct event_base *base, const struct store_options *options,
                         struct db_error *err);
void store_close(struct store *store);

bool store_is_up(const struct store *store); /* the database answers */
/* The database's clock, in ms since 1970, as last compared with ours. */
int64_t store_now(const struct store *store);
const struct unions *store_unions(const struct store *store);
struct campaigns *store_campaigns(struct store *store);
struct boards *store_boards(struct store *store);
/* The task waits until the boards show what this person was told (store/board.h). */
void store_catch_up(struct store *store, struct task *task, int64_t person);
/* Reads what commands and organizers have saved meanwhile; the task goes on when it is here. */
void store_load_then(struct store *store, struct task *task);
int16_t store_bucket(const struct store *store, int64_t person);

struct text;
void store_metrics(const struct store *store, struct text *out); /* Prometheus lines */
