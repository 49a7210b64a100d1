/* Who asks.  A worker's access token is checked here and remembered.  An organizer's key is
 * looked up in the database each time: it may have been revoked. */
#include "api/app.h"

#include <string.h>
#include <strings.h>

#include "api/tokens.h"
#include "auth/token.h"
#include "log/log.h"
#include "store/people.h"
#include "store/store.h"

static const char *bearer(const struct request *req)
{
    const char *value = req->authorization;

    if (!value || strncasecmp(value, "Bearer ", 7))
        return NULL;
    return value + 7 + strspn(value + 7, " ");
}

static bool read_token(struct request *req, const char *token, struct claims *out,
                       struct error *err)
{
    int64_t now = store_now(req->app->store);

    if (tokens_find(req->app->tokens, token, out)) {
        if (out->expires_at <= now)
            return error_set(err, PROBLEM_TOKEN_EXPIRED);
    } else {
        if (!token_read(&req->app->secret, token, now, out, err))
            return false;
        tokens_put(req->app->tokens, token, out);
    }
    if (store_session_is_over(req->app->store, out->session))
        return error_set(err, PROBLEM_SESSION_ENDED);
    return true;
}

static bool is_api_key(const char *token)
{
    return !strncmp(token, "jdk_", 4);
}

static bool sign_in_worker(struct request *req, const char *token, struct error *err)
{
    struct claims claims;

    if (is_api_key(token))
        return error_set(err, PROBLEM_NO_RIGHT);
    if (!read_token(req, token, &claims, err))
        return false;
    struct session *session = arena_alloc(&req->arena, sizeof(*session));
    session->person = claims.person;
    session->id = claims.session;
    req->session = session;
    return true;
}

static void sign_in_organizer(struct request *req, const char *token)
{
    struct organizer *organizer = arena_alloc(&req->arena, sizeof(*organizer));
    struct session *session = arena_alloc(&req->arena, sizeof(*session));
    uint8_t hash[API_KEY_HASH];

    if (!is_api_key(token)) {
        error_set(&req->task.error, PROBLEM_NO_RIGHT);
        return;
    }
    if (!api_key_hash(token, hash)) {
        error_set(&req->task.error, PROBLEM_TOKEN_BAD);
        return;
    }
    organizer->arena = &req->arena;
    session->organizer = organizer;
    req->session = session;
    store_organizer_find(req->app->store, &req->task, hash, sizeof(hash), organizer);
}

void sign_in(struct request *req)
{
    const char *token = bearer(req);
    struct error ignored;

    switch (req->route->access) {
    case ACCESS_PUBLIC: /* signed in or not: a page may show more to those who are */
        if (token && !sign_in_worker(req, token, &ignored))
            log_debug("sign_in", "request=%s token ignored", req->id);
        return;
    case ACCESS_PERSON:
        if (!token)
            error_set(&req->task.error, PROBLEM_SIGN_IN);
        else
            (void)sign_in_worker(req, token, &req->task.error);
        return;
    case ACCESS_ORGANIZER:
        if (!token)
            error_set(&req->task.error, PROBLEM_SIGN_IN);
        else
            sign_in_organizer(req, token);
    }
}
