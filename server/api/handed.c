#include "api/handed.h"

static bool check_ticket(struct request *req, struct handed *handed, int64_t ordinal,
                         const struct campaign *campaign, struct error *err)
{
    const struct ticket *ticket = &handed->ticket;

    if (!ticket_read(&req->app->secret, handed->ticket_text, &handed->ticket))
        return error_set(err, PROBLEM_TICKET_BAD);
    if (ticket->person != req->session->person)
        return error_set(err, PROBLEM_NOT_YOURS);
    if (ticket->campaign != campaign->id || ticket->ordinal != ordinal)
        return error_set(err, PROBLEM_TICKET_OTHER);
    return true;
}

bool handed_check(struct request *req, struct handed *handed)
{
    const struct campaign *campaign = campaign_named(req);
    struct error *err = &req->task.error;
    int64_t ordinal;

    if (!campaign || !request_param_int(req, 1, 1000000, PROBLEM_NO_ATTEMPT, &ordinal))
        return false;
    if (!check_ticket(req, handed, ordinal, campaign, err))
        return error_within(err, "/ticket");
    if (!sheet_draw(req->app, &req->arena, campaign, handed->ticket.revision,
                    handed->ticket.person, handed->ticket.ordinal, &handed->sheet, err))
        return false;
    handed->answers = arena_alloc(&req->arena, (size_t)handed->sheet.paper.n_items *
                                                   sizeof(*handed->answers));
    if (!answers_read(handed->answers_json, &handed->sheet.paper, &req->arena,
                      handed->answers, err))
        return error_within(err, "/answers");
    handed->packed = sheet_pack(&handed->sheet, handed->answers, &req->arena);
    return true;
}
