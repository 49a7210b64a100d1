#include "wire.h"

#define GET "GET /hello HTTP/1.1\r\nHost: x\r\n"
#define POST "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

static const struct malformed {
    const char *what, *text;
    int status;
} table[] = {
    { "two lengths", POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400 },
    { "two other lengths", POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
      400 },
    { "a list of lengths", POST "Content-Length: 2, 2\r\n\r\n{}", 400 },
    { "a signed length", POST "Content-Length: +2\r\n\r\n{}", 400 },
    { "a negative length", POST "Content-Length: -2\r\n\r\n{}", 400 },
    { "a hexadecimal length", POST "Content-Length: 0x2\r\n\r\n{}", 400 },
    { "an empty length", POST "Content-Length: \r\n\r\n{}", 400 },
    { "a huge length", POST "Content-Length: 99999999999999999999\r\n\r\n{}", 400 },
    { "length and chunks",
      POST
      "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      400 },
    { "chunks and length",
      POST
      "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      400 },
    { "another coding", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400 },
    { "chunked not last", POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
      400 },
    { "chunked twice", POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
      400 },
    { "two codings",
      POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400 },
    { "chunks in 1.0",
      "POST /echo HTTP/1.0\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      400 },
    { "a bad chunk size", POST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n", 400 },
    { "a chunk too long", POST "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
      400 },
    { "a chunk size too large",
      POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}", 400 },
    { "a folded header", GET "A: b\r\n c\r\n\r\n", 400 },
    { "a header folded by a tab", GET "A: b\r\n\tc\r\n\r\n", 400 },
    { "an empty folded header", GET "A:\r\n c\r\n\r\n", 400 },
    { "a folded length", POST "Content-Length:\r\n 2\r\n\r\n{}", 400 },
    { "a blank before the first header", "GET /hello HTTP/1.1\r\n Host: x\r\n\r\n",
      400 },
    { "a control byte in a value", GET "A: b\001c\r\n\r\n", 400 },
    { "a delete in a value", GET "A: b\177c\r\n\r\n", 400 },
    { "a control byte in a name", GET "A\001: b\r\n\r\n", 400 },
    { "a space before the colon", GET "A : b\r\n\r\n", 400 },
    { "a header without a name", GET ": b\r\n\r\n", 400 },
    { "a header without a colon", GET "A\r\n\r\n", 400 },
    { "a lone carriage return", GET "A: b\rc\r\n\r\n", 400 },
    { "no host", "GET /hello HTTP/1.1\r\n\r\n", 400 },
    { "two hosts", GET "Host: x\r\n\r\n", 400 },
    { "two authorizations", GET "Authorization: a\r\nAuthorization: b\r\n\r\n", 400 },
    { "a host that is a list", "GET /hello HTTP/1.1\r\nHost: x, y\r\n\r\n", 400 },
    { "a host with a user", "GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
    { "an absolute target", "GET http://x/hello HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "a star", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "a fragment", "GET /hello#a HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "a raw byte in the path", "GET /hell\303\266 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "a tunnel", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 501 },
    { "an unknown method", "BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n", 501 },
    { "a small method", "get /hello HTTP/1.1\r\nHost: x\r\n\r\n", 501 },
    { "a method of RTSP", "PLAY /hello HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "a TLS greeting", "\026\003\001\002", 400 },
    { "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505 },
    { "HTTP/2.0 as a version", "GET /hello HTTP/2.0\r\nHost: x\r\n\r\n", 505 },
    { "HTTP/0.9 as a version", "GET /hello HTTP/0.9\r\nHost: x\r\n\r\n", 505 },
    { "HTTP/1.7", "GET /hello HTTP/1.7\r\nHost: x\r\n\r\n", 505 },
    { "no version", "GET /hello\r\n\r\n", 505 },
    { "another protocol", "GET /hello ICE/1.0\r\nHost: x\r\n\r\n", 400 },
};

static void say_cut(const char *text, bool is_cut)
{
    if (!is_cut) {
        wire_say(text);
        return;
    }
    for (; *text; text++) {
        wire_say_bytes(text, 1);
        event_base_loop(wire.base, EVLOOP_NONBLOCK);
    }
}

static void one_reply_and_a_close(const struct malformed *m, bool is_cut)
{
    char expected[32];

    snprintf(expected, sizeof(expected), "HTTP/1.1 %d ", m->status);
    wire.n_after = 0;
    wire_connect(WIRE_PAIR);
    say_cut(m->text, is_cut);
    wire_say(GET "\r\n");
    wire_turn();
    wire_half_close();
    wire_turn();
    if (wire_count("\r\nDate: ") != 1 || wire_count(expected) != 1 || !wire.is_closed)
        print_message("%s, cut %d, closed %d, told %d: %s\n", m->what, is_cut,
                      wire.is_closed, wire.last_status, wire.got.data);
    assert_int_equal(wire_count("\r\nDate: "), 1);
    assert_int_equal(wire_count(expected), 1);
    assert_int_equal(wire_count("application/problem+json"), 1);
    assert_int_equal(wire.n_after, 1);
    assert_int_equal(wire.last_status, m->status);
    assert_true(wire.is_closed);
}

static void what_is_malformed_gets_one_problem_and_a_close(void **state)
{
    size_t n = sizeof(table) / sizeof(*table);

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < n; i++) {
        one_reply_and_a_close(&table[i], false);
        one_reply_and_a_close(&table[i], true);
    }
    assert_int_equal(server_counts(wire.server)->bad_requests, 2 * n);
    wire_close();
}

static void a_nul_in_the_head_is_refused(void **state)
{
    static const char text[] = GET "A: b\0c\r\n\r\n";

    (void)state;
    wire_open_default();
    wire_say_bytes(text, sizeof(text) - 1);
    wire_turn();
    assert_int_equal(wire_count("HTTP/1.1 400"), 1);
    wire_close();
}

static void too_many_headers_get_431(void **state)
{
    (void)state;
    wire_open_default();
    wire_say(GET);
    for (int i = 0; i < 120; i++)
        wire_say("A: b\r\n");
    wire_say("\r\n");
    wire_turn();
    assert_int_equal(wire_count("HTTP/1.1 431"), 1);
    assert_int_equal(wire_count("headers_too_many"), 2);
    wire_close();
}

static const struct path_case {
    const char *path;
    int status;
} paths[] = {
    { "/things/a", 200 },
    { "/things/%61%e7%ab%9e", 200 },
    { "/%74hings/a", 200 },
    { "/things/a;b=c:d@e", 200 },
    { "/things/", 404 },
    { "/things", 404 },
    { "/things/a/b", 404 },
    { "/Things/a", 404 },
    { "/things/a%00", 400 },
    { "/things/a%2fb", 400 },
    { "/things/a%2Fb", 400 },
    { "/things/..", 400 },
    { "/things/%2e%2E", 400 },
    { "/things/.", 400 },
    { "//things/a", 400 },
    { "/things//a", 400 },
    { "/things/%", 400 },
    { "/things/%6", 400 },
    { "/things/%zz", 400 },
    { "/things/%ff", 400 },
    { "/things/%0a", 400 },
    { "/things/a?limit=3", 200 },
    { "/things/a?limit=3&", 200 },
    { "/things/a?&&limit=3", 200 },
    { "/things/a?name=a+b%26", 200 },
    { "/things/a?name", 200 },
    { "/things/a?limit=0", 400 },
    { "/things/a?limit=101", 400 },
    { "/things/a?limit=+3", 400 },
    { "/things/a?limit=", 400 },
    { "/things/a?limit=99999999999999999999", 400 },
    { "/things/a?limit=3&limit=3", 400 },
    { "/things/a?other=1", 400 },
    { "/things/a?name=%00", 400 },
    { "/things/a?name=%c3", 400 },
    { "/things/a?%", 400 },
    { "/client?from=timeline&from=x&%%%", 200 },
    { "/numbers/12", 200 },
    { "/numbers/0", 404 },
    { "/numbers/012", 404 },
    { "/numbers/1001", 404 },
    { "/numbers/-1", 404 },
    { "/numbers/1a", 404 },
};

static void paths_and_queries_are_read_strictly(void **state)
{
    char text[200], expected[32];

    (void)state;
    wire_open_default();
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
                 paths[i].path);
        snprintf(expected, sizeof(expected), "HTTP/1.1 %d ", paths[i].status);
        wire_ask(text);
        if (!wire_count(expected))
            print_message("%s: %s\n", paths[i].path, wire.got.data);
        assert_int_equal(wire_count(expected), 1);
        assert_false(wire.is_closed);
    }
    wire_close();
}

static void parameters_arrive_decoded(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("GET /things/a%20+b%E7%AB%9E?limit=42 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("{\"thing\":\"a +b竞\",\"limit\":42}"), 1);
    wire_close();
}

static void
a_long_unknown_parameter_is_quoted_in_part_and_in_whole_characters(void **state)
{
    (void)state;
    wire_open_default();
    wire_say("GET /things/a?x");
    for (int i = 0; i < 200; i++)
        wire_say("%E7%AB%9E");
    wire_ask("=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    const char *body = strstr(wire.got.data, "\r\n\r\n{");
    assert_non_null(body);
    json_t *json = json_loads(body + 4, 0, NULL);
    assert_non_null(json);
    json_decref(json);
    wire_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_malformed_gets_one_problem_and_a_close),
        cmocka_unit_test(a_nul_in_the_head_is_refused),
        cmocka_unit_test(too_many_headers_get_431),
        cmocka_unit_test(paths_and_queries_are_read_strictly),
        cmocka_unit_test(parameters_arrive_decoded),
        cmocka_unit_test(
            a_long_unknown_parameter_is_quoted_in_part_and_in_whole_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
