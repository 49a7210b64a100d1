#pragma once
#include <stdint.h>
#include "api/places.h"
#include "store/people.h"

/* A page of a board of people with their names: what the public board and the organizer's
 * list share. */
struct page {
    const struct campaign *campaign;
    struct league *league; /* NULL: nobody stands there */
    period_key period;
    int board;
    int64_t limit, place; /* of the first line */
    int n;
    struct row *rows;
    struct names names;
};

/* Reads period, union, limit and cursor from the request; false sets its error. */
bool page_open(struct request *req, int64_t most, int64_t preset, struct page *page);
/* Takes the rows from `place` on and asks for their names. */
void page_fetch(struct request *req, struct page *page);
/* What the page is of, and the beginning of its items. */
void page_show(struct text *out, struct request *req, const struct page *page);
/* "union","score","duration_ms","reached_at" of a row. */
void page_show_row(struct text *out, struct request *req, const struct page *page, int i);
/* The mark for going on behind the last row; NULL at the end of the board. */
const char *page_next(struct request *req, const struct page *page);
/* The mark for going back before the first row; NULL at the top. */
const char *page_previous(struct request *req, const struct page *page);
