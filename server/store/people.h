#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/arena.h"
#include "util/task.h"

/* People and their sessions. */
struct store;

struct person {
    struct arena *arena; /* given: where the strings go */
    struct store *store; /* for the store itself */
    int64_t id;          /* 0 in an answer: no such person */
    const char *name;
    bool shows_name;
    int32_t home_union; /* of the roster entry; 0: none */
};

void store_person_get(struct store *store, struct task *task, int64_t id,
                      struct person *out);
void store_person_show_name(struct store *store, struct task *task, int64_t id, bool shows,
                            struct person *out);
/* The person of the roster entry "union code/staff number". */
void store_roster_find(struct store *store, struct task *task, const char *subject,
                       struct person *out);

/* The names of many people at once, for a page of a board: `out` has n places.  Asks the
 * database only for those that are not kept in memory. */
struct name {
    const char *name; /* NULL: no such person */
    bool shows_name;
};
struct names {
    struct arena *arena;
    struct store *store; /* for the store itself, as is */
    uint64_t epoch;
    size_t n;
    const int64_t *people;
    struct name *out;
};
void store_names_get(struct store *store, struct task *task, struct names *names);
/* Changes whenever a name may have changed, of people or of unions. */
uint64_t store_names_epoch(const struct store *store);

/* A session begins with generation 1. */
void store_session_begin(struct store *store, struct task *task, int64_t person,
                         int64_t expires_at, int64_t *id_out);

/* Renewing: `outcome` is told, and the next generation if it went well.  A generation that
 * was used before ends the session. */
enum renew_outcome { RENEWED = 1, RENEW_REUSED, RENEW_ENDED, RENEW_EXPIRED };
struct renewal {
    struct arena *arena;
    int64_t session;
    int32_t generation; /* in: presented; out: the next */
    int64_t person;
    const char *name;
    int outcome;
};
void store_session_renew(struct store *store, struct task *task, struct renewal *renewal);
/* Every process learns of it and refuses the session's access tokens. */
void store_session_end(struct store *store, struct task *task, int64_t session);
/* The same for every session of a person. */
void store_sessions_end(struct store *store, struct task *task, int64_t person);
bool store_session_is_over(const struct store *store, int64_t session);

/* Who holds an organizer's key, found by the key's hash; PROBLEM_TOKEN_BAD if nobody. */
struct organizer {
    struct arena *arena;
    int32_t key;
    int32_t union_id; /* the subtree it may see; 0: everything */
    const char *label;
};
void store_organizer_find(struct store *store, struct task *task, const uint8_t *hash,
                          size_t n, struct organizer *out);
