#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "api/sheet.h"
#include "rank/board.h"
#include "rank/unions.h"
#include "score/score.h"
#include "store/people.h"
#include "store/writes.h"
#include "util/text.h"

/* How things look in JSON, where more than one endpoint shows them. */

/* ,"name": with the comma unless it is the first of its object. */
void show_key(struct text *out, const char *name);
void show_string(struct text *out, const char *name, const char *value); /* NULL: null */
void show_int(struct text *out, const char *name, int64_t value);
void show_int_or_null(struct text *out, const char *name, int64_t value, int64_t null);
void show_bool(struct text *out, const char *name, bool value);
void show_points(struct text *out, const char *name, int64_t hundredths);
void show_decimal(struct text *out, const char *name, double value); /* six places */
void show_time(struct text *out, const char *name, int64_t ms, int offset_ms);
void show_id(struct text *out, const char *name, int64_t id); /* as a string */

/* {"code","name","kind","level","parent","members",...} without the braces. */
void show_union(struct text *out, const struct unions *unions, int index);
/* "union":{"code","name"} */
void show_union_brief(struct text *out, const struct unions *unions, int index);
/* "path":[names from the top to the union itself] */
void show_path(struct text *out, const struct unions *unions, int index);

/* "window":{"opens","closes"},"status": upcoming, open or closed. */
void show_window(struct text *out, const struct rules *rules, int64_t now);
/* "participants","attempts" of a campaign, by its overall league (NULL: nobody yet). */
void show_turnout(struct text *out, const struct league *league);

/* "union","score","duration_ms" of a line of a board. */
void show_row(struct text *out, const struct unions *unions, const struct row *row);
/* {"rank","of","score","duration_ms","reached_at"} or null. */
void show_place(struct text *out, const struct league *league, int board, int64_t person,
                int offset_ms);
/* {"rank","of"} or null. */
void show_rank(struct text *out, const struct league *league, int board, int64_t person);

/* Do the rules of an attempt of this revision reveal its questions with their keys now? */
bool show_reveals(const struct campaign *campaign, const struct revision *revision,
                  int64_t now);
/* An attempt that is over, by what the rules reveal at this moment. */
struct shown_result {
    const struct sheet *sheet;
    const struct answer *answers; /* NULL: never with the questions */
    int state;                    /* enum attempt_state */
    bool is_counted;
    int64_t started_at, deadline_at, finished_at;
    int32_t duration_ms, score, n_right;
};
void show_result(struct text *out, const struct shown_result *result, int64_t now,
                 struct arena *arena);
/* An open attempt with its paper and ticket; `saved` and its answers may be NULL. */
struct shown_open {
    const struct sheet *sheet;
    int64_t started_at, deadline_at, now;
    const struct answer *saved; /* NULL: nothing was saved */
    int32_t saved_version;
    int64_t saved_at;
};
void show_open(struct text *out, const struct app *app, const struct shown_open *open);

/* 王小明 as 王*明, 王明 as 王*: what everybody may see of a name. */
char *name_masked(struct arena *arena, const char *name);
/* The same, but whole where its bearer agrees. */
const char *name_shown(struct arena *arena, const struct name *name);

/* A list's end: ],"next":cursor or null. */
void show_next(struct text *out, const char *cursor);
