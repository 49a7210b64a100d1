#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "util/text.h"

/* Pages of boards as they were last written, so that one which thousands ask for is written
 * once.  A page is found by its address, and is good only while the board and the names on
 * it are the same; a table of fixed size, newer pages take the place of older. */
struct shelf;

/* What a page was made from. */
struct edition {
    const void *league;
    int32_t period; /* what "today" meant */
    uint64_t version, names_epoch;
};

struct shelved {
    const char *body;
    size_t size;
    uint64_t tag;
};

struct shelf *shelf_new(void);
void shelf_free(struct shelf *shelf);

/* `person` (0: nobody) is who asks: a page that person stands on shows it, and is not for
 * others.  False: it has to be written. */
bool shelf_find(const struct shelf *shelf, const char *address, const struct edition *edition,
                int64_t person, struct shelved *out);
/* Keeps a copy of a page on which these people stand. */
void shelf_put(struct shelf *shelf, const char *address, const struct edition *edition,
               const int64_t *people, int n, const struct text *body, uint64_t tag);
