#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/moment.h"

struct unions;

/*
 * Who stands above whom.  A `league` holds the standings of one campaign in one period
 * (overall, or one day ...): a record for each person, found by person, and boards on
 * which the records stand in order: one of everybody, and one for each union that has
 * anybody in its subtree.  store/board.c fills leagues from PostgreSQL, then follows
 * the feed.
 *
 * A board is an order-statistic B+ tree: insert, remove, rank of a person and the page
 * at a rank are all O(log n).  A leaf holds, for each person, the first 64 bits of the
 * order key and the place of the record, so that a board costs about 16 bytes a person;
 * the record itself (about 40 bytes with its share of the hash) is shared by all boards
 * of the league.
 *
 * The order is exact: the figures in the order of `struct order`, then the person's id,
 * so it is strict.  Rank is 1 + how many stand above; where `order.is_shared`, people
 * who are equal in every key of the order share the best rank among them.
 */
enum order_key { ORDER_SCORE, ORDER_DURATION, ORDER_REACHED };

/* The keys in their order.  Score: more is better; duration and reached: less is
 * better. The first is always ORDER_SCORE. */
struct order {
    enum order_key keys[3];
    int n_keys;
    bool is_shared;
};

/* A person's standing: the figures of the attempt or attempts that count. */
struct figure {
    int64_t score;       /* hundredths of a point, 0 .. 2^32-1; clamped beyond */
    int64_t duration_ms; /* 0 .. 2^32-1 (49 days); clamped beyond */
    int64_t reached_at;  /* ms since 1970, 0 .. 2^42-1: when the figure was reached */
};

struct row { /* one line of a page */
    int64_t rank, person;
    int32_t union_index; /* the union chosen; BOARD_ALL for none */
    struct figure figure;
};

/* Sums over people: of a union's own, or of its whole subtree. */
struct union_sums {
    int64_t heads;    /* people with a standing */
    int64_t attempts; /* attempts that count, of these people */
    int64_t score, duration_ms;
};

struct league;

/* `unions` is linked, borrowed, and must outlive the league unchanged. */
struct league *league_new(const struct order *order, const struct unions *unions);
void league_free(struct league *league);

/* Sets a person's standing and union (an index, or BOARD_ALL for none), and how many
 * attempts of the person count; moves the person on every board concerned.  O(depth *
 * log n). */
void league_put(struct league *league, int64_t person, int32_t union_index,
                const struct figure *figure, int attempts);
/* Takes a person off (all attempts voided), with all attempts counted for the person.
 * Nothing happens if not there. */
void league_remove(struct league *league, int64_t person);

/* Filling many at once: league_load any number of times for different people who are
 * not here yet, then one league_ready, which sorts and builds all boards; much faster
 * than league_put for each.  Nothing else may be asked in between. */
void league_load(struct league *league, int64_t person, int32_t union_index,
                 const struct figure *figure, int attempts);
void league_ready(struct league *league);

/* BOARD_ALL is the board of everybody; else the index of a union: its whole subtree. */
enum { BOARD_ALL = -1 };

int64_t league_count(const struct league *league, int board); /* people on a board */
/* A person's line on a board; false when not on it. */
bool league_find(const struct league *league, int board, int64_t person,
                 struct row *out);
/* Only the union chosen, which takes no walk through a board. */
bool league_union(const struct league *league, int64_t person, int32_t *out);
/* Lines from place `from` (0 is the first) on; returns how many, at most `limit`. */
int league_page(const struct league *league, int board, int64_t from, int limit,
                struct row *out);
/* The place (0-based, strict order) of the first line that stands behind this one,
 * whether or not it is there any more: for going on from a cursor while people move. */
int64_t league_place_after(const struct league *league, int board,
                           const struct figure *figure, int64_t person);
/* How many lines stand before this one: for going back from a cursor. */
int64_t league_place_before(const struct league *league, int board,
                            const struct figure *figure, int64_t person);

/* Changes with every change to the board or its sums: for an ETag.  It is drawn from
 * what the board holds, so every process, also after a restart, says the same of the
 * same. */
uint64_t league_version(const struct league *league, int board);

/* BOARD_ALL: with the subtree everybody, without it those who chose no union. */
struct union_sums league_sums(const struct league *league, int board, bool subtree);
size_t
league_memory(const struct league *league); /* bytes, for metrics and the tests */
