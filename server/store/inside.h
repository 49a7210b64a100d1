#pragma once
#include <event2/event.h>
#include "pg/pool.h"
#include "pg/query.h"
#include "pg/rows.h"
#include "store/batch.h"
#include "store/board.h"
#include "store/campaigns.h"
#include "store/names.h"
#include "store/revoked.h"
#include "store/store.h"

struct load_waiting { /* a task that waits for what has changed to be read */
    struct task *task;
    struct load_waiting *next;
};

/* The inside of a store, for the files of this room. */
struct store {
    struct pool *pool;
    struct listener *listener;
    int16_t n_buckets;
    struct unions *unions;
    struct campaigns *campaigns;
    struct boards *boards;
    struct revoked revoked;
    struct name_cache *names;
    /* by bucket */
    struct batch **choose, **start, **save, **hand_in, **remember, **star, **look, **keep;
    struct event *clock_timer, *look_timer;
    int64_t clock_ahead_ms; /* the database's clock less ours */
    int64_t asked_clock_at, clock_answer;
    int64_t loaded_at;
    bool is_loading, must_load; /* what is told of by a notification, but for the feed */
    struct load_waiting *now, *next; /* for the load under way, and for the one after */
};

/* Reads again what is told of by a notification. */
void store_load(struct store *store);
/* unions.c */
extern const char unions_sql[];
bool unions_read(struct rows *rows, void *unions, struct error *err);
/* writes.c */
void writes_open(struct store *store, struct event_base *base);
void writes_close(struct store *store);
