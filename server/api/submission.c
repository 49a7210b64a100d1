/*
 * POST /v1/campaigns/{campaign}/attempts/{ordinal}/submission: hands in.
 *
 * The paper is drawn again from the ticket and scored in memory; the row is stored in a
 * batch.  A repeat with the same answers gets the stored result.  When the time was over,
 * the attempt is closed with what had been saved in time, and the late answers are kept.
 * When a key was corrected that is not known here yet, it is read and the score made anew.
 */
#include "api/routes.h"

#include <string.h>

#include "api/closing.h"
#include "api/evidence.h"
#include "api/handed.h"
#include "api/places.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"
#include "util/fields.h"

struct submission_visit {
    struct handed handed;
    int claimed_ms;
    struct evidence evidence;
    struct hand_in hand_in;
    struct closing closing;
};

static const struct field submission_fields[] = {
    { .kind = FIELD_KIND_STRING, .name = "ticket", .min = 1, .max = 200,
      .offset = offsetof(struct submission_visit, handed.ticket_text) },
    { .kind = FIELD_KIND_ARRAY, .name = "answers", .min = 0, .max = MAX_PAPER,
      .offset = offsetof(struct submission_visit, handed.answers_json) },
    FIELD_OPTIONAL(INT, struct submission_visit, claimed_ms, 0, 86400000),
    { .kind = FIELD_KIND_ARRAY, .name = "spent_ms", .min = 1, .max = MAX_PAPER,
      .is_optional = true, .offset = offsetof(struct submission_visit, evidence.spent_ms) },
    { .kind = FIELD_KIND_STRING, .name = "device", .min = 8, .max = 64,
      .is_optional = true, .offset = offsetof(struct submission_visit, evidence.device) },
    { 0 },
};

static void score_and_store(struct request *req)
{
    struct submission_visit *v = req->state;
    const struct handed *handed = &v->handed;
    struct result result = score_paper(&handed->sheet.paper, handed->answers,
                                       handed->sheet.revision->rules.partial, NULL);
    v->hand_in = (struct hand_in){
        .row = { .person = req->session->person, .campaign = handed->ticket.campaign },
        .arena = &req->arena,
        .ordinal = handed->ticket.ordinal,
        .score = (int32_t)result.points,
        .n_right = (int16_t)result.n_right,
        .claimed_ms = v->claimed_ms,
        .corrections = handed->sheet.campaign->n_corrections,
        .spent = v->evidence.spent,
        .device = v->evidence.device_hash,
        .answers = handed->packed,
    };
    store_hand_in(req->app->store, &req->task, &v->hand_in);
}

static void hand_in(struct request *req)
{
    struct submission_visit *v = req->state;
    struct handed *handed = &v->handed;

    v->claimed_ms = -1;
    if (fields_read(submission_fields, req->body, v, &req->task.error) &&
        handed_check(req, handed) &&
        evidence_read(&v->evidence, req, handed->sheet.paper.n_items))
        score_and_store(req);
}

static void learn_keys(struct request *req)
{
    struct submission_visit *v = req->state;

    if (v->hand_in.outcome == KEYS_CORRECTED)
        store_load_then(req->app->store, &req->task);
}

static void hand_in_again(struct request *req)
{
    struct submission_visit *v = req->state;
    struct sheet *sheet = &v->handed.sheet;

    if (v->hand_in.outcome != KEYS_CORRECTED)
        return;
    sheet_correct(sheet, sheet->campaign->n_corrections);
    score_and_store(req);
}

static void close_if_late(struct request *req)
{
    struct submission_visit *v = req->state;
    struct overdue overdue = { .campaign = v->handed.ticket.campaign,
                               .ordinal = v->handed.ticket.ordinal,
                               .revision = v->handed.ticket.revision,
                               .person = req->session->person,
                               .draft_saved_at = v->hand_in.draft_saved_at_now,
                               .draft = v->hand_in.draft,
                               .late = v->handed.packed };

    if (v->hand_in.outcome == TIME_IS_OVER &&
        !closing_begin(req->app, &req->task, &req->arena, &overdue, &v->closing,
                       &req->task.error))
        return;
}

