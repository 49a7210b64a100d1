#pragma once
#include <stdint.h>
#include "api/app.h"
#include "api/union_ranking.h"
#include "rank/board.h"
#include "store/campaigns.h"
#include "util/moment.h"
#include "util/text.h"

/* Boards of a campaign, as requests name them. */

/* The league of a period that a request names by "period" (overall if absent, "today", a
 * date, week or month).  False sets the request's error: not a period, or none of this
 * campaign's.  The league is NULL when nobody stands there yet. */
bool league_named(struct request *req, const struct campaign *campaign,
                  period_key *period_out, struct league **league_out);
/* The board of the union that the request names by `parameter`, or BOARD_ALL. */
bool board_named(struct request *req, const char *parameter, int *out);

/* What unions are compared by: the parameter "measure", the sum if absent. */
bool measure_named(struct request *req, enum measure *out);

struct league *league_today(struct app *app, const struct campaign *campaign);

/* "overall", "today" and "unions", from the top down to one's own: where a person stands. */
void show_places(struct text *out, struct app *app, const struct campaign *campaign,
                 int64_t person);
