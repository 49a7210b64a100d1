/*
 * Items go from node to node in one way only: divide() shares out those of two
 * neighbours. A split is an empty neighbour made first, a merge one thrown away
 * afterwards.
 */
#include "rank/node.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static size_t size(int height, int capacity)
{
    return height ? sizeof(struct branch)
                  : sizeof(struct leaf) + (size_t)capacity * sizeof(struct entry);
}

struct tree_node *node_new(struct tree *tree, int height, int capacity)
{
    struct tree_node *node = memory_resize(NULL, size(height, capacity));

    *node = (struct tree_node){ .capacity = (uint16_t)capacity };
    tree->bytes += size(height, capacity);
    return node;
}

struct tree_node *node_resize(struct tree *tree, struct tree_node *leaf, int capacity)
{
    tree->bytes += size(0, capacity) - size(0, leaf->capacity);
    leaf = memory_resize(leaf, size(0, capacity));
    leaf->capacity = (uint16_t)capacity;
    return leaf;
}

void node_free(struct tree *tree, struct tree_node *node, int height)
{
    tree->bytes -= size(height, node->capacity);
    free(node);
}

void node_free_all(struct tree *tree, struct tree_node *node, int height)
{
    for (int i = 0; height && i < node->n; i++)
        node_free_all(tree, as_branch(node)->children[i], height - 1);
    node_free(tree, node, height);
}

static void move(int height, struct tree_node *to, int to_at,
                 const struct tree_node *from, int from_at, int n)
{
    size_t count = (size_t)n;

    if (height == 0) {
        memmove(&as_leaf(to)->entries[to_at], &as_leaf(from)->entries[from_at],
                count * sizeof(struct entry));
        return;
    }
    memmove(&as_branch(to)->counts[to_at], &as_branch(from)->counts[from_at],
            count * sizeof(uint32_t));
    memmove(&as_branch(to)->keys[to_at], &as_branch(from)->keys[from_at],
            count * sizeof(struct key));
    memmove(&as_branch(to)->children[to_at], &as_branch(from)->children[from_at],
            count * sizeof(struct tree_node *));
}

struct tree_node *node_copy(struct tree *tree, const struct tree_node *from, int height)
{
    struct tree_node *node = node_new(tree, height, from->capacity);

    node->n = from->n;
    move(height, node, 0, from, 0, from->n);
    for (int i = 0; height && i < from->n; i++)
        as_branch(node)->children[i] =
            node_copy(tree, as_branch(from)->children[i], height - 1);
    return node;
}

void node_open_gap(struct tree_node *node, int height, int at, int n)
{
    move(height, node, at + n, node, at, node->n - at);
    node->n = (uint16_t)(node->n + n);
}

void node_close_gap(struct tree_node *node, int height, int at, int n)
{
    move(height, node, at, node, at + n, node->n - at - n);
    node->n = (uint16_t)(node->n - n);
}

uint32_t node_weight(const struct tree_node *node, int height, int n)
{
    uint32_t sum = 0;

    if (height == 0)
        return (uint32_t)n;
    for (int i = 0; i < n; i++)
        sum += as_branch(node)->counts[i];
    return sum;
}

static struct key first_key(const struct records *records, const struct tree_node *node,
                            int height)
{
    return height ? as_branch(node)->keys[0]
                  : records_key(records, as_leaf(node)->entries[0].record);
}

static void move_over(struct tree_node *left, struct tree_node *right, int height,
                      int n)
{
    int more = n - left->n;

    if (more > 0) {
        move(height, left, left->n, right, 0, more);
        node_close_gap(right, height, 0, more);
    } else {
        node_open_gap(right, height, 0, -more);
        move(height, right, 0, left, n, -more);
    }
    left->n = (uint16_t)n;
}

/* Shares the items of two neighbours, child i and the next, so that i has n of them. */
static void divide(const struct records *records, struct branch *parent, int i,
                   int height, int n)
{
    struct tree_node *left = parent->children[i], *right = parent->children[i + 1];
    uint32_t sum = parent->counts[i] + parent->counts[i + 1];

    move_over(left, right, height, n);
    parent->counts[i] = node_weight(left, height, n);
    parent->counts[i + 1] = sum - parent->counts[i];
    if (right->n)
        parent->keys[i + 1] = first_key(records, right, height);
}

static void split(struct tree *tree, const struct records *records,
                  struct branch *parent, int i, int height)
{
    struct tree_node *child = parent->children[i];

    node_open_gap(&parent->node, 1, i + 1, 1);
    parent->counts[i + 1] = 0;
    parent->children[i + 1] = node_new(tree, height, child->capacity);
    divide(records, parent, i, height, child->n / 2);
}

static void merge(struct tree *tree, const struct records *records,
                  struct branch *parent, int i, int height)
{
    struct tree_node *right = parent->children[i + 1];

    divide(records, parent, i, height, parent->children[i]->n + right->n);
    node_free(tree, right, height);
    node_close_gap(&parent->node, 1, i + 1, 1);
}

/* Items of child i and the next. */
static int both(const struct branch *parent, int i)
{
    return parent->children[i]->n + parent->children[i + 1]->n;
}

static bool has_room_to_lend(const struct branch *parent, int i)
{
    if (i < 0 || i >= parent->node.n)
        return false;
    const struct tree_node *child = parent->children[i];
    return child->capacity - child->n >= child->capacity / 8;
}

void node_make_room(struct tree *tree, const struct records *records,
                    struct branch *parent, int i, int height)
{
    if (has_room_to_lend(parent, i - 1))
        divide(records, parent, i - 1, height, both(parent, i - 1) / 2);
    else if (has_room_to_lend(parent, i + 1))
        divide(records, parent, i, height, both(parent, i) / 2);
    else
        split(tree, records, parent, i, height);
}

void node_fill(struct tree *tree, const struct records *records, struct branch *parent,
               int i, int height)
{
    int first = i ? i - 1 : i;
    int capacity = parent->children[i]->capacity;
    int difference = parent->children[first]->n - parent->children[first + 1]->n;

    if (both(parent, first) <= capacity * 7 / 8)
        merge(tree, records, parent, first, height);
    else if (abs(difference) >= capacity / 8)
        divide(records, parent, first, height, both(parent, first) / 2);
}
