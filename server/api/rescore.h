#pragma once

/* Scores attempts again when a key was corrected (store/rescoring.h), as long as the
 * server runs: in small batches, when the loop has nothing more urgent.  Every worker
 * of every machine looks, and one does it; when that one is gone, another goes on where
 * it was. */
struct app;
struct event_base;
struct rescore;

struct rescore *rescore_start(struct event_base *base, struct app *app);
void rescore_stop(struct rescore *rescore);
