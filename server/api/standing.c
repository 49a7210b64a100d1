/* GET /v1/campaigns/{campaign}/standing: where I stand, from memory alone. */
#include "api/routes.h"

#include "api/places.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

static void catch_up(struct request *req)
{
    store_catch_up(req->app->store, &req->task, req->session->person);
}

static void report(struct request *req)
{
    const struct campaign *campaign = campaign_named(req);
    struct text out = { 0 };

    if (!campaign)
        return;
    text_char(&out, '{');
    show_string(&out, "campaign", campaign->slug);
    show_places(&out, req->app, campaign, req->session->person);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route standing_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/standing",
    .access = ACCESS_PERSON,
    .acts = { catch_up, report },
};
