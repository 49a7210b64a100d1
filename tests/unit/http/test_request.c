#include "wire.h"

#define ASK(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define HEAD(path) "HEAD " path " HTTP/1.1\r\nHost: x\r\n\r\n"
#define SEND(method, path, type, n, body)                                              \
    method " " path " HTTP/1.1\r\nHost: x\r\nContent-Type: " type                      \
           "\r\nContent-Length: " #n "\r\n\r\n" body

/* The document at the end of the only reply. */
static json_t *document(void)
{
    const char *body = strstr(wire.got.data, "\r\n\r\n");

    return body ? json_loads(body + 4, 0, NULL) : NULL;
}

static void assert_member(const char *name, const char *expected)
{
    json_t *json = document();

    assert_non_null(json);
    assert_non_null(json_string_value(json_object_get(json, name)));
    assert_string_equal(json_string_value(json_object_get(json, name)), expected);
    json_decref(json);
}

static void acts_go_on_when_what_they_wait_for_has_succeeded(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/wait"));
    assert_int_equal(wire.n_acts, 1);
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire.n_acts, 2);
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    assert_int_equal(wire.n_after, 1);
    assert_true(wire.had_route);
    assert_string_equal(wire.last_path, "/wait");
    wire_close();
}

static void a_failed_task_answers_and_skips_the_rest(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/wait"));
    wire_end_task(PROBLEM_DATABASE_AWAY);
    wire_turn();
    assert_int_equal(wire.n_acts, 1);
    assert_int_equal(wire_count("HTTP/1.1 503"), 1);
    assert_int_equal(wire_count("Retry-After: 2\r\n"), 1);
    wire_ask(ASK("/hello"));
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    wire_close();
}

static void an_error_set_by_an_act_answers_and_skips_the_rest(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/fail"));
    assert_int_equal(wire.n_acts, 0);
    assert_int_equal(wire_count("HTTP/1.1 429"), 1);
    assert_member("code", "too_often");
    assert_member("type", "urn:jingda:problem:too_often");
    assert_member("detail", "操作过于频繁，请 9 秒后再试。");
    wire_close();
}

static void an_early_answer_goes_out_at_once_and_ends_the_acts(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/early") ASK("/hello"));
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    assert_int_equal(wire.n_after, 0);
    wire_end_task(PROBLEM_DATABASE_AWAY);
    wire_turn();
    assert_int_equal(wire_count("HTTP/1.1 200"), 2);
    assert_int_equal(wire.n_acts, 1);
    assert_int_equal(wire.n_after, 2);
    wire_close();
}

static void acts_that_never_answer_are_a_500(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/silent"));
    assert_int_equal(wire.n_acts, 2);
    assert_int_equal(wire_count("HTTP/1.1 500"), 1);
    wire_close();
}

static void our_own_mistakes_are_not_told_to_the_client(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/broken"));
    assert_int_equal(wire_count("HTTP/1.1 500"), 1);
    assert_int_equal(wire_count("secret"), 0);
    assert_member("code", "internal");
    wire_close();
}

static void a_problem_speaks_the_language_asked_for(void **state)
{
    static const struct {
        const char *header, *title;
    } cases[] = {
        { "", "没有这个地址" },
        { "Accept-Language: en\r\n", "Not found" },
        { "Accept-Language: en-GB,en;q=0.9,zh;q=0.8\r\n", "Not found" },
        { "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n", "没有这个地址" },
        { "Accept-Language: zh;q=0.2, en;q=0.35\r\n", "Not found" },
        { "Accept-Language: fr\r\n", "没有这个地址" },
        { "Accept-Language: en;q=0\r\n", "没有这个地址" },
        { "Accept-Language: ,;;q=,en-\r\n", "Not found" },
    };
    char text[200];

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(text, sizeof(text), "GET /nowhere HTTP/1.1\r\nHost: x\r\n%s\r\n",
                 cases[i].header);
        wire_ask(text);
        assert_member("title", cases[i].title);
    }
    wire_close();
}

