#pragma once
#include "http/request.h"
#include "stats/measure.h"
#include "store/campaigns.h"
#include "store/statistics.h"

/* The statistics of a campaign's questions, as requests name them: all that its current
 * revision may draw, and older ones that were shown, in order of id and revision. */
struct question_figure {
    const struct question *question; /* as it was drawn */
    const struct question *decided;  /* as corrections say it now: what is right */
    bool is_pinned;                  /* by the current revision */
    struct tally tally;
    struct discrimination discrimination;
};

struct question_figures {
    const struct campaign *campaign;
    int board; /* of the union asked for, within the organizer's subtree */
    struct stat_progress progress;
    struct stat_query query;
    size_t n;
    struct question_figure *items;
};

/* As which the figures are asked for. */
enum figures_format { FIGURES_JSON, FIGURES_CSV, FIGURES_XLSX };
bool figures_format_named(struct request *req, enum figures_format *out)
    __attribute__((warn_unused_result));

/* Three acts.  Reads "union" of the request whose path names the campaign, and asks how
 * far is counted; may set the request's error. */
void question_figures_open(struct request *req, struct question_figures *figures);
/* Asks for the figures. */
void question_figures_fetch(struct request *req, struct question_figures *figures);
/* Makes the items, of one topic if the request names one. */
void question_figures_gather(struct request *req, struct question_figures *figures);

/* "campaign", "union", "attempts", "counted_at", "behind" */
void question_figures_show(struct text *out, struct request *req,
                           const struct question_figures *figures);
/* "name":0.1234 or null. */
void show_measured(struct text *out, const char *name, struct measured value);
/* The same in a table, in so many digits; nothing when it is not defined. */
void text_measured(struct text *out, struct measured value, double scale, int digits);

/* "discrimination":{...} */
void show_discrimination(struct text *out, const struct discrimination *of);
/* Its cells of a table, with commas between. */
void text_discrimination(struct text *out, const struct discrimination *of);

/* The whole as a workbook for spreadsheets; the context is struct question_figures. */
bool question_book(const void *context, struct text *out, struct error *err);

extern const char *const question_type_names_zh[];
/* "AC" of the choices that are right; NULL of a blank. */
const char *question_letters(const struct question *question,
                             char out[MAX_CHOICES + 1]);
