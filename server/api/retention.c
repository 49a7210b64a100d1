/* GET /v1/organizer/campaigns/{campaign}/retention: by week, what the scheduler
 * predicted of people's memory and what came.  GET /v1/me/retention: the same of one's
 * own.
 *
 * An organizer never learns of fewer than LEAST_PEOPLE.  Nor by taking one union from
 * another that contains it: a week is withheld too when the smallest larger union that
 * has more people has fewer than LEAST_PEOPLE more.  Therefore people are counted by
 * rings: those of the union itself, those that its parent has more, and so on up to
 * everybody.  (What remains is to take several sister unions from their parent.) */
#include "api/routes.h"

#include "api/notebook.h"
#include "api/places.h"
#include "api/scope.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"

enum { LEAST_PEOPLE = 10, WEEKS = 104 };

static int32_t first_week(const struct campaign *campaign, int64_t now)
{
    int offset = campaign ? campaign->current->rules.utc_offset_ms : 0;

    return (period_of(PERIOD_WEEK, now, offset) & 0xffffff) - 7 * (WEEKS - 1);
}

static void show_week(struct text *out, int32_t week)
{
    char name[MOMENT_TEXT];

    period_format((period_key)(PERIOD_WEEK << 24 | week), name);
    show_string(out, "week", name);
}

/* The mean of the predictions, and the share that came true. */
static void show_shares(struct text *out, const struct practice_week *week)
{
    if (week->n_reviews) {
        show_decimal(out, "predicted", week->predicted / (double)week->n_reviews);
        show_decimal(out, "observed", (double)week->n_right / (double)week->n_reviews);
    } else {
        show_string(out, "predicted", NULL);
        show_string(out, "observed", NULL);
    }
}

/* ---- one's own ---- */

struct own_visit {
    struct notebook notebook;
    struct weeks_query weeks;
};

static void take_own(struct request *req)
{
    struct own_visit *v = req->state;
    const struct campaign *campaign = notebook_campaign(req);

    if (task_has_failed(&req->task))
        return;
    notebook_read(req, campaign, 0, &v->notebook);
    v->weeks.arena = &req->arena;
    v->weeks.first_week = first_week(campaign, v->notebook.practice.now);
    store_weeks_own(req->app->store, &req->task, req->session->person,
                    v->notebook.cards.campaigns, v->notebook.cards.n_campaigns,
                    &v->weeks);
}

