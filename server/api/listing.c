#include "api/listing.h"

#include "api/cursor.h"
#include "api/show.h"
#include "http/reply.h"

static const char *next_of(struct request *req, const struct listing *listing, size_t i)
{
    if (listing->next)
        return listing->next(req, i - 1);
    return cursor_make(req, listing->kind, &(int64_t){ (int64_t)i }, 1);
}

void listing_show(struct text *out, struct request *req, const struct listing *listing)
{
    size_t i = listing->from, end = i + listing->limit;

    show_key(out, "items");
    text_char(out, '[');
    for (; i < listing->n && i < end; i++) {
        if (i > listing->from)
            text_char(out, ',');
        listing->show(out, req, i);
    }
    show_next(out, i < listing->n ? next_of(req, listing, i) : NULL);
}

void listing_reply(struct request *req, const struct listing *listing)
{
    struct text out = { 0 };

    text_char(&out, '{');
    if (listing->has_total)
        show_int(&out, "total", (int64_t)listing->n);
    listing_show(&out, req, listing);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}
