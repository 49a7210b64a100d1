#pragma once
#include <stddef.h>
#include <stdint.h>
#include "rank/records.h"

/* A board's order: a B+ tree of records by key, with counts.  A place in a leaf is the
 * first 64 bits of the key and the index of the record, which is read only where those
 * bits are equal.  All zero is an empty tree. */
struct entry {
    uint64_t head;
    uint32_t record;
} __attribute__((packed, aligned(4)));

struct tree {
    struct tree_node *root;
    size_t bytes; /* of all nodes */
    uint32_t n;   /* records in it */
    int height;   /* 0 when the root is a leaf */
};

void tree_done(struct tree *tree); /* leaves it empty */

/* While a record is in a tree, nothing that decides its place may change in it. */
void tree_insert(struct tree *tree, const struct records *records, uint32_t record);
void tree_remove(struct tree *tree, const struct records *records, uint32_t record);

/* Fills an empty tree with n entries in their order. */
void tree_build(struct tree *tree, const struct records *records,
                const struct entry *sorted, uint32_t n);
void tree_copy(struct tree *tree, const struct tree *from); /* into an empty one */

/* How many stand before the key, whether or not it is there itself. */
uint32_t tree_place(const struct tree *tree, const struct records *records,
                    const struct key *key);
/* The records from a place on; returns how many, at most `limit`. */
uint32_t tree_slice(const struct tree *tree, uint32_t from, uint32_t limit,
                    uint32_t *out);
