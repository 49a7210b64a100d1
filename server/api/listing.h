#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "http/request.h"
#include "util/text.h"

/* A page of a list in JSON: `limit` items at the most, from `from` on, of the `n` that
 * were read.  Whoever reads one more than he shows learns by it that the list goes on.
 */
struct listing {
    size_t from, n, limit; /* limit > 0 */
    void (*show)(struct text *out, struct request *req, size_t i);
    /* The mark for going on behind this item, in the request's arena; NULL: a cursor of
     * this kind with the place of the next (api/cursor.h). */
    const char *(*next)(struct request *req, size_t last);
    char kind;
    bool has_total; /* "total": all were read, and this is how many */
};

/* "items":[...],"next": the mark or null. */
void listing_show(struct text *out, struct request *req, const struct listing *listing);
/* The same, and the total before it, as the whole of the reply. */
void listing_reply(struct request *req, const struct listing *listing);
