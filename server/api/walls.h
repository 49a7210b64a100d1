#pragma once
#include "api/union_ranking.h"
#include "store/campaigns.h"

/* The walls that are watched: of each campaign and measure one state, written once when the
 * boards, the names or the campaign have changed, at most once a second, for all who watch
 * (http/watch.h). */
struct app;
struct event_base;
struct walls;
struct watch;

struct walls *walls_new(struct event_base *base, struct app *app);
void walls_free(struct walls *walls); /* once the server and the store are closed */

/* For one more who watches: it has a state of about now, or will have one. */
struct watch *walls_watch(struct walls *walls, const struct campaign *campaign,
                          enum measure measure);
