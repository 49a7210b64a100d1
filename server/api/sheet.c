#include "api/sheet.h"

#include "auth/secret.h"
#include "log/log.h"
#include "paper/dealer.h"
#include "store/store.h"

const struct campaign *campaign_named(struct request *req)
{
    const struct campaign *campaign =
        campaigns_find(store_campaigns(req->app->store), req->params[0]);

    if (!campaign)
        error_set(&req->task.error, PROBLEM_NO_CAMPAIGN, req->params[0]);
    return campaign;
}

bool sheet_draw_pinned_on(struct dealing *dealing, const struct app *app,
                          struct arena *arena, const struct campaign *campaign,
                          int32_t revision, int64_t person, int32_t ordinal,
                          struct sheet *out, struct error *err)
{
    uint8_t person_seed[SEED_BYTES], attempt_seed[SEED_BYTES];

    out->campaign = campaign;
    out->revision = campaign_revision(campaign, revision);
    out->person = person;
    out->ordinal = ordinal;
    if (!out->revision)
        return error_set(err, PROBLEM_STARTING);
    bool is_same = out->revision->rules.repeat == REPEAT_SAME;
    secret_person_seed(&app->secret, campaign->id, is_same ? 0 : person, person_seed);
    secret_attempt_seed(&app->secret, campaign->id, person, ordinal, attempt_seed);
    paper_draw_on(dealing, &out->revision->plan, person_seed, attempt_seed, ordinal, arena,
                  &out->paper);
    return true;
}

bool sheet_draw_pinned(const struct app *app, struct arena *arena,
                       const struct campaign *campaign, int32_t revision, int64_t person,
                       int32_t ordinal, struct sheet *out, struct error *err)
{
    struct dealing dealing = { 0 };

    return sheet_draw_pinned_on(&dealing, app, arena, campaign, revision, person,
                                ordinal, out, err);
}

/* Choices are those of the pinned question (correct_campaign sees to that), so that their
 * order, and the answers kept, go on meaning the same. */
void sheet_correct(struct sheet *sheet, int32_t upto)
{
    for (int i = 0; sheet->campaign->n_corrected && i < sheet->paper.n_items; i++) {
        struct item *item = &sheet->paper.items[i];

        item->question = campaign_corrected(sheet->campaign, item->question, upto);
    }
}

bool sheet_draw_on(struct dealing *dealing, const struct app *app, struct arena *arena,
                   const struct campaign *campaign, int32_t revision, int64_t person,
                   int32_t ordinal, struct sheet *out, struct error *err)
{
    if (!sheet_draw_pinned_on(dealing, app, arena, campaign, revision, person, ordinal,
                              out, err))
        return false;
    sheet_correct(out, campaign->n_corrections);
    return true;
}

bool sheet_draw(const struct app *app, struct arena *arena, const struct campaign *campaign,
                int32_t revision, int64_t person, int32_t ordinal, struct sheet *out,
                struct error *err)
{
    struct dealing dealing = { 0 };

    return sheet_draw_on(&dealing, app, arena, campaign, revision, person, ordinal, out,
                         err);
}

struct answer *sheet_unpack(const struct sheet *sheet, struct bytes packed,
                            struct arena *arena)
{
    int n = sheet->paper.n_items;
    struct answer *answers = arena_alloc(arena, (size_t)n * sizeof(*answers));

    if (packed.size && !answers_unpack(packed.data, packed.size, arena, answers, n))
        log_error("sheet", "campaign=%s person=%lld ordinal=%d kept answers do not fit",
                  sheet->campaign->slug, (long long)sheet->person, sheet->ordinal);
    return answers;
}

struct bytes sheet_pack(const struct sheet *sheet, const struct answer *answers,
                        struct arena *arena)
{
    uint8_t *data;
    size_t size = answers_pack(answers, sheet->paper.n_items, arena, &data);

    return (struct bytes){ data, size };
}
