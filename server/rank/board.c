#include "rank/board.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rank/league.h"
#include "util/memory.h"

int league_above(const struct league *league, int board)
{
    return board == BOARD_ALL ? BOARD_NONE : unions_at(league->unions, board)->parent;
}

int league_only_top(const struct league *league)
{
    int top = unions_first_top(league->unions);

    if (top < 0 || unions_at(league->unions, top)->next_sibling >= 0)
        return BOARD_NONE;
    return top;
}

struct league *league_new(const struct order *order, const struct unions *unions)
{
    struct league *league = memory_new(sizeof(*league));

    league->layout = layout_make(order);
    league->is_shared = order->is_shared;
    league->unions = unions;
    league->n_boards = (size_t)unions_count(unions) + 1;
    league->boards = memory_new(league->n_boards * sizeof(*league->boards));
    league->twin = league_only_top(league);
    records_init(&league->records, league->layout.mask);
    return league;
}

void league_free(struct league *league)
{
    if (!league)
        return;
    for (size_t i = 0; i < league->n_boards; i++) {
        if (league->boards[i])
            tree_done(&league->boards[i]->tree);
        free(league->boards[i]);
    }
    free(league->boards);
    records_done(&league->records);
    free(league);
}

/* Unions may have been added since the league was made. */
static void widen(struct league *league)
{
    size_t n = (size_t)unions_count(league->unions) + 1;

    league->boards = memory_resize(league->boards, n * sizeof(*league->boards));
    memset(league->boards + league->n_boards, 0,
           (n - league->n_boards) * sizeof(*league->boards));
    league->n_boards = n;
}

struct board *league_board(struct league *league, int board)
{
    assert(board >= BOARD_ALL && board < unions_count(league->unions));
    if ((size_t)(board + 1) >= league->n_boards)
        widen(league);
    struct board **at = &league->boards[board + 1];
    if (!*at) {
        *at = memory_new(sizeof(**at));
        league->board_bytes += sizeof(**at);
    }
    return *at;
}

static const struct board *look(const struct league *league, int board)
{
    static const struct board nobody;

    assert(board >= BOARD_ALL && board < unions_count(league->unions));
    assert(!league->is_loading);
    if ((size_t)(board + 1) >= league->n_boards || !league->boards[board + 1])
        return &nobody;
    return league->boards[board + 1];
}

static const struct tree *tree_of(const struct league *league, int board)
{
    return &look(league, board == league->twin ? BOARD_ALL : board)->tree;
}

void tally_add(struct tally *to, const struct tally *more)
{
    to->sums.heads += more->sums.heads;
    to->sums.attempts += more->sums.attempts;
    to->sums.score += more->sums.score;
    to->sums.duration_ms += more->sums.duration_ms;
    to->version += more->version;
}

static struct tally negative(const struct tally *tally)
{
    return (struct tally){
        .sums = { .heads = -tally->sums.heads,
                  .attempts = -tally->sums.attempts,
                  .score = -tally->sums.score,
                  .duration_ms = -tally->sums.duration_ms },
        .version = -tally->version,
    };
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0xff51afd7ed558ccdULL;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return hash ^ hash >> 33;
}

/* The union goes in by its id, since its index may be another in another process. */
static uint64_t fingerprint(const struct league *league, const struct record *record)
{
    int32_t chosen = record->union_index;
    uint32_t id =
        chosen == BOARD_ALL ? 0 : (uint32_t)unions_at(league->unions, chosen)->id;
    uint64_t hash = mix(1, record->figures.head);

    hash = mix(hash, record->figures.tail);
    hash = mix(hash, (uint64_t)record->person);
    return mix(hash, (uint64_t)id << 32 | (uint32_t)record->attempts);
}

struct tally league_tally(const struct league *league, uint32_t record)
{
    const struct record *own = records_at(&league->records, record);
    struct figure figure = layout_unpack(&league->layout, own->figures);

    return (struct tally){
        .sums = { .heads = 1,
                  .attempts = own->attempts,
                  .score = figure.score,
                  .duration_ms = figure.duration_ms },
        .version = fingerprint(league, own),
    };
}

void tally_along(struct league *league, int board, const struct tally *more)
{
    tally_add(&league_board(league, board)->own, more);
    for (; board != BOARD_NONE; board = league_above(league, board))
        tally_add(&league_board(league, board)->below, more);
}

typedef void (*tree_fn)(struct tree *tree, const struct records *records,
                        uint32_t record);

/* Inserts or removes a record on each board of the chain. */
static void move_along(struct league *league, uint32_t record, tree_fn act)
{
    int board = records_at(&league->records, record)->union_index;

    for (; board != BOARD_NONE; board = league_above(league, board)) {
        if (board == league->twin)
            continue;
        struct tree *tree = &league_board(league, board)->tree;

        league->board_bytes -= tree->bytes;
        act(tree, &league->records, record);
        league->board_bytes += tree->bytes;
    }
}

/* The first without a union, or under another top, makes everybody more than the people
 * of the only top. */
static void part_twins(struct league *league)
{
    struct tree *tree = &league_board(league, league->twin)->tree;

    tree_copy(tree, tree_of(league, BOARD_ALL));
    league->board_bytes += tree->bytes;
    league->twin = BOARD_NONE;
}

/* Whether a record would stay in its place with another union and other figures. */
static bool stays(const struct league *league, const struct record *record,
                  int32_t union_index, struct packed figures)
{
    struct packed mask = league->layout.mask;

    return record->union_index == union_index &&
           packed_is_equal(packed_masked(record->figures, mask),
                           packed_masked(figures, mask));
}

