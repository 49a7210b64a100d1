/* GET /v1/campaigns/{campaign}/topics: what there is to practise, and how far I am. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/notebook.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"

struct topic {
    const char *name;
    int n, n_allowed, n_seen, n_due, n_known;
};

struct topics_visit {
    const struct campaign *campaign;
    struct notebook notebook;
    int n;
    struct topic *topics;
};

static void take(struct request *req)
{
    struct topics_visit *v = req->state;

    v->campaign = campaign_named(req);
    if (v->campaign)
        notebook_read(req, v->campaign, NOTEBOOK_CARDS, &v->notebook);
}

static struct topic *obtain(struct topics_visit *v, const char *name)
{
    for (int i = 0; i < v->n; i++)
        if (!strcmp(v->topics[i].name, name))
            return &v->topics[i];
    v->topics[v->n] = (struct topic){ .name = name };
    return &v->topics[v->n++];
}

static void count(struct topics_visit *v, const struct question *question)
{
    const struct practice *practice = &v->notebook.practice;
    struct topic *topic = obtain(v, question->topic);

    topic->n++;
    if (!practice_allows(practice, v->campaign, question))
        return;
    topic->n_allowed++;
    const struct card *card = notebook_card(&v->notebook, v->campaign, question->id);
    if (!card)
        return;
    topic->n_seen++;
    topic->n_due += card->due_at <= practice->now;
    topic->n_known += card->is_right && card->due_at > practice->now;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct topic *)a)->name, ((const struct topic *)b)->name);
}

static void show_topic(struct text *out, const struct topic *topic, bool is_open)
{
    text_char(out, '{');
    show_string(out, "topic", topic->name);
    show_int(out, "questions", topic->n);
    show_int(out, "practisable", topic->n_allowed);
    show_key(out, "mine");
    if (is_open) {
        text_char(out, '{');
        show_int(out, "seen", topic->n_seen);
        show_int(out, "due", topic->n_due);
        show_int(out, "known", topic->n_known);
        text_char(out, '}');
    } else {
        text_string(out, "null");
    }
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct topics_visit *v = req->state;
    const struct rules *rules = &v->campaign->current->rules;
    bool is_open = practice_is_open(&v->notebook.practice, v->campaign);
    struct text out = { 0 };
    int n;
    const struct question **questions =
        practice_questions(v->campaign, &req->arena, &n);

    v->topics = arena_alloc(&req->arena, (size_t)n * sizeof(*v->topics));
    for (int i = 0; i < n; i++)
        count(v, questions[i]);
    qsort(v->topics, (size_t)v->n, sizeof(*v->topics), by_name);
    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "practice", practice_names[rules->practice]);
    show_bool(&out, "is_open", is_open);
    show_time(&out, "opens_at", practice_opens_at(v->campaign), rules->utc_offset_ms);
    show_key(&out, "items");
    text_char(&out, '[');
    for (int i = 0; i < v->n; i++) {
        if (i)
            text_char(&out, ',');
        show_topic(&out, &v->topics[i], is_open);
    }
    text_string(&out, "]}");
    reply_text(req, 200, &out);
}

const struct route topics_get = {
    .method = "GET",
    .path = "/v1/campaigns/{campaign}/topics",
    .access = ACCESS_PERSON,
    .state = sizeof(struct topics_visit),
    .acts = { take, report },
};
