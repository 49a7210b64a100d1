/*
 * A league filled at once.  All records are sorted, once; that is the board of
 * everybody. The boards of unions come from the same list, from the lowest unions to
 * the tops: at each depth the list is dealt out to the unions there, which keeps its
 * order, and each person goes one union up.
 */
#include <assert.h>
#include <stdlib.h>

#include "rank/league.h"
#include "rank/sort.h"
#include "util/memory.h"

void league_load(struct league *league, int64_t person, int32_t union_index,
                 const struct figure *figure, int attempts)
{
    uint32_t index = records_append(&league->records, person);
    struct record *record = records_at(&league->records, index);

    record->figures = layout_pack(&league->layout, figure);
    record->union_index = union_index;
    record->attempts = attempts;
    league->is_loading = true;
}

static void clear(struct league *league)
{
    for (int i = 0; i <= unions_count(league->unions); i++) {
        struct board *board = league->boards[i];

        if (!board)
            continue;
        league->board_bytes -= board->tree.bytes;
        tree_done(&board->tree);
        *board = (struct board){ 0 };
    }
}

/* The entries of all records, unsorted; their tallies go to the unions chosen, which
 * are close together in `own`: the boards would be all over the memory. */
static void gather(const struct league *league, struct entry *out, struct tally *own)
{
    const struct records *records = &league->records;
    uint32_t n = 0;

    for (uint32_t i = 0; i < records->n_used; i++) {
        int32_t chosen = records_at(records, i)->union_index;

        if (chosen == RECORD_FREE)
            continue;
        struct tally tally = league_tally(league, i);
        tally_add(&own[chosen + 1], &tally);
        out[n++] = (struct entry){ records_key(records, i).figures.head, i };
    }
}

static void roll_up(struct league *league, const struct tally *own)
{
    for (int i = BOARD_ALL; i < unions_count(league->unions); i++)
        if (own[i + 1].sums.heads)
            tally_along(league, i, &own[i + 1]);
}

static void build_board(struct league *league, int board, const struct entry *sorted,
                        uint32_t n)
{
    struct tree *tree = &league_board(league, board)->tree;

    tree_build(tree, &league->records, sorted, n);
    league->board_bytes += tree->bytes;
}

static uint32_t heads(const struct league *league, int board)
{
    const struct board *at = league->boards[board + 1];

    return at ? (uint32_t)at->below.sums.heads : 0;
}

/* Where each person's next board is: a union, or BOARD_ALL when there is no other. */
struct dealing {
    const struct entry *sorted;
    struct entry *dealt;
    uint32_t n;
    int32_t *next;
    uint32_t *ends; /* by union: behind the last dealt to it */
};

static bool is_at(const struct league *league, int board, int depth)
{
    return board != BOARD_ALL && unions_at(league->unions, board)->depth == depth;
}

static void deal(const struct league *league, struct dealing *dealing, int depth)
{
    for (uint32_t i = 0; i < dealing->n; i++) {
        int32_t board = dealing->next[i];

        if (!is_at(league, board, depth))
            continue;
        dealing->dealt[dealing->ends[board]++] = dealing->sorted[i];
        dealing->next[i] = league_above(league, board);
    }
}

static void build_depth(struct league *league, struct dealing *dealing, int depth)
{
    uint32_t sum = 0;

    for (int i = 0; i < unions_count(league->unions); i++) {
        if (!is_at(league, i, depth))
            continue;
        dealing->ends[i] = sum;
        sum += heads(league, i);
    }
    deal(league, dealing, depth);
    for (int i = 0; i < unions_count(league->unions); i++)
        if (is_at(league, i, depth) && heads(league, i))
            build_board(league, i, dealing->dealt + dealing->ends[i] - heads(league, i),
                        heads(league, i));
}

static int deepest(const struct league *league)
{
    int depth = -1;

    for (int i = 0; i < unions_count(league->unions); i++)
        if (heads(league, i) && unions_at(league->unions, i)->depth > depth)
            depth = unions_at(league->unions, i)->depth;
    return depth;
}

static void build_unions(struct league *league, const struct entry *sorted,
                         struct entry *scratch, uint32_t n)
{
    struct dealing dealing = {
        .sorted = sorted,
        .dealt = scratch,
        .n = n,
        .next = memory_resize(NULL, n * sizeof(*dealing.next)),
        .ends =
            memory_new((size_t)unions_count(league->unions) * sizeof(*dealing.ends)),
    };

    for (uint32_t i = 0; i < n; i++)
        dealing.next[i] = records_at(&league->records, sorted[i].record)->union_index;
    for (int depth = deepest(league); depth > 0; depth--)
        build_depth(league, &dealing, depth);
    if (league->twin == BOARD_NONE)
        build_depth(league, &dealing, 0);
    free(dealing.next);
    free(dealing.ends);
}

void league_ready(struct league *league)
{
    uint32_t n = league->records.n_alive;
    struct entry *sorted = memory_resize(NULL, n * sizeof(*sorted));
    struct entry *scratch = memory_resize(NULL, n * sizeof(*scratch));
    size_t n_boards = (size_t)unions_count(league->unions) + 1;
    AUTO(memory_freep) struct tally *own = memory_new(n_boards * sizeof(*own));

    clear(league);
    records_index(&league->records);
    gather(league, sorted, own);
    roll_up(league, own);
    sort_entries(sorted, scratch, n, &league->records);
    league->twin = league_board(league, BOARD_ALL)->own.sums.heads
                       ? BOARD_NONE
                       : league_only_top(league);
    build_board(league, BOARD_ALL, sorted, n);
    build_unions(league, sorted, scratch, n);
    free(scratch);
    free(sorted);
    league->is_loading = false;
}
