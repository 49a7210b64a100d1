/* GET, PUT and PATCH /v1/me: what is known of the person, and whether boards show the name. */
#include "api/routes.h"

#include "api/show.h"
#include "http/reply.h"
#include "store/people.h"
#include "store/store.h"
#include "util/fields.h"

struct me_visit {
    bool shows_name;
    struct person person;
};

static void read_me(struct request *req)
{
    struct me_visit *v = req->state;

    v->person.arena = &req->arena;
    store_person_get(req->app->store, &req->task, req->session->person, &v->person);
}

static const struct field me_fields[] = {
    FIELD_BOOL(struct me_visit, shows_name),
    { 0 },
};

static void change_me(struct request *req)
{
    struct me_visit *v = req->state;

    if (!fields_read(me_fields, req->body, v, &req->task.error))
        return;
    v->person.arena = &req->arena;
    store_person_show_name(req->app->store, &req->task, req->session->person,
                           v->shows_name, &v->person);
}

static void report_me(struct request *req)
{
    struct me_visit *v = req->state;
    const struct unions *unions = store_unions(req->app->store);
    int home = unions_find(unions, v->person.home_union);
    struct text out = { 0 };

    if (!v->person.id) {
        error_set(&req->task.error, PROBLEM_NO_PERSON);
        return;
    }
    text_char(&out, '{');
    show_id(&out, "id", v->person.id);
    show_string(&out, "name", v->person.name);
    show_string(&out, "masked_name", name_masked(&req->arena, v->person.name));
    show_bool(&out, "shows_name", v->person.shows_name);
    show_key(&out, "home_union");
    if (home < 0) {
        text_string(&out, "null}");
    } else {
        text_char(&out, '{');
        show_union(&out, unions, home);
        text_string(&out, "}}");
    }
    reply_text(req, 200, &out);
}

const struct route me_get = {
    .method = "GET",
    .path = "/v1/me",
    .access = ACCESS_PERSON,
    .state = sizeof(struct me_visit),
    .acts = { read_me, report_me },
};

/* WeChat's mini-programs cannot send PATCH. */
const struct route me_put = {
    .method = "PUT",
    .path = "/v1/me",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct me_visit),
    .acts = { change_me, report_me },
};

const struct route me_patch = {
    .method = "PATCH",
    .path = "/v1/me",
    .access = ACCESS_PERSON,
    .body = BODY_JSON,
    .state = sizeof(struct me_visit),
    .acts = { change_me, report_me },
};
