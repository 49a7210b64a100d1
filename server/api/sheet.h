#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/app.h"
#include "paper/paper.h"
#include "pg/query.h"
#include "store/campaigns.h"

/* The paper of one attempt, with what it was drawn by; and the campaign a request names. */
struct sheet {
    const struct campaign *campaign;
    const struct revision *revision;
    int64_t person;
    int32_t ordinal;
    struct paper paper;
};

/* The campaign of the path's first parameter; NULL sets the request's error. */
const struct campaign *campaign_named(struct request *req);

/* Draws the paper again as the person met it, but with every question as the corrections of
 * its campaign say it now; false if that revision is not known. */
bool sheet_draw(const struct app *app, struct arena *arena, const struct campaign *campaign,
                int32_t revision, int64_t person, int32_t ordinal, struct sheet *out,
                struct error *err) __attribute__((warn_unused_result));
/* The same, for many papers of one person with rising ordinals (paper/dealer.h). */
struct dealing;
bool sheet_draw_on(struct dealing *dealing, const struct app *app, struct arena *arena,
                   const struct campaign *campaign, int32_t revision, int64_t person,
                   int32_t ordinal, struct sheet *out, struct error *err)
    __attribute__((warn_unused_result));

/* The same with the questions as they were pinned; then sheet_correct makes of it the paper as
 * of correction `upto`, and again as of a later one, but never of an earlier. */
bool sheet_draw_pinned(const struct app *app, struct arena *arena,
                       const struct campaign *campaign, int32_t revision, int64_t person,
                       int32_t ordinal, struct sheet *out, struct error *err)
    __attribute__((warn_unused_result));
/* The same, as sheet_draw_on. */
bool sheet_draw_pinned_on(struct dealing *dealing, const struct app *app,
                          struct arena *arena, const struct campaign *campaign,
                          int32_t revision, int64_t person, int32_t ordinal,
                          struct sheet *out, struct error *err)
    __attribute__((warn_unused_result));
void sheet_correct(struct sheet *sheet, int32_t upto);

/* About what a paper takes as JSON: room for it at once spares growing to it. */
enum { SHEET_JSON = 14000 };

/* Answers as kept in the database; none when the bytes do not fit the paper. */
struct answer *sheet_unpack(const struct sheet *sheet, struct bytes packed,
                            struct arena *arena);
struct bytes sheet_pack(const struct sheet *sheet, const struct answer *answers,
                        struct arena *arena);
