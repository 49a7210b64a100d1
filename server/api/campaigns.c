/* GET /v1/campaigns and /v1/campaigns/{campaign}: what a contest is about and its rules. */
#include "api/routes.h"

#include <stdlib.h>

#include "api/show.h"
#include "http/reply.h"
#include "store/board.h"
#include "store/store.h"

static void show_limit(struct text *out, const char *name, int limit)
{
    show_int_or_null(out, name, limit, 0);
}

static void show_sections(struct text *out, const struct rules *rules)
{
    show_key(out, "sections");
    text_char(out, '[');
    for (int i = 0; i < rules->n_sections; i++) {
        const struct section *section = &rules->sections[i];

        text_string(out, i ? ",{" : "{");
        show_string(out, "type",
                    section->type < 0 ? NULL : question_type_names[section->type]);
        show_int(out, "count", section->count);
        show_points(out, "points", section->points);
        text_char(out, '}');
    }
    text_char(out, ']');
}

static void show_paper(struct text *out, const struct rules *rules)
{
    show_key(out, "quota");
    text_char(out, '{');
    show_limit(out, "total", rules->quota_total);
    show_limit(out, "per_day", rules->quota_day);
    text_char(out, '}');
    show_key(out, "clock");
    text_char(out, '{');
    show_int(out, "limit_seconds", rules->limit_ms / 1000);
    show_int(out, "grace_seconds", rules->grace_ms / 1000);
    text_char(out, '}');
    show_key(out, "paper");
    text_char(out, '{');
    show_int(out, "questions", rules->n_questions);
    show_points(out, "full_points", rules->full_points);
    show_sections(out, rules);
    text_char(out, '}');
}

static void show_boards(struct text *out, const struct rules *rules)
{
    show_string(out, "counts", counts_names[rules->counts]);
    show_key(out, "order");
    text_string(out, "{\"keys\":[");
    for (int i = 0; i < rules->order.n_keys; i++) {
        if (i)
            text_char(out, ',');
        text_json_string(out, order_key_names[rules->order.keys[i]]);
    }
    text_char(out, ']');
    show_string(out, "ties", rules->order.is_shared ? "shared" : "strict");
    text_char(out, '}');
    show_key(out, "boards");
    text_string(out, "{\"periods\":[\"overall\"");
    text_string(out, rules->board_day ? ",\"day\"" : "");
    text_string(out, rules->board_week ? ",\"week\"" : "");
    text_string(out, rules->board_month ? ",\"month\"" : "");
    text_string(out, "]}");
    show_key(out, "unions");
    text_char(out, '{');
    show_string(out, "within", rules->union_top);
    show_int(out, "changes", rules->union_changes);
    text_char(out, '}');
    show_string(out, "reveal", reveal_names[rules->reveal]);
    show_string(out, "practice", practice_names[rules->practice]);
}

static void write_campaign(struct text *out, struct app *app,
                           const struct campaign *campaign)
{
    const struct rules *rules = &campaign->current->rules;
    int offset = rules->utc_offset_ms, minutes = abs(offset) / 60000;

    text_char(out, '{');
    show_string(out, "campaign", campaign->slug);
    show_string(out, "title", rules->title);
    show_string(out, "description", rules->description);
    show_int(out, "revision", campaign->current->number);
    show_window(out, rules, store_now(app->store));
    show_key(out, "time_zone_offset");
    text_printf(out, "\"%c%02d:%02d\"", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    show_paper(out, rules);
    show_boards(out, rules);
    show_turnout(out, boards_league(store_boards(app->store), campaign->id, 0));
    text_char(out, '}');
}

static void list(struct request *req)
{
    struct campaigns *campaigns = store_campaigns(req->app->store);
    struct text out = { 0 };

    text_string(&out, "{\"items\":[");
    for (int i = 0; i < campaigns_count(campaigns); i++) {
        if (i)
            text_char(&out, ',');
        write_campaign(&out, req->app, campaigns_at(campaigns, i));
    }
    show_next(&out, NULL);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route campaigns_list = {
    .method = "GET",
    .path = "/v1/campaigns",
    .acts = { list },
};

static void get(struct request *req)
{
    const struct campaign *campaign = campaign_named(req);
    struct text out = { 0 };

    if (!campaign)
        return;
    write_campaign(&out, req->app, campaign);
    reply_text(req, 200, &out);
}

const struct route campaigns_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}",
    .acts = { get },
};