static void compression_is_for_who_takes_it(void **state)
{
    static const struct {
        const char *header;
        bool takes;
    } cases[] = {
        { "", false },
        { "Accept-Encoding: gzip\r\n", true },
        { "Accept-Encoding: GZIP\r\n", true },
        { "Accept-Encoding: gzip, deflate, br\r\n", true },
        { "Accept-Encoding: br;q=1.0, gzip;q=0.001\r\n", true },
        { "Accept-Encoding: deflate, gzip ;q=0.5\r\n", true },
        { "Accept-Encoding: *\r\n", true },
        { "Accept-Encoding: *;q=0, gzip\r\n", true },
        { "Accept-Encoding: gzip;q=0, *\r\n", false },
        { "Accept-Encoding: gzip;q=0.000\r\n", false },
        { "Accept-Encoding: identity\r\n", false },
        { "Accept-Encoding: gzippy, x-gzip\r\n", false },
        { "Accept-Encoding: ,;q=,\r\n", false },
    };
    char text[200];

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(text, sizeof(text), "GET /client HTTP/1.1\r\nHost: x\r\n%s\r\n",
                 cases[i].header);
        wire_ask(text);
        if (wire_count(cases[i].takes ? "\"gzip\":true" : "\"gzip\":false") != 1)
            fail_msg("%s", cases[i].header);
    }
    wire_close();
}

static void every_request_has_its_own_id(void **state)
{
    char first[64] = "", second[64] = "";

    (void)state;
    wire_open_default();
    sscanf(strstr(wire_ask(ASK("/hello")), "X-Request-Id: "), "%*s %63s", first);
    sscanf(strstr(wire_ask(ASK("/hello")), "X-Request-Id: "), "%*s %63s", second);
    assert_true(strlen(first) >= 12 && strlen(first) < 24);
    assert_string_not_equal(first, second);
    wire_close();
}

static void head_has_the_length_and_no_body(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(HEAD("/hello"));
    assert_int_equal(wire_count("Content-Length: 14\r\n"), 1);
    assert_int_equal(wire_count("hello"), 0);
    wire_ask(HEAD("/nowhere") HEAD("/stream") ASK("/hello"));
    assert_int_equal(wire_count("HTTP/1.1 "), 3);
    assert_int_equal(wire_count("{"), 1);
    assert_int_equal(wire.n_pumps, 0);
    wire_close();
}

static void another_method_gets_405_with_what_is_allowed(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("PATCH /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 405"), 1);
    assert_int_equal(wire_count("Allow: GET, HEAD, DELETE\r\n"), 1);
    wire_ask("PROPFIND /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 405"), 1);
    assert_false(wire.is_closed);
    wire_close();
}

static void no_content_has_no_length_and_bad_headers_are_left_out(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 204 No Content\r\n"), 1);
    assert_int_equal(wire_count("Content-Length"), 0);
    assert_int_equal(wire_count("X-One: 1\r\n"), 1);
    assert_int_equal(wire_count("X-Two"), 0);
    wire_close();
}

static void a_tag_the_client_has_is_answered_304(void **state)
{
    static const struct {
        const char *tags;
        int status;
    } cases[] = {
        { "\"0000000000000abc\"", 304 },
        { "\"x\", W/\"0000000000000abc\"", 304 },
        { "*", 304 },
        { "\"0000000000000abd\"", 200 },
        { "0000000000000abc", 200 },
        { ",,", 200 },
    };
    char text[200], expected[32];

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(text, sizeof(text),
                 "GET /unchanged HTTP/1.1\r\nHost: x\r\nIf-None-Match: %s\r\n\r\n",
                 cases[i].tags);
        snprintf(expected, sizeof(expected), "HTTP/1.1 %d ", cases[i].status);
        wire_ask(text);
        assert_int_equal(wire_count(expected), 1);
        assert_int_equal(wire_count("ETag: \"0000000000000abc\"\r\n"), 1);
        assert_int_equal(wire_count("hello"), cases[i].status == 200);
    }
    wire_close();
}

