#include "api/practice.h"

#include <string.h>

#include "api/show.h"
#include "auth/secret.h"
#include "score/score.h"
#include "store/store.h"
#include "util/moment.h"

enum { DAY_MS = 86400000 };

static bool is_keeper(const struct campaign *campaign, int64_t now)
{
    const struct rules *rules = &campaign->current->rules;

    return rules->practice != PRACTICE_OPEN && now >= rules->opens_at &&
           now < rules->closes_at;
}

struct practice practice_now(struct request *req)
{
    const struct campaigns *campaigns = store_campaigns(req->app->store);
    int n = campaigns_count(campaigns);
    struct practice practice = { .app = req->app, .now = store_now(req->app->store) };

    practice.keepers = arena_alloc(&req->arena, (size_t)n * sizeof(*practice.keepers));
    for (int i = 0; i < n; i++)
        if (is_keeper(campaigns_at(campaigns, i), practice.now))
            practice.keepers[practice.n_keepers++] = campaigns_at(campaigns, i);
    return practice;
}

int64_t practice_opens_at(const struct campaign *campaign)
{
    const struct rules *rules = &campaign->current->rules;

    switch (rules->practice) {
    case PRACTICE_NEVER:
        return 0;
    case PRACTICE_OPEN:
        return rules->opens_at;
    case PRACTICE_AFTER_CLOSE:
        break;
    }
    return rules->closes_at;
}

bool practice_is_open(const struct practice *practice, const struct campaign *campaign)
{
    return campaign->current->rules.practice != PRACTICE_NEVER &&
           practice->now >= practice_opens_at(campaign);
}

bool practice_check(const struct practice *practice, const struct campaign *campaign,
                    struct error *err)
{
    const struct rules *rules = &campaign->current->rules;
    char when[MOMENT_TEXT];

    if (practice_is_open(practice, campaign))
        return true;
    if (rules->practice == PRACTICE_NEVER)
        return error_set(err, PROBLEM_PRACTICE_NEVER);
    moment_format(practice_opens_at(campaign), rules->utc_offset_ms, when);
    return error_set(err, PROBLEM_PRACTICE_NOT_OPEN, when);
}

/* The question by which answers are judged from now on. */
static const struct question *in_force(const struct campaign *campaign,
                                       const struct question *pinned)
{
    return campaign_corrected(campaign, pinned, campaign->n_corrections);
}

const struct question **practice_questions(const struct campaign *campaign,
                                           struct arena *arena, int *n_out)
{
    const struct plan *plan = &campaign->current->plan;
    const struct question **out;
    int n = 0;

    for (int i = 0; i < plan->rules->n_sections; i++)
        n += plan->pools[i].n;
    out = arena_alloc(arena, (size_t)n * sizeof(*out));
    *n_out = n;
    n = 0;
    for (int i = 0; i < plan->rules->n_sections; i++)
        for (int j = 0; j < plan->pools[i].n; j++)
            out[n++] = in_force(campaign, plan->pools[i].questions[j]);
    return out;
}

/* Pools are in order of id. */
static const struct question *find_in(const struct pool *pool, const char *id)
{
    int low = 0, high = pool->n;

    while (low < high) {
        int middle = (low + high) / 2, order = strcmp(pool->questions[middle]->id, id);

        if (!order)
            return pool->questions[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct question *find_pinned(const struct campaign *campaign,
                                          const char *id)
{
    const struct plan *plan = &campaign->current->plan;
    const struct question *pinned = NULL;

    for (int i = 0; !pinned && i < plan->rules->n_sections; i++)
        pinned = find_in(&plan->pools[i], id);
    return pinned;
}

const struct question *practice_find(const struct campaign *campaign, const char *id)
{
    const struct question *pinned = find_pinned(campaign, id);

    return pinned ? in_force(campaign, pinned) : NULL;
}

bool practice_has_choices_of(const struct campaign *campaign, const char *id,
                             int32_t revision)
{
    const struct question *pinned = find_pinned(campaign, id);

    return pinned && revision >= pinned->revision &&
           revision <= in_force(campaign, pinned)->revision;
}

bool practice_allows(const struct practice *practice, const struct campaign *campaign,
                     const struct question *question)
{
    if (!practice_is_open(practice, campaign))
        return false;
    for (int i = 0; i < practice->n_keepers; i++)
        if (find_pinned(practice->keepers[i], question->id))
            return false;
    return true;
}

struct item practice_draw(const struct practice *practice, int64_t person,
                          const struct question *question, int32_t turn)
{
    uint8_t seed[MAC_BYTES];
    struct item item;

    secret_turn_seed(&practice->app->secret, person, question->id, turn, seed);
    paper_draw_one(question, seed, &item);
    return item;
}

void practice_show(struct text *out, const struct item *item)
{
    const struct question *question = item->question;

    show_string(out, "question", question->id);
    show_int(out, "revision", question->revision);
    show_string(out, "type", question_type_names[question->type]);
    show_string(out, "topic", question->topic);
    show_key(out, "stem");
    text_piece(out, &question->stem_json);
    show_key(out, "choices");
    if (question->n_choices)
        paper_write_choices(item, out);
    else
        text_string(out, "null");
}

void practice_show_key(struct text *out, const struct item *item)
{
    show_key(out, "key");
    score_write_key(item, out);
    show_key(out, "explanation");
    text_piece(out, &item->question->explanation_json);
    show_key(out, "source");
    text_piece(out, &item->question->source_json);
}

int32_t practice_day(const struct campaign *campaign, int64_t ms)
{
    return period_of(PERIOD_DAY, ms, campaign->current->rules.utc_offset_ms) & 0xffffff;
}

int64_t practice_day_begins(const struct campaign *campaign, int32_t day)
{
    return (int64_t)day * DAY_MS - campaign->current->rules.utc_offset_ms;
}
