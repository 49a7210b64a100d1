/* PUT /v1/campaigns/{campaign}/attempts/{ordinal}/answers: keeps what was answered so far. */
#include "api/routes.h"

#include "api/handed.h"
#include "api/show.h"
#include "http/reply.h"
#include "store/store.h"
#include "store/writes.h"
#include "util/fields.h"

struct answers_visit {
    struct handed handed;
    int version;
    struct save_draft save;
};

static const struct field answers_fields[] = {
    { .kind = FIELD_KIND_STRING, .name = "ticket", .min = 1, .max = 200,
      .offset = offsetof(struct answers_visit, handed.ticket_text) },
    { .kind = FIELD_KIND_ARRAY, .name = "answers", .min = 0, .max = MAX_PAPER,
      .offset = offsetof(struct answers_visit, handed.answers_json) },
    FIELD_OPTIONAL(INT, struct answers_visit, version, 1, 1000000000),
    { 0 },
};

static void save(struct request *req)
{
    struct answers_visit *v = req->state;

    if (!fields_read(answers_fields, req->body, v, &req->task.error) ||
        !handed_check(req, &v->handed))
        return;
    v->save = (struct save_draft){
        .row = { .person = req->session->person, .campaign = v->handed.ticket.campaign },
        .ordinal = v->handed.ticket.ordinal,
        .version = v->version,
        .answers = v->handed.packed,
    };
    store_save(req->app->store, &req->task, &v->save);
}

static void report(struct request *req)
{
    struct answers_visit *v = req->state;
    struct text out = { 0 };

    if (v->save.outcome == SAVE_NOT_OPEN) {
        error_set(&req->task.error, PROBLEM_NOT_OPEN);
        return;
    }
    if (v->save.outcome == SAVE_TOO_LATE) {
        error_set(&req->task.error, PROBLEM_SAVE_LATE);
        return;
    }
    text_char(&out, '{');
    show_int(&out, "version", v->save.version_now);
    show_time(&out, "saved_at", v->save.saved_at,
              v->handed.sheet.revision->rules.utc_offset_ms);
    show_bool(&out, "is_newest", v->save.outcome == SAVED);
    text_char(&out, '}');
    reply_text(req, 200, &out);
}

const struct route answers_put = {
    .method = "PUT",
    .path = "/v1/campaigns/{campaign}/attempts/{ordinal}/answers",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct answers_visit),
    .acts = { save, report },
};
