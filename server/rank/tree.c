/*
 * A change goes once from the root to the leaf.  On the way down a full child is given
 * room before it is entered, and a poor one is filled, so that there is nothing to mend
 * on the way back.  Room is looked for with the neighbours first, which keeps leaves
 * about five sixths full.  The one leaf of a small tree grows with it: most unions have
 * few people.
 */
#include "rank/tree.h"

#include <assert.h>
#include <string.h>

#include "rank/node.h"

/* Small enough for some growth after building, large enough for the budget of memory.
 */
enum { LEAF_FILL = LEAF_MAX * 7 / 8, BRANCH_FILL = BRANCH_MAX * 7 / 8 };
enum { LEAF_MIN_CAPACITY = 4 };

void tree_done(struct tree *tree)
{
    if (tree->root)
        node_free_all(tree, tree->root, tree->height);
    *tree = (struct tree){ 0 };
}

static bool entry_is_before(const struct records *records, const struct entry *entry,
                            const struct key *key)
{
    if (entry->head != key->figures.head)
        return entry->head < key->figures.head;
    struct key own = records_key(records, entry->record);
    return key_is_before(&own, key);
}

/* How many of a leaf stand before the key. */
static int place_in_leaf(const struct leaf *leaf, const struct records *records,
                         const struct key *key)
{
    int low = 0, high = leaf->node.n;

    while (low < high) {
        int middle = (low + high) / 2;

        if (entry_is_before(records, &leaf->entries[middle], key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The child that a key belongs in: the last whose own key is not behind it. */
static int child_for(const struct branch *branch, const struct key *key)
{
    int low = 0, high = branch->node.n - 1;

    while (low < high) {
        int middle = (low + high + 1) / 2;

        if (key_is_before(key, &branch->keys[middle]))
            high = middle - 1;
        else
            low = middle;
    }
    return low;
}

uint32_t tree_place(const struct tree *tree, const struct records *records,
                    const struct key *key)
{
    const struct tree_node *node = tree->root;
    uint32_t before = 0;

    if (!node)
        return 0;
    for (int height = tree->height; height > 0; height--) {
        int i = child_for(as_branch(node), key);

        before += node_weight(node, height, i);
        node = as_branch(node)->children[i];
    }
    return before + (uint32_t)place_in_leaf(as_leaf(node), records, key);
}

/* The leaf with the record at a place; `place` becomes the place within it. */
static const struct leaf *leaf_at(const struct tree *tree, uint32_t *place)
{
    const struct tree_node *node = tree->root;

    for (int height = tree->height; height > 0; height--) {
        const struct branch *branch = as_branch(node);
        int i = 0;

        for (; *place >= branch->counts[i]; i++)
            *place -= branch->counts[i];
        node = branch->children[i];
    }
    return as_leaf(node);
}

uint32_t tree_slice(const struct tree *tree, uint32_t from, uint32_t limit,
                    uint32_t *out)
{
    uint32_t n = 0;

    if (from >= tree->n)
        return 0;
    limit = limit > tree->n - from ? tree->n - from : limit;
    while (n < limit) {
        uint32_t i = from + n;
        const struct leaf *leaf = leaf_at(tree, &i);

        for (; i < leaf->node.n && n < limit; i++)
            out[n++] = leaf->entries[i].record;
    }
    return n;
}

/* The root becomes the only child of a new one. */
static void grow_up(struct tree *tree)
{
    struct branch *root = as_branch(node_new(tree, 1, BRANCH_MAX));

    root->node.n = 1;
    root->counts[0] = tree->n;
    root->keys[0] = (struct key){ { 0, 0 }, INT64_MIN };
    root->children[0] = tree->root;
    tree->root = &root->node;
    tree->height++;
}

static void make_room_at_root(struct tree *tree)
{
    struct tree_node *root = tree->root;

    if (!root)
        tree->root = node_new(tree, 0, LEAF_MIN_CAPACITY);
    else if (!node_is_full(root))
        return;
    else if (tree->height > 0 || root->capacity == LEAF_MAX)
        grow_up(tree);
    else
        tree->root = node_resize(
            tree, root, root->capacity < LEAF_MAX / 2 ? root->capacity * 2 : LEAF_MAX);
}

void tree_insert(struct tree *tree, const struct records *records, uint32_t record)
{
    struct key key = records_key(records, record);

    make_room_at_root(tree);
    struct tree_node *node = tree->root;
    for (int height = tree->height; height > 0; height--) {
        struct branch *parent = as_branch(node);
        int i = child_for(parent, &key);

        if (node_is_full(parent->children[i])) {
            node_make_room(tree, records, parent, i, height - 1);
            i = child_for(parent, &key);
        }
        parent->counts[i]++;
        node = parent->children[i];
    }
    int at = place_in_leaf(as_leaf(node), records, &key);
    node_open_gap(node, 0, at, 1);
    as_leaf(node)->entries[at] = (struct entry){ key.figures.head, record };
    tree->n++;
}

/* A root with one child is none; an empty leaf is not kept. */
static void shrink(struct tree *tree)
{
    while (tree->height > 0 && tree->root->n == 1) {
        struct tree_node *only = as_branch(tree->root)->children[0];

        node_free(tree, tree->root, tree->height--);
        tree->root = only;
    }
    if (tree->n == 0)
        tree_done(tree);
}

void tree_remove(struct tree *tree, const struct records *records, uint32_t record)
{
    struct key key = records_key(records, record);
    struct tree_node *node = tree->root;

    assert(tree->n > 0);
    for (int height = tree->height; height > 0; height--) {
        struct branch *parent = as_branch(node);
        int i = child_for(parent, &key);

        if (parent->children[i]->n <= parent->children[i]->capacity / 2) {
            node_fill(tree, records, parent, i, height - 1);
            i = child_for(parent, &key);
        }
        parent->counts[i]--;
        node = parent->children[i];
    }
    int at = place_in_leaf(as_leaf(node), records, &key);
    assert(at < node->n && as_leaf(node)->entries[at].record == record);
    node_close_gap(node, 0, at, 1);
    tree->n--;
    shrink(tree);
}

static uint64_t capacity_when_built(int height)
{
    uint64_t capacity = LEAF_FILL;

    while (height-- > 0)
        capacity *= BRANCH_FILL;
    return capacity;
}

static struct tree_node *build_leaf(struct tree *tree, const struct entry *sorted,
                                    uint32_t n, int capacity)
{
    struct tree_node *node = node_new(tree, 0, capacity);

    memcpy(as_leaf(node)->entries, sorted, n * sizeof(*sorted));
    node->n = (uint16_t)n;
    return node;
}

/* The entries are shared out evenly among as few children as can hold them. */
static struct tree_node *build(struct tree *tree, const struct records *records,
                               const struct entry *sorted, uint64_t n, int height)
{
    if (height == 0)
        return build_leaf(tree, sorted, (uint32_t)n, LEAF_MAX);
    struct branch *made = as_branch(node_new(tree, height, BRANCH_MAX));
    uint64_t most = capacity_when_built(height - 1), n_children = (n + most - 1) / most;

    for (uint64_t i = 0; i < n_children; i++) {
        uint64_t from = n * i / n_children, to = n * (i + 1) / n_children;

        made->counts[i] = (uint32_t)(to - from);
        made->keys[i] = records_key(records, sorted[from].record);
        made->children[i] = build(tree, records, sorted + from, to - from, height - 1);
    }
    made->node.n = (uint16_t)n_children;
    return &made->node;
}

void tree_build(struct tree *tree, const struct records *records,
                const struct entry *sorted, uint32_t n)
{
    assert(!tree->root);
    if (n == 0)
        return;
    tree->n = n;
    if (n <= LEAF_FILL) {
        tree->root = build_leaf(tree, sorted, n, (int)n);
        return;
    }
    while (capacity_when_built(tree->height) < n)
        tree->height++;
    tree->root = build(tree, records, sorted, n, tree->height);
}

void tree_copy(struct tree *tree, const struct tree *from)
{
    assert(!tree->root);
    if (!from->root)
        return;
    tree->root = node_copy(tree, from->root, from->height);
    tree->n = from->n;
    tree->height = from->height;
}
