/* GET /v1/campaigns/{campaign}/wall: how a campaign stands, now and whenever it changes, as
 * server-sent events; for the wall in a hall, and for all who like to watch. */
#include "api/routes.h"

#include "api/places.h"
#include "api/sheet.h"
#include "api/walls.h"
#include "http/watch.h"

static void join(struct request *req)
{
    const struct campaign *campaign = campaign_named(req);
    enum measure measure;

    if (campaign && measure_named(req, &measure))
        watch_join(walls_watch(req->app->walls, campaign, measure), req);
}

const struct route wall_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/wall",
    .query = (const char *const[]){ "measure", NULL },
    .acts = { join },
};
