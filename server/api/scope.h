#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "http/request.h"

/* What an organizer may see: the subtree that the key names. */

/* The index of its top, or BOARD_ALL for everything.  False (403) when the key names a
 * union that is not in memory. */
bool scope_top(struct request *req, int *out);
/* For what concerns a whole campaign or the bank: 403 unless the key may see everything. */
bool scope_whole(struct request *req);
/* The organizer as the audit names it. */
const char *scope_who(struct request *req);
/* Narrows a board that the request named: BOARD_ALL becomes the organizer's own top, and
 * what lies outside is refused with 403. */
bool scope_board(struct request *req, int *board);

/* The ids of the unions of a board (BOARD_ALL: NULL, which is all), for the database to
 * choose by; in the request's arena. */
const int32_t *scope_ids(struct request *req, int board, size_t *n);

/* The next union in the subtree of `top` (BOARD_ALL: of all trees) behind `index`, each
 * followed by its children; begin with BOARD_ALL.  -1 at the end. */
struct unions;
int scope_next(const struct unions *unions, int top, int index);

/* "csv" is asked for by the parameter "format"; "json" if absent.  False: neither. */
bool format_named(struct request *req, bool *is_csv);
/* Begins a reply that spreadsheets open: a mark of UTF-8, then the line of headings. */
void csv_begin(struct request *req, const char *file, const char *headings);