static bool is_same(struct bytes a, struct bytes b)
{
    return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

/* The stored row as it is shown; answers are the stored ones, which a repeat brings along
 * and else are those just given. */
static void write_result(struct text *out, struct request *req, const struct hand_in *row,
                         const struct answer *given)
{
    struct submission_visit *v = req->state;
    struct shown_result result = {
        .sheet = &v->handed.sheet,
        .answers = row->outcome == HANDED_IN_BEFORE
                       ? sheet_unpack(&v->handed.sheet, row->answers_kept, &req->arena)
                       : given,
        .state = row->state,
        .is_counted = row->is_counted,
        .started_at = row->started_at,
        .deadline_at = row->deadline_at,
        .finished_at = row->finished_at,
        .duration_ms = row->duration_ms,
        .score = row->score_kept,
        .n_right = row->n_right_kept,
    };

    show_result(out, &result, store_now(req->app->store), &req->arena);
}

/* A problem that tells the stored result along. */
static void reply_late(struct request *req, const struct hand_in *row,
                       const struct answer *given)
{
    struct error err;
    TEXT(text);
    json_t *extra = json_object();

    error_set(&err, PROBLEM_LATE);
    text_char(&text, '{');
    write_result(&text, req, row, given);
    text_char(&text, '}');
    json_object_set_new(extra, "attempt", json_loadb(text.data, text.length, 0, NULL));
    reply_problem(req, &err, extra);
}

static void reply_result(struct request *req)
{
    struct submission_visit *v = req->state;
    struct text out = { 0 };

    text_reserve(&out, SHEET_JSON);
    text_char(&out, '{');
    write_result(&out, req, &v->hand_in, v->handed.answers);
    show_key(&out, "standing");
    text_char(&out, '{');
    show_places(&out, req->app, v->handed.sheet.campaign, req->session->person);
    text_string(&out, "}}");
    reply_text(req, 200, &out);
}

/* It was over before this request: as it was handed in, closed, or voided. */
static void report_before(struct request *req)
{
    struct submission_visit *v = req->state;
    const struct hand_in *row = &v->hand_in;

    if (row->state == ATTEMPT_VOIDED)
        error_set(&req->task.error, PROBLEM_VOIDED);
    else if (row->state == ATTEMPT_EXPIRED)
        reply_late(req, row, NULL);
    else if (is_same(row->answers_kept, v->handed.packed))
        reply_result(req);
    else
        error_set(&req->task.error, PROBLEM_HANDED_IN);
}

/* What this rests on was changed in between: the same request will soon go through. */
static void ask_again(struct request *req)
{
    reply_header(req, "Retry-After", "1");
    error_set(&req->task.error, PROBLEM_BUSY);
}

static void report(struct request *req)
{
    struct submission_visit *v = req->state;
    int outcome = v->closing.hand_in.outcome;

    switch ((enum hand_in_outcome)v->hand_in.outcome) {
    case HANDED_IN: reply_result(req); break;
    case HANDED_IN_BEFORE: report_before(req); break;
    case TIME_IS_OVER:
        if (outcome == HANDED_IN || outcome == HANDED_IN_BEFORE)
            reply_late(req, &v->closing.hand_in, v->closing.answers);
        else
            ask_again(req); /* another draft, or another key */
        break;
    case KEYS_CORRECTED: ask_again(req); break;
    case NO_SUCH_ATTEMPT:
    case NOT_OVER_YET:
    case DRAFT_IS_NEWER: error_set(&req->task.error, PROBLEM_NO_ATTEMPT);
    }
}

const struct route submission_post = {
    .method = "POST",
    .path = "/v1/campaigns/{campaign}/attempts/{ordinal}/submission",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct submission_visit),
    .acts = { hand_in, learn_keys, hand_in_again, learn_keys, hand_in_again, close_if_late,
              report },
};
