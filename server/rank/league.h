#pragma once
#include <stdbool.h>
#include "rank/board.h"
#include "rank/key.h"
#include "rank/records.h"
#include "rank/tree.h"
#include "rank/unions.h"

/* The inside of a league, shared by board.c, which keeps it, and filling.c, which fills
 * it at once.  Above a union's board is that of its parent, above a top's that of
 * everybody: this chain is where a person stands. */
enum { BOARD_NONE = -2 }; /* what is above BOARD_ALL */

/* What adds up over people, and is rolled up along the chain. */
struct tally {
    struct union_sums sums;
    uint64_t version;
};

struct board {
    struct tree tree;
    struct tally own, below; /* the union's own people; its whole subtree's */
};

struct league {
    struct layout layout;
    bool is_shared;
    const struct unions *unions;
    struct records records;
    struct board **boards; /* by index + 1; NULL where nobody has been */
    size_t n_boards;
    size_t board_bytes;
    /* When all unions are under one top, and everybody is in one, the top's board is
     * that of everybody, and has no tree of its own.  Else BOARD_NONE. */
    int twin;
    bool is_loading;
};

int league_above(const struct league *league, int board);
struct board *league_board(struct league *league, int board); /* made on demand */
int league_only_top(const struct league *league);             /* or BOARD_NONE */

struct tally league_tally(const struct league *league, uint32_t record);
void tally_add(struct tally *to, const struct tally *more);
/* To a union's own people, and to all boards they stand on. */
void tally_along(struct league *league, int board, const struct tally *more);
