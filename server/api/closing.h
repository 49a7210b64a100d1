#pragma once
#include "api/sheet.h"
#include "store/writes.h"

/* An attempt that ran out is closed with what was saved of it in time: scored if anything
 * was, else kept but not counted.  It happens when its person comes back, when answers come
 * too late, or by itself (sweep_start). */
struct overdue {
    int32_t campaign, ordinal, revision;
    int64_t person;
    int64_t draft_saved_at; /* 0: nothing was saved */
    struct bytes draft;
    struct bytes late; /* answers that came too late; data NULL: none */
};

struct closing {
    struct sheet sheet;
    const struct answer *answers;
    struct hand_in hand_in;
};

/* Scores the draft and stores it; the outcome is in hand_in when the task goes on. */
bool closing_begin(struct app *app, struct task *task, struct arena *arena,
                   const struct overdue *overdue, struct closing *out, struct error *err)
    __attribute__((warn_unused_result));

/* Looks for attempts that ran out and closes them, as long as the server runs. */
struct event_base;
struct sweep;
struct sweep *sweep_start(struct event_base *base, struct app *app);
void sweep_stop(struct sweep *sweep);
