/*
 * The table person -> record is an extendible hash (Fagin et al., "Extendible Hashing",
 * ACM TODS 1979): a directory by the first bits of the hash, whose entries point to
 * parts; a part that is full is split in two by one more bit.  So no single put waits
 * for more than some hundred others to be moved, however many there are.  A part is a
 * table with linear probing, at most three quarters full; removing closes the gap
 * instead of leaving a mark, so that a table long in use stays as quick as a new one.
 */
#include "rank/records.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { PART_MIN = 4, PART_LARGE = 512, PART_MAX = 768 };

struct record_part {
    uint16_t n, capacity;
    int depth;        /* how many bits of the hash all in it have in common */
    uint32_t slots[]; /* index + 1; 0 for empty */
};

/* The finalizer of MurmurHash3: each bit of the person reaches each bit of the hash. */
static uint64_t hash(int64_t person)
{
    uint64_t x = (uint64_t)person;

    x = (x ^ x >> 33) * 0xff51afd7ed558ccdULL;
    x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return x ^ x >> 33;
}

static size_t size(const struct record_part *part)
{
    return sizeof(*part) + part->capacity * sizeof(*part->slots);
}

static bool has_room(uint32_t n, uint32_t capacity)
{
    return n * 4 <= capacity * 3;
}

static uint32_t capacity_for(uint32_t n)
{
    uint32_t capacity = PART_MIN;

    while (!has_room(n, capacity) && capacity < PART_MAX)
        capacity = capacity < PART_LARGE ? capacity * 2 : PART_MAX;
    return capacity;
}

static struct record_part *part_new(struct records *records, uint32_t capacity,
                                    int depth)
{
    struct record_part *part = memory_new(sizeof(*part) + capacity * sizeof(uint32_t));

    part->capacity = (uint16_t)capacity;
    part->depth = depth;
    records->part_bytes += size(part);
    return part;
}

static void part_free(struct records *records, struct record_part *part)
{
    records->part_bytes -= size(part);
    free(part);
}

/* The place in a directory of 2^depth for a hash. */
static size_t entry_of(uint64_t hash, int depth)
{
    return depth ? hash >> (64 - depth) : 0;
}

static struct record_part *part_of(const struct records *records, int64_t person)
{
    return records->parts[entry_of(hash(person), records->depth)];
}

/* Where in its part a person belongs: the low half of the hash scaled to the capacity.
 */
static uint32_t home(const struct record_part *part, int64_t person)
{
    return (uint32_t)((hash(person) & UINT32_MAX) * part->capacity >> 32);
}

static uint32_t next(const struct record_part *part, uint32_t slot)
{
    return slot + 1 == part->capacity ? 0 : slot + 1;
}

static void mark(struct record_part *part, int64_t person, uint32_t index)
{
    uint32_t slot = home(part, person);

    while (part->slots[slot])
        slot = next(part, slot);
    part->slots[slot] = index + 1;
    part->n++;
}

/* Lets all entries for the part's bits, which are those of `hash`, point to it. */
static void enter(struct records *records, struct record_part *part, uint64_t hash)
{
    size_t n = (size_t)1 << (records->depth - part->depth);
    size_t first = entry_of(hash, part->depth) * n;

    for (size_t i = first; i < first + n; i++)
        records->parts[i] = part;
}

static void double_directory(struct records *records)
{
    size_t n = (size_t)1 << records->depth++;

    records->parts = memory_resize(records->parts, n * 2 * sizeof(*records->parts));
    while (n-- > 0)
        records->parts[n * 2] = records->parts[n * 2 + 1] = records->parts[n];
}

static void grow(struct records *records, struct record_part *old, uint64_t hash)
{
    struct record_part *part = part_new(records, capacity_for(old->n + 1U), old->depth);

    for (uint32_t i = 0; i < old->capacity; i++)
        if (old->slots[i])
            mark(part, records_at(records, old->slots[i] - 1)->person,
                 old->slots[i] - 1);
    enter(records, part, hash);
    part_free(records, old);
}

static void split(struct records *records, struct record_part *old,
                  uint64_t hash_of_old)
{
    uint64_t bit = (uint64_t)1 << (63 - old->depth);
    struct record_part *halves[2];

    if (old->depth == records->depth)
        double_directory(records);
    for (int i = 0; i < 2; i++)
        halves[i] = part_new(records, capacity_for(old->n * 5U / 8), old->depth + 1);
    for (uint32_t i = 0; i < old->capacity; i++) {
        if (!old->slots[i])
            continue;
        int64_t person = records_at(records, old->slots[i] - 1)->person;
        mark(halves[(hash(person) & bit) != 0], person, old->slots[i] - 1);
    }
    enter(records, halves[0], hash_of_old & ~bit);
    enter(records, halves[1], hash_of_old | bit);
    part_free(records, old);
}

