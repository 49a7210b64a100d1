#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rank/tree.h"

/* What a tree is made of.  A node is a leaf (height 0) or a branch.  A branch has for
 * each child the count of the records under it and a full key: not behind any record of
 * this child, behind every record of the child before.  The first key of a node equals
 * the key its parent has for it, but on the left edge of the tree, where it is never
 * looked at. Keys are copies, so that a record may go while its key still parts two
 * children. */
enum { LEAF_MAX = 128, BRANCH_MAX = 64 };

struct tree_node {
    uint16_t n, capacity;
};

struct leaf {
    struct tree_node node;
    struct entry entries[];
};

struct branch {
    struct tree_node node;
    uint32_t counts[BRANCH_MAX];
    struct key keys[BRANCH_MAX];
    struct tree_node *children[BRANCH_MAX];
};

static inline struct leaf *as_leaf(const struct tree_node *node)
{
    return (struct leaf *)node;
}

static inline struct branch *as_branch(const struct tree_node *node)
{
    return (struct branch *)node;
}

static inline bool node_is_full(const struct tree_node *node)
{
    return node->n == node->capacity;
}

/* The tree accounts for the bytes. */
struct tree_node *node_new(struct tree *tree, int height, int capacity);
struct tree_node *node_copy(struct tree *tree, const struct tree_node *from,
                            int height);
struct tree_node *node_resize(struct tree *tree, struct tree_node *leaf, int capacity);
void node_free(struct tree *tree, struct tree_node *node, int height);
void node_free_all(struct tree *tree, struct tree_node *node, int height);

void node_open_gap(struct tree_node *node, int height, int at, int n);
void node_close_gap(struct tree_node *node, int height, int at, int n);

/* How many records stand under the first n items. */
uint32_t node_weight(const struct tree_node *node, int height, int n);

/* Child i, of this height, is full: it gives items to a neighbour, or is split. */
void node_make_room(struct tree *tree, const struct records *records,
                    struct branch *parent, int i, int height);
/* Child i is at most half full: it is joined to a neighbour, unless that would leave no
 * room; then they share, unless they are alike already. */
void node_fill(struct tree *tree, const struct records *records, struct branch *parent,
               int i, int height);
