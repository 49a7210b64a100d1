/* POST /v1/sessions: a worker signs in by the roster: union, name, staff number.
 * POST /v1/sessions/refresh: renews a session.  DELETE /v1/sessions/current: signs out.
 * DELETE /v1/sessions: signs out everywhere. */
#include "api/routes.h"

#include <stdlib.h>
#include <string.h>

#include "api/show.h"
#include "api/throttle.h"
#include "auth/token.h"
#include "bank/question.h"
#include "http/reply.h"
#include "store/people.h"
#include "store/store.h"
#include "util/fields.h"

/* The reply of both ways to get tokens. */
static void reply_tokens(struct request *req, int status, const struct claims *who,
                         int32_t generation, const char *name)
{
    char access[TOKEN_TEXT], refresh[REFRESH_TEXT];
    struct claims claims = *who;
    int64_t now = store_now(req->app->store);
    struct text out = { 0 };

    claims.expires_at = now + TOKEN_LIFE_MS;
    if (!token_make(&req->app->secret, &claims, now, access)) {
        error_set(&req->task.error, PROBLEM_BROKEN, req->id);
        return;
    }
    refresh_make(&req->app->secret,
                 &(struct refresh){ .session = who->session, .generation = generation },
                 refresh);
    text_char(&out, '{');
    show_string(&out, "access_token", access);
    show_string(&out, "token_type", "Bearer");
    show_int(&out, "expires_in", TOKEN_LIFE_MS / 1000);
    show_string(&out, "refresh_token", refresh);
    show_int(&out, "refresh_expires_in", REFRESH_LIFE_MS / 1000);
    show_key(&out, "person");
    text_char(&out, '{');
    show_id(&out, "id", who->person);
    show_string(&out, "name", name);
    text_string(&out, "}}");
    reply_text(req, status, &out);
}

struct roster_visit {
    struct {
        const char *union_, *name, *staff_number;
    } input;
    const char *subject;
    struct person person;
    int64_t session;
};

static const struct field roster_fields[] = {
    { .kind = FIELD_KIND_STRING, .name = "union", .min = 1, .max = 40,
      .offset = offsetof(struct roster_visit, input.union_) },
    { .kind = FIELD_KIND_STRING, .name = "name", .min = 1, .max = 60,
      .offset = offsetof(struct roster_visit, input.name) },
    { .kind = FIELD_KIND_STRING, .name = "staff_number", .min = 1, .max = 40,
      .offset = offsetof(struct roster_visit, input.staff_number) },
    { 0 },
};

static void find_in_roster(struct request *req)
{
    struct roster_visit *v = req->state;
    struct error *err = &req->task.error;

    if (!fields_read(roster_fields, req->body, v, err))
        return;
    if (unions_find_code(store_unions(req->app->store), v->input.union_) < 0) {
        error_set(err, PROBLEM_NO_UNION, v->input.union_);
        return;
    }
    v->subject = arena_printf(&req->arena, "%s/%s", v->input.union_,
                              question_fold(&req->arena, v->input.staff_number));
    int wait = throttle_wait(req->app->sign_ins, v->subject, store_now(req->app->store));
    if (wait) {
        char seconds[16];

        snprintf(seconds, sizeof(seconds), "%d", wait);
        reply_header(req, "Retry-After", seconds);
        error_set(err, PROBLEM_TOO_OFTEN, wait);
        return;
    }
    v->person.arena = &req->arena;
    store_roster_find(req->app->store, &req->task, v->subject, &v->person);
}

/* The name is the second thing only the person knows; spaces and width do not matter. */
static void begin_session(struct request *req)
{
    struct roster_visit *v = req->state;
    int64_t now = store_now(req->app->store);

    if (!v->person.id || strcmp(question_fold(&req->arena, v->input.name),
                                question_fold(&req->arena, v->person.name))) {
        throttle_failed(req->app->sign_ins, v->subject, now);
        error_set(&req->task.error, PROBLEM_SIGN_IN_FAILED);
        return;
    }
    store_session_begin(req->app->store, &req->task, v->person.id, now + REFRESH_LIFE_MS,
                        &v->session);
}

static void report_session(struct request *req)
{
    struct roster_visit *v = req->state;

    reply_tokens(req, 201,
                 &(struct claims){ .person = v->person.id, .session = v->session }, 1,
                 v->person.name);
}

const struct route sessions_post = {
    .method = "POST",
    .path = "/v1/sessions",
    .body = BODY_JSON,
    .state = sizeof(struct roster_visit),
    .acts = { find_in_roster, begin_session, report_session },
};

struct refresh_visit {
    const char *refresh_token;
    struct renewal renewal;
};

static const struct field refresh_fields[] = {
    FIELD_STRING(struct refresh_visit, refresh_token, 1, 200),
    { 0 },
};

static void renew(struct request *req)
{
    struct refresh_visit *v = req->state;
    struct refresh refresh;
    struct error *err = &req->task.error;

    if (!fields_read(refresh_fields, req->body, v, err) ||
        !refresh_read(&req->app->secret, v->refresh_token, &refresh, err))
        return;
    v->renewal = (struct renewal){ .arena = &req->arena,
                                   .session = refresh.session,
                                   .generation = refresh.generation };
    store_session_renew(req->app->store, &req->task, &v->renewal);
}

static void report_renewal(struct request *req)
{
    struct refresh_visit *v = req->state;
    const struct renewal *renewal = &v->renewal;

    if (renewal->outcome == RENEW_EXPIRED)
        error_set(&req->task.error, PROBLEM_TOKEN_EXPIRED);
    else if (renewal->outcome != RENEWED)
        error_set(&req->task.error, PROBLEM_SESSION_ENDED);
    else
        reply_tokens(req, 200,
                     &(struct claims){ .person = renewal->person,
                                       .session = renewal->session },
                     renewal->generation, renewal->name);
}

const struct route sessions_refresh = {
    .method = "POST",
    .path = "/v1/sessions/refresh",
    .body = BODY_JSON,
    .state = sizeof(struct refresh_visit),
    .acts = { renew, report_renewal },
};

static void end_session(struct request *req)
{
    store_session_end(req->app->store, &req->task, req->session->id);
}

static void report_ended(struct request *req)
{
    reply_empty(req, 204);
}

const struct route sessions_delete = {
    .method = "DELETE",
    .path = "/v1/sessions/current",
    .access = ACCESS_PERSON,
    .acts = { end_session, report_ended },
};

static void end_sessions(struct request *req)
{
    store_sessions_end(req->app->store, &req->task, req->session->person);
}

const struct route sessions_delete_all = {
    .method = "DELETE",
    .path = "/v1/sessions",
    .access = ACCESS_PERSON,
    .acts = { end_sessions, report_ended },
};