static void add_to_table(struct records *records, int64_t person, uint32_t index)
{
    struct record_part *part;

    while (part = part_of(records, person), !has_room(part->n + 1U, part->capacity)) {
        if (part->capacity < PART_MAX)
            grow(records, part, hash(person));
        else
            split(records, part, hash(person));
    }
    mark(part, person, index);
}

static void make_table(struct records *records, int depth, uint32_t capacity)
{
    records->depth = depth;
    records->parts = memory_new(((size_t)1 << depth) * sizeof(*records->parts));
    for (size_t i = 0; i < (size_t)1 << depth; i++)
        records->parts[i] = part_new(records, capacity, depth);
}

/* A part stands in as many entries, one after the other, as it lacks bits. */
static void free_table(struct records *records)
{
    size_t n = (size_t)1 << records->depth;

    for (size_t i = 0, step; records->parts && i < n; i += step) {
        step = (size_t)1 << (records->depth - records->parts[i]->depth);
        part_free(records, records->parts[i]);
    }
    free(records->parts);
}

void records_init(struct records *records, struct packed mask)
{
    *records = (struct records){ .mask = mask, .first_free = RECORD_NONE };
    make_table(records, 0, PART_MIN);
}

void records_done(struct records *records)
{
    free_table(records);
    for (uint32_t i = 0; i < records->n_chunks; i++)
        free(records->chunks[i]);
    free(records->chunks);
    *records = (struct records){ 0 };
}

uint32_t records_find(const struct records *records, int64_t person)
{
    const struct record_part *part = part_of(records, person);

    for (uint32_t slot = home(part, person); part->slots[slot]; slot = next(part, slot))
        if (records_at(records, part->slots[slot] - 1)->person == person)
            return part->slots[slot] - 1;
    return RECORD_NONE;
}

static uint32_t take(struct records *records)
{
    uint32_t index = records->first_free;

    if (index != RECORD_NONE) {
        records->first_free = (uint32_t)records_at(records, index)->figures.head;
        return index;
    }
    if (records->n_used == records->n_chunks * RECORD_CHUNK) {
        records->chunks = memory_resize(records->chunks, (records->n_chunks + 1) *
                                                             sizeof(*records->chunks));
        records->chunks[records->n_chunks++] =
            memory_resize(NULL, RECORD_CHUNK * sizeof(struct record));
    }
    return records->n_used++;
}

uint32_t records_append(struct records *records, int64_t person)
{
    uint32_t index = take(records);

    *records_at(records, index) = (struct record){ .person = person };
    records->n_alive++;
    return index;
}

uint32_t records_add(struct records *records, int64_t person)
{
    uint32_t index = records_append(records, person);

    add_to_table(records, person, index);
    return index;
}

static uint32_t distance(const struct record_part *part, uint32_t from, uint32_t to)
{
    return to >= from ? to - from : to + part->capacity - from;
}

/* Empties a slot, and moves into the gap whoever would not be found behind it. */
static void unmark(const struct records *records, struct record_part *part,
                   uint32_t gap)
{
    part->slots[gap] = 0;
    for (uint32_t slot = next(part, gap); part->slots[slot]; slot = next(part, slot)) {
        uint32_t index = part->slots[slot] - 1;
        uint32_t wanted = home(part, records_at(records, index)->person);

        if (distance(part, wanted, slot) < distance(part, gap, slot))
            continue;
        part->slots[gap] = index + 1;
        part->slots[slot] = 0;
        gap = slot;
    }
}

void records_remove(struct records *records, uint32_t index)
{
    struct record *record = records_at(records, index);
    struct record_part *part = part_of(records, record->person);
    uint32_t slot = home(part, record->person);

    while (part->slots[slot] != index + 1)
        slot = next(part, slot);
    unmark(records, part, slot);
    part->n--;
    *record = (struct record){ .union_index = RECORD_FREE };
    record->figures.head = records->first_free;
    records->first_free = index;
    records->n_alive--;
}

void records_index(struct records *records)
{
    uint32_t each = records->n_alive;
    int depth = 0;

    free_table(records);
    for (; each > PART_MAX * 7 / 12; each /= 2)
        depth++;
    /* two thirds full, with some to spare, since not all parts get the same */
    make_table(records, depth, PART_MIN + each * 3 / 2);
    for (uint32_t i = 0; i < records->n_used; i++)
        if (records_at(records, i)->union_index != RECORD_FREE)
            add_to_table(records, records_at(records, i)->person, i);
}

size_t records_memory(const struct records *records)
{
    return records->n_chunks * (sizeof(void *) + RECORD_CHUNK * sizeof(struct record)) +
           ((size_t)1 << records->depth) * sizeof(void *) + records->part_bytes;
}
