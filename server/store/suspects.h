#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "store/attempts.h"
#include "util/arena.h"
#include "util/task.h"

/* Attempts that look strange, for organizers to look at.  `unions` NULL: all. */
struct store;

/* Right faster than anybody reads (stats/haste.h), in order of person and ordinal.  One
 * asking looks at so many and not more: of some unions it may find nothing and still
 * not be at the end. */
enum { HASTY_WINDOW = 5000 };
struct hasty_line {
    struct attempt_line line;
    int16_t n_given, n_quick; /* n_quick -1: not told */
};
struct hasty_lines {
    struct arena *arena;
    int limit;
    int64_t after[2]; /* person, ordinal */
    bool is_over;
    int64_t last[2]; /* where to go on if it is not */
    size_t n;
    struct hasty_line *out;
};
void store_hasty_lines(struct store *store, struct task *task, int32_t campaign,
                       const int32_t *unions, size_t n_unions,
                       struct hasty_lines *query);

/* Devices that several people have handed in from, in order of device; of each at most
 * MOST_SHARERS people.  One asking looks at so many uses of devices and not more: it
 * may find nothing and still not be at the end. */
enum { FEWEST_SHARERS = 3, MOST_SHARERS = 20, DEVICE_WINDOW = 10000 };
struct sharer {
    int64_t device, n_people;
    int64_t person, attempts;
    int32_t union_id;
    const char *name;
};
struct sharers {
    struct arena *arena;
    int limit; /* devices */
    int64_t after;
    bool is_over;
    int64_t last; /* where to go on if it is not */
    size_t n;
    struct sharer *out; /* those of one device together */
};
void store_sharers(struct store *store, struct task *task, int32_t campaign,
                   const int32_t *unions, size_t n_unions, struct sharers *query);

/* The last attempts that count of some people, with answers; of each at most so many,
 * and the people in the order given. */
struct attempts_of {
    struct arena *arena;
    const int64_t *people;
    size_t n_people;
    int per_person;
    size_t n;
    struct attempt_line *out;
};
void store_attempts_of(struct store *store, struct task *task, int32_t campaign,
                       struct attempts_of *query);
