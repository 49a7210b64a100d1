#include "api/places.h"

#include <string.h>

#include "api/show.h"
#include "store/board.h"
#include "store/store.h"

static bool has_period(const struct rules *rules, enum period_kind kind)
{
    switch (kind) {
    case PERIOD_OVERALL: return true;
    case PERIOD_DAY: return rules->board_day;
    case PERIOD_WEEK: return rules->board_week;
    case PERIOD_MONTH: return rules->board_month;
    case PERIOD_STAGE: return false;
    }
    return false;
}

bool league_named(struct request *req, const struct campaign *campaign,
                  period_key *period_out, struct league **league_out)
{
    const struct rules *rules = &campaign->current->rules;
    const char *text = request_query(req, "period");

    *period_out = 0;
    if (text && !strcmp(text, "today"))
        *period_out =
            period_of(PERIOD_DAY, store_now(req->app->store), rules->utc_offset_ms);
    else if (text && !period_parse(text, period_out))
        return error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "period");
    if (!has_period(rules, period_kind(*period_out)))
        return error_set(&req->task.error, PROBLEM_NO_BOARD);
    *league_out = boards_league(store_boards(req->app->store), campaign->id, *period_out);
    return true;
}

bool board_named(struct request *req, const char *parameter, int *out)
{
    const char *code = request_query(req, parameter);

    *out = BOARD_ALL;
    if (!code)
        return true;
    *out = unions_find_code(store_unions(req->app->store), code);
    return *out >= 0 || error_set(&req->task.error, PROBLEM_NO_UNION, code);
}

bool measure_named(struct request *req, enum measure *out)
{
    const char *name = request_query(req, "measure");

    *out = MEASURE_SUM;
    for (int i = 0; name && measure_names[i]; i++)
        if (!strcmp(name, measure_names[i])) {
            *out = (enum measure)i;
            return true;
        }
    return !name || error_set(&req->task.error, PROBLEM_PARAMETER_BAD, "measure");
}

struct league *league_today(struct app *app, const struct campaign *campaign)
{
    const struct rules *rules = &campaign->current->rules;

    if (!rules->board_day)
        return NULL;
    return boards_league(store_boards(app->store), campaign->id,
                         period_of(PERIOD_DAY, store_now(app->store),
                                   rules->utc_offset_ms));
}

struct standing_of {
    const struct unions *unions;
    const struct league *overall, *today;
    int64_t person;
};

static void show_union_places(struct text *out, const struct standing_of *of, int index)
{
    const struct union_node *node = unions_at(of->unions, index);

    if (node->parent >= 0) {
        show_union_places(out, of, node->parent);
        text_char(out, ',');
    }
    text_char(out, '{');
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    show_key(out, "overall");
    show_rank(out, of->overall, index, of->person);
    show_key(out, "today");
    show_rank(out, of->today, index, of->person);
    text_char(out, '}');
}

void show_places(struct text *out, struct app *app, const struct campaign *campaign,
                 int64_t person)
{
    struct standing_of of = {
        .unions = store_unions(app->store),
        .overall = boards_league(store_boards(app->store), campaign->id, 0),
        .today = league_today(app, campaign),
        .person = person,
    };
    int offset = campaign->current->rules.utc_offset_ms;
    struct row row;

    show_key(out, "overall");
    show_place(out, of.overall, BOARD_ALL, person, offset);
    show_key(out, "today");
    show_place(out, of.today, BOARD_ALL, person, offset);
    show_key(out, "unions");
    text_char(out, '[');
    if (of.overall && league_find(of.overall, BOARD_ALL, person, &row))
        show_union_places(out, &of, row.union_index);
    text_char(out, ']');
}