static void json_bodies_are_read_strictly(void **state)
{
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        { SEND("POST", "/echo", "application/json", 2, "{}"), 200 },
        { SEND("POST", "/echo", "Application/JSON; Charset=UTF-8", 2, "{}"), 200 },
        { SEND("POST", "/echo", "application/json", 2, "[]"), 400 },
        { SEND("POST", "/echo", "application/json", 3, "{]}"), 400 },
        { SEND("POST", "/echo", "application/json", 13, "{\"a\":1,\"a\":2}"), 400 },
        { SEND("POST", "/echo", "application/json", 10, "{\"a\":\"\xff\"} "), 400 },
        { "POST /echo HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "PUT /echo HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200 },
        { SEND("PUT", "/bytes", "text/csv", 3, "a,b"), 200 },
        { SEND("PUT", "/bytes", "text/csv", 0, ""), 200 },
    };
    char expected[32];

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        snprintf(expected, sizeof(expected), "HTTP/1.1 %d ", cases[i].status);
        wire_ask(cases[i].text);
        if (!wire_count(expected))
            print_message("%s\n%s\n", cases[i].text, wire.got.data);
        assert_int_equal(wire_count(expected), 1);
        assert_false(wire.is_closed);
    }
    wire_close();
}

static void other_content_types_get_415(void **state)
{
    static const char *const cases[] = {
        SEND("POST", "/echo", "text/plain", 2, "{}"),
        SEND("POST", "/echo", "application/jsonx", 2, "{}"),
        SEND("POST", "/echo", "application/json; charset=gbk", 2, "{}"),
        SEND("POST", "/echo", "application/json\r\nContent-Encoding: gzip", 2, "{}"),
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    };

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        wire_connect(WIRE_SOCKET);
        wire_ask(cases[i]);
        assert_int_equal(wire_count("HTTP/1.1 415"), 1);
    }
    wire_close();
}

