/*
 * By the three words of the key, one after the other: all entries by the first; then
 * those that are equal in it take the second word in place of the first, are sorted by
 * that, and so on.  By one word it is a radix sort, byte by byte from the lowest; bytes
 * that are the same everywhere, and most are, cost nothing.
 */
#include "rank/sort.h"

#include <stdbool.h>
#include <string.h>

enum word { WORD_HEAD, WORD_TAIL, WORD_PERSON };
enum { SMALL = 48 };

static void sort_small(struct entry *entries, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct entry entry = entries[i];
        uint32_t at = i;

        for (; at > 0 && entries[at - 1].head > entry.head; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* How many entries have each value, for each of the eight bytes. */
static void count(const struct entry *entries, uint32_t n, uint32_t counts[8][256])
{
    memset(counts, 0, 8 * sizeof(*counts));
    for (uint32_t i = 0; i < n; i++)
        for (int byte = 0; byte < 8; byte++)
            counts[byte][entries[i].head >> byte * 8 & 255]++;
}

static void scatter(const struct entry *from, struct entry *to, uint32_t n, int byte,
                    const uint32_t counts[256])
{
    uint32_t starts[256], sum = 0;

    for (int i = 0; i < 256; i++) {
        starts[i] = sum;
        sum += counts[i];
    }
    for (uint32_t i = 0; i < n; i++)
        to[starts[from[i].head >> byte * 8 & 255]++] = from[i];
}

static void sort_large(struct entry *entries, struct entry *scratch, uint32_t n)
{
    uint32_t counts[8][256];
    struct entry *from = entries, *to = scratch;

    count(entries, n, counts);
    for (int byte = 0; byte < 8; byte++) {
        if (counts[byte][entries[0].head >> byte * 8 & 255] == n)
            continue;
        scatter(from, to, n, byte, counts[byte]);
        struct entry *other = from;
        from = to;
        to = other;
    }
    if (from != entries)
        memcpy(entries, from, n * sizeof(*entries));
}

/* A word of a record's key that compares unsigned. */
static uint64_t read_word(const struct records *records, uint32_t record,
                          enum word word)
{
    struct key key = records_key(records, record);

    return word == WORD_HEAD   ? key.figures.head
           : word == WORD_TAIL ? key.figures.tail
                               : (uint64_t)key.person ^ (uint64_t)1 << 63;
}

static void sort_by(struct entry *entries, struct entry *scratch, uint32_t n,
                    const struct records *records, enum word word);

/* Entries that are equal in one word, by the words behind it. */
static void sort_equal(struct entry *entries, struct entry *scratch, uint32_t n,
                       const struct records *records, enum word word)
{
    uint64_t head = entries[0].head;

    for (uint32_t i = 0; i < n; i++)
        entries[i].head = read_word(records, entries[i].record, word + 1);
    sort_by(entries, scratch, n, records, word + 1);
    for (uint32_t i = 0; i < n; i++)
        entries[i].head = head;
}

static void sort_by(struct entry *entries, struct entry *scratch, uint32_t n,
                    const struct records *records, enum word word)
{
    if (n <= SMALL)
        sort_small(entries, n);
    else
        sort_large(entries, scratch, n);
    for (uint32_t i = 0, end; word != WORD_PERSON && i < n; i = end) {
        for (end = i + 1; end < n && entries[end].head == entries[i].head;)
            end++;
        if (end - i > 1)
            sort_equal(entries + i, scratch + i, end - i, records, word);
    }
}

void sort_entries(struct entry *entries, struct entry *scratch, uint32_t n,
                  const struct records *records)
{
    sort_by(entries, scratch, n, records, WORD_HEAD);
}
