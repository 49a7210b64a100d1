#include "api/question_figures.h"

#include <stdlib.h>
#include <string.h>

#include "api/places.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "store/store.h"

const char *const question_type_names_zh[] = { "单选题", "多选题", "判断题", "填空题" };

bool figures_format_named(struct request *req, enum figures_format *out)
{
    const char *format = request_query(req, "format");
    bool is_csv;

    *out = FIGURES_XLSX;
    if (format && !strcmp(format, "xlsx"))
        return true;
    if (!format_named(req, &is_csv))
        return false;
    *out = is_csv ? FIGURES_CSV : FIGURES_JSON;
    return true;
}

void question_figures_open(struct request *req, struct question_figures *figures)
{
    figures->campaign = campaign_named(req);
    if (!figures->campaign || !board_named(req, "union", &figures->board) ||
        !scope_board(req, &figures->board))
        return;
    store_stat_progress(req->app->store, &req->task, &figures->progress);
}

void question_figures_fetch(struct request *req, struct question_figures *figures)
{
    struct stat_query *query = &figures->query;

    query->arena = &req->arena;
    query->campaign = figures->campaign->id;
    query->unions = scope_ids(req, figures->board, &query->n_unions);
    store_stat_get(req->app->store, &req->task, query);
}

static int by_id(const void *a, const void *b)
{
    const struct question *one = ((const struct question_figure *)a)->question;
    const struct question *other = ((const struct question_figure *)b)->question;
    int order = strcmp(one->id, other->id);

    return order
               ? order
               : (one->revision > other->revision) - (one->revision < other->revision);
}

/* Of those that the campaign draws from now; the plan knows their order in each
 * section. */
static size_t add_pinned(const struct revision *revision, struct question_figure *items)
{
    size_t n = 0;

    for (int s = 0; s < revision->rules.n_sections; s++)
        for (int i = 0; i < revision->plan.pools[s].n; i++)
            items[n++] = (struct question_figure){
                .question = revision->plan.pools[s].questions[i], .is_pinned = true
            };
    qsort(items, n, sizeof(*items), by_id);
    return n;
}

static size_t count_pinned(const struct revision *revision)
{
    size_t n = 0;

    for (int s = 0; s < revision->rules.n_sections; s++)
        n += (size_t)revision->plan.pools[s].n;
    return n;
}

static struct question_figure *find(struct question_figure *items, size_t n,
                                    const struct question *question)
{
    struct question_figure key = { .question = question };

    return bsearch(&key, items, n, sizeof(*items), by_id);
}

/* The counted ones, into their places or behind; returns how many there are then. */
static size_t add_counted(struct request *req, struct question_figures *figures,
                          size_t n_pinned)
{
    const struct campaigns *campaigns = store_campaigns(req->app->store);
    const struct stat_query *query = &figures->query;
    size_t n = n_pinned;

    for (size_t i = 0; i < query->n_lines; i++) {
        const struct stat_line *line = &query->lines[i];
        const struct question *question =
            campaigns_question(campaigns, line->question, line->revision);
        struct question_figure *item =
            question ? find(figures->items, n_pinned, question) : NULL;

        if (!question || (!item && !line->tally.shown))
            continue;
        if (!item) {
            item = &figures->items[n++];
            item->question = question;
        }
        item->tally = line->tally;
        item->discrimination = measure_discrimination(&line->tally, &line->histogram);
    }
    return n;
}

static void keep_topic(struct question_figures *figures, const char *topic)
{
    size_t n = 0;

    for (size_t i = 0; i < figures->n; i++)
        if (!strcmp(figures->items[i].question->topic, topic))
            figures->items[n++] = figures->items[i];
    figures->n = n;
}

void question_figures_gather(struct request *req, struct question_figures *figures)
{
    const struct revision *revision = figures->campaign->current;
    size_t room = count_pinned(revision) + figures->query.n_lines;
    const char *topic = request_query(req, "topic");

    figures->items = arena_alloc(&req->arena, (room + 1) * sizeof(*figures->items));
    figures->n = add_counted(req, figures, add_pinned(revision, figures->items));
    qsort(figures->items, figures->n, sizeof(*figures->items), by_id);
    for (size_t i = 0; i < figures->n; i++)
        figures->items[i].decided =
            campaign_corrected(figures->campaign, figures->items[i].question,
                               figures->campaign->n_corrections);
    if (topic)
        keep_topic(figures, topic);
}

void question_figures_show(struct text *out, struct request *req,
                           const struct question_figures *figures)
{
    const struct unions *unions = store_unions(req->app->store);

    show_string(out, "campaign", figures->campaign->slug);
    show_string(out, "union",
                figures->board == BOARD_ALL ? NULL
                                            : unions_at(unions, figures->board)->code);
    show_int(out, "attempts", figures->query.attempts);
    show_time(out, "counted_at", figures->progress.counted_at,
              figures->campaign->current->rules.utc_offset_ms);
    show_int(out, "behind", figures->progress.behind);
}

void show_measured(struct text *out, const char *name, struct measured value)
{
    show_key(out, name);
    if (value.is_defined)
        text_printf(out, "%.4f", value.value);
    else
        text_string(out, "null");
}

void text_measured(struct text *out, struct measured value, double scale, int digits)
{
    if (value.is_defined)
        text_printf(out, "%.*f", digits, value.value * scale);
}

void show_discrimination(struct text *out, const struct discrimination *of)
{
    static const char *const names[] = { "upper_lower", "point_biserial", "item_rest" };

    show_key(out, "discrimination");
    text_char(out, '{');
    for (int i = 0; i < DISCRIMINATIONS; i++)
        show_measured(out, names[i], of->by[i]);
    text_char(out, '}');
}

void text_discrimination(struct text *out, const struct discrimination *of)
{
    for (int i = 0; i < DISCRIMINATIONS; i++) {
        if (i)
            text_char(out, ',');
        text_measured(out, of->by[i], 1, 4);
    }
}

const char *question_letters(const struct question *question, char out[MAX_CHOICES + 1])
{
    int n = 0;

    if (question->type == QUESTION_BLANK)
        return NULL;
    for (int i = 0; i < question->n_choices; i++)
        if (question->key >> i & 1)
            out[n++] = (char)('A' + i);
    out[n] = '\0';
    return out;
}
