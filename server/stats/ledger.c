/*
 * Three tables of the same make: records in an array, found by a hash of their key with
 * open addressing.  A line tells one of its cells, and each cell another, by their
 * numbers.  Sorting for the way out moves the lines, so a ledger that was read can only
 * be cleared.
 */
#include "stats/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { FIRST_PLACES = 1024, CELLS_A_ROW = 8 };

struct table {
    size_t size;      /* of a record */
    size_t n, n_room; /* records */
    char *records;
    size_t n_places;  /* a power of two */
    uint32_t *places; /* 0: free; else 1 + the record's */
    bool (*is_same)(const void *record, const void *key);
    uint64_t (*hash)(const void *record);
};

struct ledger {
    struct table lines, cells, turnouts;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* Questions of one bank with the same id and revision are one object with one id, so
 * the address of the id will do. */
static uint64_t hash_line(const void *record)
{
    const struct ledger_line *line = record;

    return mix(mix((uint64_t)(uintptr_t)line->question, (uint32_t)line->union_id),
               (uint32_t)line->campaign);
}

static bool is_same_line(const void *record, const void *key)
{
    const struct ledger_line *a = record, *b = key;

    return a->question == b->question && a->union_id == b->union_id &&
           a->campaign == b->campaign;
}

static uint64_t hash_cell(const void *record)
{
    const struct ledger_cell *cell = record;

    return mix(mix(2, cell->line), (uint32_t)cell->bin);
}

static bool is_same_cell(const void *record, const void *key)
{
    const struct ledger_cell *a = record, *b = key;

    return a->line == b->line && a->bin == b->bin;
}

static uint64_t hash_turnout(const void *record)
{
    const struct ledger_turnout *turnout = record;

    return mix(mix(1, (uint32_t)turnout->union_id), (uint32_t)turnout->campaign);
}

static bool is_same_turnout(const void *record, const void *key)
{
    const struct ledger_turnout *a = record, *b = key;

    return a->union_id == b->union_id && a->campaign == b->campaign;
}

static void init(struct table *table, size_t size, uint64_t (*hash)(const void *),
                 bool (*is_same)(const void *, const void *))
{
    table->size = size;
    table->hash = hash;
    table->is_same = is_same;
    table->n_places = FIRST_PLACES;
    table->places = memory_new(table->n_places * sizeof(*table->places));
    table->n_room = FIRST_PLACES / 2;
    table->records = memory_new(table->n_room * size);
}

static void done(struct table *table)
{
    free(table->places);
    free(table->records);
}

static void clear(struct table *table)
{
    memset(table->places, 0, table->n_places * sizeof(*table->places));
    table->n = 0;
}

static uint32_t *place_of(const struct table *table, const void *key)
{
    size_t i = (size_t)table->hash(key) & (table->n_places - 1);

    while (table->places[i] &&
           !table->is_same(table->records + (table->places[i] - 1) * table->size, key))
        i = (i + 1) & (table->n_places - 1);
    return &table->places[i];
}

static void grow(struct table *table)
{
    table->n_room *= 2;
    table->records = memory_resize(table->records, table->n_room * table->size);
    table->n_places *= 2;
    free(table->places);
    table->places = memory_new(table->n_places * sizeof(*table->places));
    for (size_t i = 0; i < table->n; i++)
        *place_of(table, table->records + i * table->size) = (uint32_t)i + 1;
}

/* The record with the key of this one; it becomes the record if there is none. */
static void *obtain(struct table *table, const void *key)
{
    uint32_t *place = place_of(table, key);

    if (!*place) {
        if (table->n == table->n_room) {
            grow(table);
            place = place_of(table, key);
        }
        memcpy(table->records + table->n * table->size, key, table->size);
        *place = (uint32_t)++table->n;
    }
    return table->records + (*place - 1) * table->size;
}

struct ledger *ledger_new(void)
{
    struct ledger *ledger = memory_new(sizeof(*ledger));

