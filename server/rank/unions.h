#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The unions, as trees in memory: read once, then found by id, by code and by part of
 * the name, walked up to the ancestors and down to the children.  Several trees may
 * stand side by side.  A union's place in the array (its index) never changes while the
 * tree lives. */
struct union_node {
    int32_t id;                        /* org_union.id */
    int32_t parent;                    /* index, -1 for the top of a tree */
    int32_t first_child, next_sibling; /* indexes in order of code, -1 for none */
    int32_t depth;                     /* 0 for the top */
    int32_t n_below;                   /* unions in the subtree, without itself */
    int32_t members; /* of the roster, of this union itself; -1 when not known */
    const char *code, *name, *kind, *level;
};

struct unions;

struct unions *unions_new(void);
void unions_free(struct unions *unions);

/* Adds one; parents may come after their children.  A top has the parent_id 0 (ids are
 * positive).  Strings are copied; kind and level may be NULL. */
void unions_add(struct unions *unions, int32_t id, int32_t parent_id, const char *code,
                const char *name, const char *kind, const char *level, int32_t members);
/* Another name, kind, level or number of members for a known one; link again after it. */
void unions_update(struct unions *unions, int index, const char *name, const char *kind,
                   const char *level, int32_t members);
/* Links what was added.  False, with the code of the culprit, when a parent is missing,
 * a code or id stands twice, or a union is its own ancestor; then there is only
 * unions_free. More may be added later, and linked again. */
bool unions_link(struct unions *unions, const char **culprit);

int unions_count(const struct unions *unions);
const struct union_node *unions_at(const struct unions *unions, int index);
int unions_find(const struct unions *unions, int32_t id);            /* index or -1 */
int unions_find_code(const struct unions *unions, const char *code); /* index or -1 */
int unions_first_top(
    const struct unions *unions); /* the tops are siblings of each other */
bool unions_is_within(const struct unions *unions, int index,
                      int ancestor); /* or same */

/* Roster size of the whole subtree: the sum over it of the known members; -1 when none
 * is. */
int64_t unions_members_below(const struct unions *unions, int index);

/* Indexes, from `after` + 1 on (so -1 to begin), of unions whose name or code contains
 * each of the words in `part`, ASCII letters in either case; returns how many were
 * written, at most `limit`.  Without a word every union fits.  Linear: about 1 ms for
 * 100,000. */
int unions_search(const struct unions *unions, const char *part, int after, int limit,
                  int *out);
