/* POST /v1/campaigns/{campaign}/practice/{question}: an answer in practice or review.
 * It is judged at once, and what the person remembers of the question moves on: once
 * for each turn, however often it is sent.  The card is read, the memory worked out,
 * and written if the card is still of the turn before; else somebody else has answered
 * that turn, and it stands. */
#include "api/routes.h"

#include "api/practice.h"
#include "api/sheet.h"
#include "api/show.h"
#include "http/reply.h"
#include "score/score.h"
#include "store/practice.h"
#include "store/store.h"
#include "util/fields.h"

enum { MAX_TURN = 1000000000, MAX_SPENT_MS = 3600000 };

static const char *const rating_names[] = { "hard", "good", "easy", NULL };

struct given {
    int revision, turn, rating, spent_ms;
    json_t *choices;
    const char *text;
};

static const struct field given_fields[] = {
    FIELD_INT(struct given, revision, 1, INT32_MAX),
    FIELD_INT(struct given, turn, 1, MAX_TURN),
    FIELD_OPTIONAL(ARRAY, struct given, choices, 0, MAX_CHOICES),
    FIELD_OPTIONAL(STRING, struct given, text, 0, MAX_ANSWER_BYTES / 4),
    FIELD_OPTIONAL_CHOICE(struct given, rating, rating_names),
    FIELD_OPTIONAL(INT, struct given, spent_ms, 0, MAX_SPENT_MS),
    { 0 },
};

struct answer_visit {
    struct given given;
    struct practice practice;
    const struct campaign *campaign;
    const struct question *question;
    struct item item;
    struct answer answer;
    bool is_right;
    struct card_query card;
    struct remember remember;
};

static bool find(struct request *req, struct answer_visit *v)
{
    struct error *err = &req->task.error;

    v->practice = practice_now(req);
    v->campaign = campaign_named(req);
    if (!v->campaign || !practice_check(&v->practice, v->campaign, err))
        return false;
    v->question = practice_find(v->campaign, req->params[1]);
    if (!v->question)
        return error_set(err, PROBLEM_NO_SUCH_QUESTION, req->params[1]);
    return practice_allows(&v->practice, v->campaign, v->question) ||
           error_set(err, PROBLEM_QUESTION_KEPT);
}

static void read_card(struct request *req)
{
    struct answer_visit *v = req->state;

    v->card.arena = &req->arena;
    store_card_get(req->app->store, &req->task, v->campaign->id, req->session->person,
                   v->question->id, &v->card);
}

static void take(struct request *req)
{
    struct answer_visit *v = req->state;
    struct error *err = &req->task.error;

    v->given.rating = RATING_GOOD - RATING_HARD;
    if (!find(req, v) || !fields_read(given_fields, req->body, &v->given, err))
        return;
    if (v->given.revision != v->question->revision) {
        error_set(err, PROBLEM_QUESTION_REVISED);
        return;
    }
    v->item =
        practice_draw(&v->practice, req->session->person, v->question, v->given.turn);
    if (!answers_read_one(v->given.choices, v->given.text, &v->item, &req->arena,
                          &v->answer, err))
        return;
    v->is_right = score_item(&v->item, &v->answer, PARTIAL_NONE).is_right;
    read_card(req);
}

/* The memory after this answer, and when it is asked for again. */
static struct remember next(const struct answer_visit *v)
{
    const struct card *card = &v->card.out;
    int64_t now = v->practice.now;
    int32_t today = practice_day(v->campaign, now);
    int days = card->last_turn ? today - practice_day(v->campaign, card->last_at) : 0;
    enum rating rating =
        v->is_right ? (enum rating)(RATING_HARD + v->given.rating) : RATING_AGAIN;
    struct remember next = { .at = now, .predicted = -1 };

    if (card->last_turn) {
        days = days > 0 ? days : 0; /* the clock may have been put back */
        next.predicted = recall_chance(&card->recall, days);
        next.recall = recall_next(&card->recall, rating, days);
    } else {
        next.recall = recall_first(rating);
    }
    next.is_review = days > 0;
    next.week = period_of(PERIOD_WEEK, now, v->campaign->current->rules.utc_offset_ms) &
                0xffffff;
    next.due_at = practice_day_begins(
        v->campaign, today + recall_interval(&next.recall, RECALL_RETENTION));
    return next;
}

static void remember(struct request *req)
{
    struct answer_visit *v = req->state;
    uint8_t *packed;

    if (v->given.turn > v->card.out.last_turn + 1) {
        error_set(&req->task.error, PROBLEM_TURN_UNKNOWN);
        return;
    }
    if (v->given.turn <= v->card.out.last_turn)
        return;
    size_t size = answers_pack(&v->answer, 1, &req->arena, &packed);
    v->remember = next(v);
    v->remember.row.campaign = v->campaign->id;
    v->remember.row.person = req->session->person;
    v->remember.question = v->question->id;
    v->remember.revision = v->question->revision;
    v->remember.turn = v->given.turn;
    v->remember.spent_ms = v->given.spent_ms;
    v->remember.is_right = v->is_right;
    v->remember.answer = (struct bytes){ packed, size };
    store_remember(req->app->store, &req->task, &v->remember);
}

/* What stands now, whoever wrote it. */
static void look_again(struct request *req)
{
    struct answer_visit *v = req->state;

    if (v->remember.outcome == NO_ROOM_FOR_CARD)
        error_set(&req->task.error, PROBLEM_CARDS_FULL, MAX_CARDS);
    else if (v->remember.outcome)
        read_card(req);
}

static void show_review(struct text *out, const struct answer_visit *v)
{
    const struct card *card = &v->card.out;

    show_key(out, "review");
    text_char(out, '{');
    show_time(out, "due_at", card->due_at, v->campaign->current->rules.utc_offset_ms);
    show_decimal(out, "stability_days", card->recall.stability);
    show_decimal(out, "difficulty", card->recall.difficulty);
    if (card->predicted < 0)
        show_string(out, "retrievability", NULL);
    else
        show_decimal(out, "retrievability", card->predicted);
    text_char(out, '}');
}

static void report(struct request *req)
{
    struct answer_visit *v = req->state;
    struct text out = { 0 };

    text_char(&out, '{');
    show_string(&out, "campaign", v->campaign->slug);
    show_string(&out, "question", v->question->id);
    show_int(&out, "revision", v->question->revision);
    show_int(&out, "turn", v->given.turn);
    show_bool(&out, "right", v->is_right);
    practice_show_key(&out, &v->item);
    show_review(&out, v);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route practice_answer = {
    .method = "POST",
    .path = "/v1/campaigns/{campaign}/practice/{question}",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct answer_visit),
    .acts = { take, remember, look_again, report },
};
