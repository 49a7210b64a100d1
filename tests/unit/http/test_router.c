#include "wire.h"
#include "http/router.h"
#include "util/text.h"

static const struct route board = { .method = "GET", .path = "/v1/boards/{board}" };
static const struct route mine = { .method = "GET", .path = "/v1/boards/mine" };
static const struct route fill = { .method = "POST", .path = "/v1/boards/{board}" };
static const struct route row = { .method = "GET",
                                  .path = "/v1/boards/{board}/{row}/of" };
static const struct route odd = { .method = "PUT", .path = "/v1/{kind}/mine/odd" };
static const struct route page = { .method = "GET", .path = "/{rest...}" };
static const struct route image = { .method = "GET", .path = "/images/{rest...}" };
static const struct route home = { .method = "GET", .path = "/" };

struct found {
    const struct route *route;
    enum problem problem;
    char params[2][40], allow[40];
};

static struct found look(const struct route *const *routes, const char *method,
                         const char *path)
{
    struct request req = { .method = method, .path = path };
    struct router *router = router_new(routes);
    const char *allow = "";
    struct found found = { 0 };

    router_find(router, &req, &allow);
    found.route = req.route;
    found.problem = req.task.error.problem;
    for (int i = 0; i < 2; i++)
        snprintf(found.params[i], sizeof(found.params[i]), "%s",
                 req.params[i] ? req.params[i] : "");
    snprintf(found.allow, sizeof(found.allow), "%s", allow);
    arena_done(&req.arena);
    router_free(router);
    return found;
}

static const struct route *const all[] = { &board, &mine,  &fill, &row, &odd,
                                           &page,  &image, &home, NULL };
static const struct route *const few[] = { &board, &mine, &fill, &row, &odd, NULL };

static void a_literal_is_preferred_to_a_name_and_that_to_the_rest(void **state)
{
    (void)state;
    assert_ptr_equal(look(all, "GET", "/v1/boards/mine").route, &mine);
    assert_ptr_equal(look(all, "GET", "/v1/boards/x").route, &board);
    assert_ptr_equal(look(all, "GET", "/v1/boards/x/y").route, &page);
    assert_ptr_equal(look(all, "GET", "/images/a.png").route, &image);
    assert_ptr_equal(look(all, "GET", "/").route, &home);
}

static void a_wrong_turn_is_taken_back(void **state)
{
    struct found found = look(few, "PUT", "/v1/boards/mine/odd");

    (void)state;
    assert_ptr_equal(found.route, &odd);
    assert_string_equal(found.params[0], "boards");
    found = look(few, "GET", "/v1/boards/mine/3/of");
    assert_ptr_equal(found.route, &row);
    assert_string_equal(found.params[0], "mine");
    assert_string_equal(found.params[1], "3");
    found = look(few, "GET", "/v1/boards/mine/3");
    assert_ptr_equal(found.route, NULL);
    assert_string_equal(found.params[0], "");
    found = look(few, "POST", "/v1/boards/mine");
    assert_ptr_equal(found.route, &fill);
    assert_string_equal(found.params[0], "mine");
}

static void parameters_come_in_order(void **state)
{
    struct found found = look(few, "GET", "/v1/boards/a%20b/7/of");

    (void)state;
    assert_ptr_equal(found.route, &row);
    assert_string_equal(found.params[0], "a b");
    assert_string_equal(found.params[1], "7");
}

static void the_rest_is_all_that_follows(void **state)
{
    (void)state;
    assert_string_equal(look(all, "GET", "/a/b%20c/d.html").params[0], "a/b c/d.html");
    assert_string_equal(look(all, "GET", "/images/").params[0], "");
    assert_string_equal(look(all, "GET", "/images/x/").params[0], "x/");
    assert_ptr_equal(look(all, "GET", "/images").route, &page);
}

static void head_is_served_by_get(void **state)
{
    (void)state;
    assert_ptr_equal(look(few, "HEAD", "/v1/boards/x").route, &board);
    assert_ptr_equal(look(few, "HEAD", "/v1/x/mine/odd").route, NULL);
}

static void a_known_path_says_which_methods_it_takes(void **state)
{
    struct found found = look(few, "DELETE", "/v1/boards/x");

    (void)state;
    assert_int_equal(found.problem, PROBLEM_METHOD);
    assert_string_equal(found.allow, "GET, HEAD, POST");
    assert_int_equal(look(few, "GET", "/v1").problem, PROBLEM_NO_ROUTE);
    assert_int_equal(look(few, "GET", "/").problem, PROBLEM_NO_ROUTE);
}

static void a_path_of_many_steps_is_refused(void **state)
{
    TEXT(path);

    (void)state;
    for (int i = 0; i < 200; i++)
        text_string(&path, "/a");
    assert_int_equal(look(all, "GET", path.data).problem, PROBLEM_HTTP_TARGET);
}

static void a_router_without_routes_knows_nothing(void **state)
{
    static const struct route *const none[] = { NULL };

    (void)state;
    assert_int_equal(look(none, "GET", "/a").problem, PROBLEM_NO_ROUTE);
    router_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_is_preferred_to_a_name_and_that_to_the_rest),
        cmocka_unit_test(a_wrong_turn_is_taken_back),
        cmocka_unit_test(parameters_come_in_order),
        cmocka_unit_test(the_rest_is_all_that_follows),
        cmocka_unit_test(head_is_served_by_get),
        cmocka_unit_test(a_known_path_says_which_methods_it_takes),
        cmocka_unit_test(a_path_of_many_steps_is_refused),
        cmocka_unit_test(a_router_without_routes_knows_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
