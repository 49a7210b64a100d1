#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rank/key.h"

/* The standings of a league, each once: found by person, and pointed to from the boards
 * by a 32-bit index, which stays the same while the person is here.  They live in
 * chunks, so that growing copies none of them. */
struct record {
    struct packed figures;
    int64_t person;
    int32_t union_index; /* RECORD_FREE when nobody's */
    int32_t attempts;
};

enum { RECORD_FREE = -2, RECORD_CHUNK = 4096 };
#define RECORD_NONE UINT32_MAX

struct record_part;

struct records {
    struct packed mask; /* of the layout: what the order looks at */
    struct record **chunks;
    uint32_t n_chunks;
    uint32_t n_used;  /* indexes below this have been given out */
    uint32_t n_alive; /* and are in use */
    uint32_t first_free;
    struct record_part **parts; /* the table person -> record: 2^depth of them */
    int depth;
    size_t part_bytes;
};

void records_init(struct records *records, struct packed mask);
void records_done(struct records *records);

uint32_t records_find(const struct records *records,
                      int64_t person);                         /* or RECORD_NONE */
uint32_t records_add(struct records *records, int64_t person); /* who must be new */
void records_remove(struct records *records, uint32_t index);

/* For many at once: records_append does not make them found; then one records_index
 * does, for all, which is quicker. */
uint32_t records_append(struct records *records, int64_t person);
void records_index(struct records *records);

size_t records_memory(const struct records *records);

static inline struct record *records_at(const struct records *records, uint32_t index)
{
    return &records->chunks[index / RECORD_CHUNK][index % RECORD_CHUNK];
}

static inline struct key records_key(const struct records *records, uint32_t index)
{
    const struct record *record = records_at(records, index);

    return (struct key){ packed_masked(record->figures, records->mask),
                         record->person };
}
