#include "api/closing.h"

#include "score/score.h"
#include "store/store.h"

bool closing_begin(struct app *app, struct task *task, struct arena *arena,
                   const struct overdue *overdue, struct closing *out, struct error *err)
{
    const struct campaign *campaign =
        campaigns_find_id(store_campaigns(app->store), overdue->campaign);

    if (!campaign)
        return error_set(err, PROBLEM_STARTING);
    if (!sheet_draw(app, arena, campaign, overdue->revision, overdue->person,
                    overdue->ordinal, &out->sheet, err))
        return false;
    out->answers = sheet_unpack(&out->sheet, overdue->draft, arena);
    struct result result = score_paper(&out->sheet.paper, out->answers,
                                       out->sheet.revision->rules.partial, NULL);
    out->hand_in = (struct hand_in){
        .row = { .person = overdue->person, .campaign = overdue->campaign },
        .arena = arena,
        .ordinal = overdue->ordinal,
        .score = (int32_t)result.points,
        .n_right = (int16_t)result.n_right,
        .claimed_ms = -1,
        .corrections = campaign->n_corrections,
        .answers = sheet_pack(&out->sheet, out->answers, arena),
        .is_closing = true,
        .draft_saved_at = overdue->draft_saved_at,
        .late = overdue->late,
    };
    store_hand_in(app->store, task, &out->hand_in);
    return true;
}