static void enter(struct league *league, int64_t person, int32_t union_index,
                  struct packed figures, int attempts)
{
    uint32_t index = records_add(&league->records, person);
    struct record *record = records_at(&league->records, index);

    record->figures = figures;
    record->union_index = union_index;
    record->attempts = attempts;
    struct tally tally = league_tally(league, index);
    tally_along(league, union_index, &tally);
    move_along(league, index, tree_insert);
}

static void change(struct league *league, uint32_t index, int32_t union_index,
                   struct packed figures, int attempts)
{
    struct record *record = records_at(&league->records, index);
    struct tally old = league_tally(league, index), less = negative(&old);
    bool is_moving = !stays(league, record, union_index, figures);

    if (is_moving)
        move_along(league, index, tree_remove);
    tally_along(league, record->union_index, &less);
    record->figures = figures;
    record->union_index = union_index;
    record->attempts = attempts;
    struct tally new = league_tally(league, index);
    tally_along(league, union_index, &new);
    if (is_moving)
        move_along(league, index, tree_insert);
}

void league_put(struct league *league, int64_t person, int32_t union_index,
                const struct figure *figure, int attempts)
{
    uint32_t index = records_find(&league->records, person);
    struct packed figures = layout_pack(&league->layout, figure);

    assert(!league->is_loading);
    if (league->twin != BOARD_NONE &&
        (union_index == BOARD_ALL || league_only_top(league) != league->twin))
        part_twins(league);
    if (index == RECORD_NONE)
        enter(league, person, union_index, figures, attempts);
    else
        change(league, index, union_index, figures, attempts);
}

void league_remove(struct league *league, int64_t person)
{
    uint32_t index = records_find(&league->records, person);

    assert(!league->is_loading);
    if (index == RECORD_NONE)
        return;
    struct tally old = league_tally(league, index), less = negative(&old);
    move_along(league, index, tree_remove);
    tally_along(league, records_at(&league->records, index)->union_index, &less);
    records_remove(&league->records, index);
}

int64_t league_count(const struct league *league, int board)
{
    return look(league, board)->below.sums.heads;
}

/* The rank of a record that is on the board. */
static int64_t rank_of(const struct league *league, int board, uint32_t record)
{
    struct key key = records_key(&league->records, record);

    if (league->is_shared)
        key.person = INT64_MIN;
    return (int64_t)tree_place(tree_of(league, board), &league->records, &key) + 1;
}

static void write_row(const struct league *league, uint32_t index, int64_t rank,
                      struct row *out)
{
    const struct record *record = records_at(&league->records, index);

    *out = (struct row){
        .rank = rank,
        .person = record->person,
        .union_index = record->union_index,
        .figure = layout_unpack(&league->layout, record->figures),
    };
}

bool league_find(const struct league *league, int board, int64_t person,
                 struct row *out)
{
    uint32_t index = records_find(&league->records, person);

    if (index == RECORD_NONE)
        return false;
    int32_t chosen = records_at(&league->records, index)->union_index;
    if (board != BOARD_ALL && !unions_is_within(league->unions, chosen, board))
        return false;
    write_row(league, index, rank_of(league, board, index), out);
    return true;
}

bool league_union(const struct league *league, int64_t person, int32_t *out)
{
    uint32_t index = records_find(&league->records, person);

    assert(!league->is_loading);
    if (index == RECORD_NONE)
        return false;
    *out = records_at(&league->records, index)->union_index;
    return true;
}

/* Whether two records share their rank, if they are neighbours. */
static bool is_level(const struct league *league, uint32_t a, uint32_t b)
{
    struct key x = records_key(&league->records, a),
               y = records_key(&league->records, b);

    return league->is_shared && packed_is_equal(x.figures, y.figures);
}

/* At most so many lines at once as fit on the stack. */
enum { STRETCH = 256 };

static int read_stretch(const struct league *league, int board, uint32_t from,
                        int limit, struct row *out)
{
    uint32_t records[STRETCH];
    int n = (int)tree_slice(tree_of(league, board), from,
                            (uint32_t)(limit < STRETCH ? limit : STRETCH), records);

    for (int i = 0; i < n; i++) {
        int64_t rank = (int64_t)from + i + 1;

        if (i == 0)
            rank = rank_of(league, board, records[0]);
        else if (is_level(league, records[i - 1], records[i]))
            rank = out[i - 1].rank;
        write_row(league, records[i], rank, &out[i]);
    }
    return n;
}

int league_page(const struct league *league, int board, int64_t from, int limit,
                struct row *out)
{
    int64_t count = league_count(league, board);
    int n = 0;

    while (from >= 0 && from + n < count && n < limit)
        n += read_stretch(league, board, (uint32_t)(from + n), limit - n, out + n);
    return n;
}

int64_t league_place_before(const struct league *league, int board,
                            const struct figure *figure, int64_t person)
{
    struct packed figures = layout_pack(&league->layout, figure);
    struct key key = { packed_masked(figures, league->layout.mask), person };

    return tree_place(tree_of(league, board), &league->records, &key);
}

int64_t league_place_after(const struct league *league, int board,
                           const struct figure *figure, int64_t person)
{
    /* The person's own line is passed by asking for the next person's. */
    return league_place_before(league, board, figure, person < INT64_MAX ? person + 1 : person);
}

uint64_t league_version(const struct league *league, int board)
{
    return look(league, board)->below.version;
}

struct union_sums league_sums(const struct league *league, int board, bool subtree)
{
    const struct board *at = look(league, board);

    return subtree ? at->below.sums : at->own.sums;
}

size_t league_memory(const struct league *league)
{
    return sizeof(*league) + league->n_boards * sizeof(*league->boards) + league->board_bytes +
           records_memory(&league->records);
}