static void a_body_too_deep_is_refused(void **state)
{
    char text[300];

    (void)state;
    wire_open_default();
    for (int depth = 32; depth <= 33; depth++) {
        snprintf(text, sizeof(text),
                 "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                 "Content-Length: %d\r\n\r\n{\"a\":%.*s%.*s}",
                 6 + 2 * (depth - 1), depth - 1, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                 depth - 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
        wire_ask(text);
        assert_int_equal(wire_count(depth == 32 ? "HTTP/1.1 200" : "HTTP/1.1 400"), 1);
    }
    wire_close();
}

static void a_body_nobody_wants_is_refused(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("GET /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
             "0\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    wire_ask("GET /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
             "1\r\nx\r\n0\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 400"), 1);
    wire_connect(WIRE_PAIR);
    wire_ask("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
    assert_int_equal(wire_count("HTTP/1.1 400"), 1);
    wire_close();
}

static void a_forwarded_address_counts_only_from_the_trusted_proxy(void **state)
{
    const char *ask = "GET /client HTTP/1.1\r\nHost: x\r\nUser-Agent: me \r\n"
                      "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n\r\n";
    struct server_options options = server_defaults;

    (void)state;
    wire_open_default();
    assert_non_null(
        strstr(wire_ask(ask), "\"address\":\"127.0.0.1\",\"agent\":\"me\""));
    wire_close();
    options.trusted_proxy = "127.0.0.1";
    wire_open(WIRE_PAIR, &options);
    assert_non_null(strstr(wire_ask(ask), "\"address\":\"1.2.3.4\""));
    wire_ask("GET /client HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: nonsense\r\n\r\n");
    assert_int_equal(wire_count("\"address\":\"127.0.0.1\""), 1);
    wire_close();
}

static void a_stream_is_sent_in_chunks_as_the_client_takes_them(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    bufferevent_disable(wire.client, EV_READ);
    wire_ask(ASK("/stream") ASK("/hello"));
    int n_before = wire.n_pumps;
    assert_in_range(n_before, 1, 50);
    bufferevent_enable(wire.client, EV_READ);
    assert_true(wire_wait_for("{\"hello\":true}"));
    assert_int_equal(wire.n_pumps, 100);
    assert_int_equal(wire_count("row 99\n"), 1);
    assert_int_equal(wire_count("\r\n0\r\n\r\nHTTP/1.1 200 OK"), 1);
    assert_int_equal(wire_count("Transfer-Encoding: chunked\r\n"), 1);
    wire_close();
}

static void a_stream_to_http_1_0_lasts_until_close(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    wire_say("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("Transfer-Encoding"), 0);
    assert_int_equal(wire_count("Connection: close\r\n"), 1);
    assert_string_equal(wire.got.data + wire.got.length - 8, "xrow 99\n");
    wire_close();
}

static void a_pump_may_wait(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/short"));
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    assert_int_equal(wire.n_after, 0);
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire_count("7\r\nthe end\r\n0\r\n\r\n"), 1);
    assert_int_equal(wire.n_after, 1);
    wire_close();
}

static void a_stream_that_fails_or_stalls_is_cut_off(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ASK("/short"));
    wire_end_task(PROBLEM_DATABASE_AWAY);
    wire_turn();
    assert_true(wire.is_closed);
    assert_int_equal(wire_count("\r\n0\r\n\r\n"), 0);
    wire_connect(WIRE_SOCKET);
    wire_ask(ASK("/endless"));
    assert_true(wire.is_closed);
    wire_close();
}

static void a_client_may_leave_in_the_middle_of_a_stream(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    bufferevent_disable(wire.client, EV_READ);
    wire_ask(ASK("/stream"));
    wire_hang_up();
    wire_turn();
    assert_int_equal(server_counts(wire.server)->connections, 0);
    assert_int_equal(wire.n_after, 1);
    wire_connect(WIRE_SOCKET);
    wire_ask(ASK("/short"));
    wire_hang_up();
    wire_turn();
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(server_counts(wire.server)->connections, 0);
    wire_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts_go_on_when_what_they_wait_for_has_succeeded),
        cmocka_unit_test(a_failed_task_answers_and_skips_the_rest),
        cmocka_unit_test(an_error_set_by_an_act_answers_and_skips_the_rest),
        cmocka_unit_test(an_early_answer_goes_out_at_once_and_ends_the_acts),
        cmocka_unit_test(acts_that_never_answer_are_a_500),
        cmocka_unit_test(our_own_mistakes_are_not_told_to_the_client),
        cmocka_unit_test(a_problem_speaks_the_language_asked_for),
        cmocka_unit_test(compression_is_for_who_takes_it),
        cmocka_unit_test(every_request_has_its_own_id),
        cmocka_unit_test(head_has_the_length_and_no_body),
        cmocka_unit_test(another_method_gets_405_with_what_is_allowed),
        cmocka_unit_test(no_content_has_no_length_and_bad_headers_are_left_out),
        cmocka_unit_test(a_tag_the_client_has_is_answered_304),
        cmocka_unit_test(json_bodies_are_read_strictly),
        cmocka_unit_test(other_content_types_get_415),
        cmocka_unit_test(a_body_too_deep_is_refused),
        cmocka_unit_test(a_body_nobody_wants_is_refused),
        cmocka_unit_test(a_forwarded_address_counts_only_from_the_trusted_proxy),
        cmocka_unit_test(a_stream_is_sent_in_chunks_as_the_client_takes_them),
        cmocka_unit_test(a_stream_to_http_1_0_lasts_until_close),
        cmocka_unit_test(a_pump_may_wait),
        cmocka_unit_test(a_stream_that_fails_or_stalls_is_cut_off),
        cmocka_unit_test(a_client_may_leave_in_the_middle_of_a_stream),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