static void report_own(struct request *req)
{
    struct own_visit *v = req->state;
    struct text out = { 0 };

    text_string(&out, "{\"items\":[");
    for (size_t i = 0; i < v->weeks.n; i++) {
        const struct practice_week *week = &v->weeks.out[i];

        text_string(&out, i ? ",{" : "{");
        show_week(&out, week->week);
        show_int(&out, "answers", week->n_answers);
        show_int(&out, "spent_ms", week->spent_ms);
        show_int(&out, "reviews", week->n_reviews);
        show_shares(&out, week);
        text_char(&out, '}');
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

const struct route retention_get = {
    .method = "GET",
    .path = "/v1/me/retention",
    .access = ACCESS_PERSON,
    .query = (const char *const[]){ "campaign", NULL },
    .state = sizeof(struct own_visit),
    .acts = { take_own, report_own },
};

/* ---- an organizer's ---- */

struct retention_visit {
    const struct campaign *campaign;
    int board;
    bool is_csv;
    struct rings rings;
    struct weeks_query weeks;
    size_t at; /* the row to be read next */
};

/* Which ring each union of the tree is in: 0 below `board`, then one for each ancestor.
 */
static struct rings make_rings(const struct unions *unions, int board,
                               struct arena *arena)
{
    size_t n_all = (size_t)unions_count(unions);
    int32_t *ids = arena_alloc(arena, n_all * sizeof(*ids));
    int32_t *rings = arena_alloc(arena, n_all * sizeof(*rings));
    struct rings out = { .unions = ids, .rings = rings };

    for (int top = board, inner = -1; top >= 0;
         inner = top, top = unions_at(unions, top)->parent, out.others++)
        for (int i = scope_next(unions, top, BOARD_ALL); i >= 0;
             i = scope_next(unions, top, i)) {
            if (inner >= 0 && unions_is_within(unions, i, inner))
                continue;
            ids[out.n] = unions_at(unions, i)->id;
            rings[out.n++] = out.others;
        }
    return out;
}

static void take(struct request *req)
{
    struct retention_visit *v = req->state;

    v->campaign = campaign_named(req);
    if (!v->campaign || !format_named(req, &v->is_csv) ||
        !board_named(req, "union", &v->board) || !scope_board(req, &v->board))
        return;
    if (v->board != BOARD_ALL)
        v->rings = make_rings(store_unions(req->app->store), v->board, &req->arena);
    v->weeks.arena = &req->arena;
    v->weeks.first_week = first_week(v->campaign, store_now(req->app->store));
    store_weeks_of_campaign(req->app->store, &req->task, v->campaign->id, &v->rings,
                            &v->weeks);
}

/* The next week: what may be told of it, or why nothing. */
static bool next_week(struct retention_visit *v, struct practice_week *out,
                      const char **withheld)
{
    const struct practice_week *rows = v->weeks.out;
    int64_t more = 0;

    if (v->at == v->weeks.n)
        return false;
    *out = (struct practice_week){ .week = rows[v->at].week };
    for (; v->at < v->weeks.n && rows[v->at].week == out->week; v->at++)
        if (rows[v->at].ring == 0)
            *out = rows[v->at];
        else if (!more)
            more = rows[v->at].people;
    *withheld = out->people < LEAST_PEOPLE        ? "few_people"
                : more > 0 && more < LEAST_PEOPLE ? "difference"
                                                  : NULL;
    return true;
}

static void show_told(struct text *out, const struct practice_week *week,
                      const char *withheld)
{
    text_char(out, '{');
    show_week(out, week->week);
    if (withheld) {
        show_string(out, "people", NULL);
        show_string(out, "reviews", NULL);
        show_string(out, "predicted", NULL);
        show_string(out, "observed", NULL);
    } else {
        show_int(out, "people", week->people);
        show_int(out, "reviews", week->n_reviews);
        show_shares(out, week);
    }
    show_string(out, "withheld", withheld);
    text_char(out, '}');
}

static void reply_weeks(struct request *req)
{
    struct retention_visit *v = req->state;
    const struct unions *unions = store_unions(req->app->store);
    struct practice_week week;
    const char *withheld, *before = "";
    struct text out = { 0 };

    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "union",
                v->board == BOARD_ALL ? NULL : unions_at(unions, v->board)->code);
    show_int(&out, "least_people", LEAST_PEOPLE);
    show_key(&out, "items");
    text_char(&out, '[');
    for (; next_week(v, &week, &withheld); before = ",") {
        text_string(&out, before);
        show_told(&out, &week, withheld);
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

static void report(struct request *req)
{
    struct retention_visit *v = req->state;

    if (v->is_csv)
        csv_begin(req, arena_printf(&req->arena, "%s-retention.csv", v->campaign->slug),
                  "周,复习人数,复习次数,预测记住(%),实际记住(%),未列出的原因");
    else
        reply_weeks(req);
}

static void write_csv_line(struct text *out, const struct practice_week *week,
                           const char *withheld)
{
    char name[MOMENT_TEXT];

    period_format((period_key)(PERIOD_WEEK << 24 | week->week), name);
    if (withheld)
        text_printf(out, "%s,,,,,%s\r\n", name,
                    week->people < LEAST_PEOPLE ? "不足10人" : "与上级之差不足10人");
    else
        text_printf(out, "%s,%lld,%lld,%.2f,%.2f,\r\n", name, (long long)week->people,
                    (long long)week->n_reviews,
                    100 * week->predicted / (double)week->n_reviews,
                    100.0 * (double)week->n_right / (double)week->n_reviews);
}

static void send_weeks(struct request *req)
{
    struct retention_visit *v = req->state;
    struct practice_week week;
    const char *withheld;
    struct text out = { 0 };

    while (next_week(v, &week, &withheld))
        write_csv_line(&out, &week, withheld);
    if (out.length)
        reply_chunk(req, &out);
    reply_finish(req);
}

const struct route organizer_retention = {
    .method = "GET",
    .path = "/v1/organizer/campaigns/{campaign}/retention",
    .access = ACCESS_ORGANIZER,
    .query = (const char *const[]){ "union", "format", NULL },
    .state = sizeof(struct retention_visit),
    .acts = { take, report },
    .pump = { send_weeks },
};