    init(&ledger->lines, sizeof(struct ledger_line), hash_line, is_same_line);
    init(&ledger->cells, sizeof(struct ledger_cell), hash_cell, is_same_cell);
    init(&ledger->turnouts, sizeof(struct ledger_turnout), hash_turnout,
         is_same_turnout);
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    done(&ledger->lines);
    done(&ledger->cells);
    done(&ledger->turnouts);
    free(ledger);
}

void ledger_clear(struct ledger *ledger)
{
    clear(&ledger->lines);
    clear(&ledger->cells);
    clear(&ledger->turnouts);
}

static void count_turnout(struct ledger *ledger, int32_t campaign, int32_t union_id,
                          int sign)
{
    struct ledger_turnout key = { .campaign = campaign, .union_id = union_id };
    struct ledger_turnout *turnout = obtain(&ledger->turnouts, &key);

    turnout->attempts += sign;
}

static size_t number_of(const struct table *table, const void *record)
{
    return (size_t)((const char *)record - table->records) / table->size;
}

static void count_cell(struct ledger *ledger, struct ledger_line *line,
                       const struct meeting *meeting, int sign)
{
    struct ledger_cell key = { .line = (uint32_t)number_of(&ledger->lines, line),
                               .bin = histogram_bin(meeting->score) };
    size_t n = ledger->cells.n;
    struct ledger_cell *cell = obtain(&ledger->cells, &key);

    if (ledger->cells.n > n) { /* a new one */
        cell->next = line->cells;
        line->cells = (uint32_t)ledger->cells.n;
    }
    cell->shown += sign;
    cell->right += sign * meeting->is_right;
}

static void count_line(struct ledger *ledger, int32_t campaign, int32_t union_id,
                       const struct question *question, const struct meeting *meeting,
                       int sign)
{
    struct ledger_line key = { .campaign = campaign,
                               .union_id = union_id,
                               .revision = question->revision,
                               .question = question->id };
    struct ledger_line *line = obtain(&ledger->lines, &key);

    tally_count(&line->tally, meeting, sign);
    count_cell(ledger, line, meeting, sign);
}

static int share(int64_t points, int64_t full)
{
    return full > 0 ? (int)(points * FULL_SHARE / full) : 0;
}

static int spent_on(const uint8_t *spent, int i)
{
    return spent ? spent[2 * i] << 8 | spent[2 * i + 1] : -1;
}

static struct meeting meeting_of(const struct counted *counted, int i, int64_t points,
                                 int64_t full)
{
    const struct answer *answer = &counted->answers[i];
    const struct mark *mark = &counted->marks[i];

    return (struct meeting){
        .is_given = answer->is_given,
        .is_right = mark->is_right,
        .is_other = answer->is_given && answer->text && !mark->is_right,
        .chosen = answer->is_given ? answer->choices : 0,
        .spent = spent_on(counted->spent, i),
        .score = share(points, full),
        .rest = share(points - mark->points, full),
    };
}

void ledger_count(struct ledger *ledger, const struct counted *counted, int sign)
{
    int64_t points = 0, full = 0;

    for (int i = 0; i < counted->paper->n_items; i++) {
        points += counted->marks[i].points;
        full += counted->paper->items[i].points;
    }
    for (int i = 0; i < counted->paper->n_items; i++) {
        struct meeting meeting = meeting_of(counted, i, points, full);
        const struct question *question = counted->drawn[i];

        count_line(ledger, counted->campaign, counted->union_id, question, &meeting,
                   sign);
        count_line(ledger, counted->campaign, 0, question, &meeting, sign);
    }
    count_turnout(ledger, counted->campaign, counted->union_id, sign);
    count_turnout(ledger, counted->campaign, 0, sign);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_line(const void *a, const void *b)
{
    const struct ledger_line *one = a, *other = b;
    int order = compare(one->campaign, other->campaign);

    if (!order)
        order = compare(one->union_id, other->union_id);
    if (!order)
        order = strcmp(one->question, other->question);
    return order ? order : compare(one->revision, other->revision);
}

static int by_turnout(const void *a, const void *b)
{
    const struct ledger_turnout *one = a, *other = b;
    int order = compare(one->campaign, other->campaign);

    return order ? order : compare(one->union_id, other->union_id);
}

static size_t sorted(struct table *table, int (*by)(const void *, const void *),
                     const void **out)
{
    qsort(table->records, table->n, table->size, by);
    *out = table->records;
    return table->n;
}

size_t ledger_lines(struct ledger *ledger, const struct ledger_line **out)
{
    return sorted(&ledger->lines, by_line, (const void **)out);
}

size_t ledger_turnouts(struct ledger *ledger, const struct ledger_turnout **out)
{
    return sorted(&ledger->turnouts, by_turnout, (const void **)out);
}

const struct ledger_cell *ledger_next(const struct ledger *ledger,
                                      const struct ledger_line *line,
                                      const struct ledger_cell *cell)
{
    const struct ledger_cell *cells = (const struct ledger_cell *)ledger->cells.records;
    uint32_t next = cell ? cell->next : line->cells;

    return next ? &cells[next - 1] : NULL;
}

size_t ledger_size(const struct ledger *ledger)
{
    return ledger->lines.n + ledger->turnouts.n + ledger->cells.n / CELLS_A_ROW;
}
