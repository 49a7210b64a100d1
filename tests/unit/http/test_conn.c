#include "wire.h"

#define HELLO "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
#define BYE "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define ECHO(n)                                                                        \
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"             \
    "Content-Length: " #n "\r\n\r\n"

static void two_requests_are_answered_on_one_connection(void **state)
{
    (void)state;
    wire_open_default();
    assert_non_null(strstr(wire_ask(HELLO), "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(wire_ask(HELLO), "{\"hello\":true}"));
    assert_false(wire.is_closed);
    assert_int_equal(server_counts(wire.server)->requests, 2);
    assert_int_equal(server_counts(wire.server)->by_status[2], 2);
    assert_int_equal(server_counts(wire.server)->requests_in_flight, 0);
    wire_close();
}

static void a_thousand_pipelined_requests_are_answered_in_order(void **state)
{
    char line[80], expected[32];

    for (enum wire_kind kind = WIRE_PAIR; kind <= WIRE_SOCKET; kind++) {
        (void)state;
        wire_open(kind, NULL);
        for (int i = 0; i < 1000; i++) {
            snprintf(line, sizeof(line), "GET /things/n%d. HTTP/1.1\r\nHost: x\r\n\r\n",
                     i);
            wire_say(line);
        }
        assert_true(wire_wait_for("n999."));
        const char *p = wire.got.data;
        for (int i = 0; i < 1000; i++) {
            snprintf(expected, sizeof(expected), "\"n%d.\"", i);
            assert_non_null(p = strstr(p, expected));
        }
        assert_int_equal(wire.n_after, 1000);
        wire_close();
    }
}

static void a_pipelined_request_waits_for_the_one_before(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" HELLO);
    assert_int_equal(wire.got.length, 0);
    assert_int_equal(server_counts(wire.server)->requests_in_flight, 1);
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire_count("HTTP/1.1 200"), 2);
    wire_close();
}

static void a_request_may_be_cut_at_every_byte(void **state)
{
    const char *whole = ECHO(14) "{\"a\":[1,2,\"\"]}" HELLO;
    size_t n = strlen(whole);

    (void)state;
    wire_open_default();
    for (size_t i = 1; i < n; i++) {
        wire_forget();
        wire_say_bytes(whole, i);
        wire_turn();
        wire_say_bytes(whole + i, n - i);
        wire_turn();
        assert_int_equal(wire_count("HTTP/1.1 200"), 2);
        assert_int_equal(wire_count("{\"a\":[1,2,\"\"]}"), 1);
    }
    wire_close();
}

static void a_request_may_come_byte_by_byte(void **state)
{
    const char *whole =
        "\r\nPUT /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json;"
        " charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;ext=1\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nTrailer: x\r\n\r\n" BYE;

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    for (const char *p = whole; *p; p++) {
        wire_say_bytes(p, 1);
        event_base_loop(wire.base, EVLOOP_NONBLOCK);
    }
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("HTTP/1.1 200"), 2);
    assert_int_equal(wire_count("{\"a\":1}"), 1);
    wire_close();
}

static void close_is_honoured_and_said(void **state)
{
    (void)state;
    wire_open_default();
    assert_non_null(strstr(wire_ask(BYE), "Connection: close\r\n"));
    assert_true(wire.is_closed);
    wire_connect(WIRE_SOCKET);
    wire_say("GET /hello HTTP/1.0\r\n\r\n");
    assert_true(wire_wait_for(NULL));
    wire_connect(WIRE_SOCKET);
    wire_ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert_int_equal(wire_count("Connection: keep-alive\r\n"), 1);
    assert_false(wire.is_closed);
    wire_close();
}

static void a_client_that_half_closes_still_gets_its_reply(void **state)
{
    for (enum wire_kind kind = WIRE_PAIR; kind <= WIRE_SOCKET; kind++) {
        (void)state;
        wire_open(kind, NULL);
        wire_say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        wire_half_close();
        wire_turn();
        wire_end_task(PROBLEM_NONE);
        wire_turn();
        assert_int_equal(wire_count("HTTP/1.1 200"), 1);
        assert_true(wire.is_closed);
        assert_int_equal(server_counts(wire.server)->connections, 0);
        wire_close();
    }
}

static void a_request_outlives_its_client_and_goes_without_a_word(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_hang_up();
    wire_turn();
    assert_int_equal(wire.n_after, 0);
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire.n_after, 1);
    assert_int_equal(server_counts(wire.server)->connections, 0);
    assert_int_equal(server_counts(wire.server)->requests_in_flight, 0);
    wire_close();
}

static void a_request_may_end_after_the_server_is_closed(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    server_close(wire.server);
    wire.server = NULL;
    wire_end_task(PROBLEM_NONE);
    assert_int_equal(wire.last_status, 499);
    assert_int_equal(wire.n_acts, 1);
    wire_close();
}

static void a_client_that_leaves_in_the_middle_costs_nothing(void **state)
{
    const char *whole = ECHO(14) "{\"a\":[1,2,\"\"]}";

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    for (size_t n = 0; n < strlen(whole); n++) {
        wire_say_bytes(whole, n);
        wire_hang_up();
        wire_turn();
        assert_int_equal(server_counts(wire.server)->connections, 0);
        wire_connect(WIRE_SOCKET);
    }
    assert_int_equal(wire.n_after, 0);
    wire_close();
}

static void continue_is_said_only_for_a_body_that_is_welcome(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assert_string_equal(wire.got.data, "HTTP/1.1 100 Continue\r\n\r\n");
    assert_non_null(strstr(wire_ask("{}"), "HTTP/1.1 200"));
    wire_ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
    assert_int_equal(wire_count("100 Continue"), 0);
    assert_int_equal(wire_count("HTTP/1.1 413"), 1);
    wire_close();
}

static void upgrade_is_an_ordinary_request(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
             "Upgrade: websocket\r\n\r\n" HELLO);
    assert_int_equal(wire_count("HTTP/1.1 200"), 2);
    wire_close();
}

static void headers_beyond_the_limit_get_431_even_without_a_newline(void **state)
{
    static const char *const begins[] = {
        "",
        "GET /",
        "GET /hello HTTP/1.1\r\nHost: x\r\nA: ",
        "GET /hello HTTP/1.1\r\nHost: x\r\n",
    };
    static const char *const fills[] = { "A", "a", "b", "c: d\r\n" };

    (void)state;
    wire_open_default();
    for (int i = 1; i < 4; i++) {
        wire_connect(i % 2 ? WIRE_SOCKET : WIRE_PAIR);
        wire_say(begins[i]);
        for (int n = 0; n < 20000; n++)
            wire_say(fills[i]);
        assert_true(wire_wait_for(NULL));
        assert_int_equal(wire_count("HTTP/1.1 431"), 1);
        assert_int_equal(wire.last_status, 431);
        assert_false(wire.had_route);
    }
    wire_close();
}

static void headers_just_within_the_limit_pass(void **state)
{
    char fill[16 << 10];
    size_t rest = strlen("GET /hello HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n");

    (void)state;
    wire_open_default();
    memset(fill, 'a', sizeof(fill));
    for (int over = 0; over < 2; over++) {
        wire_forget();
        wire_say("GET /hello HTTP/1.1\r\nHost: x\r\nA: ");
        wire_say_bytes(fill, sizeof(fill) - rest + (size_t)over);
        wire_say("\r\n\r\n");
        wire_turn();
        assert_int_equal(wire_count(over ? "HTTP/1.1 431" : "HTTP/1.1 200"), 1);
    }
    wire_close();
}

static void a_large_body_is_refused_before_it_comes(void **state)
{
    (void)state;
    wire_open_default();
    wire_ask(ECHO(65537));
    assert_int_equal(wire_count("HTTP/1.1 413"), 1);
    assert_int_equal(wire_count("body_too_large"), 2);
    wire_close();
}

static void a_large_chunked_body_is_refused_as_it_passes_the_limit(void **state)
{
    char chunk[1024];

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    memset(chunk, ' ', sizeof(chunk));
    wire_say("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 65; i++) {
        wire_say("400\r\n");
        wire_say_bytes(chunk, sizeof(chunk));
        wire_say("\r\n");
    }
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("HTTP/1.1 413"), 1);
    wire_close();
}

static void endless_chunk_framing_is_refused(void **state)
{
    (void)state;
    wire_open_default();
    wire_say("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Transfer-Encoding: chunked\r\n\r\n1;");
    for (int i = 0; i < 20000; i++)
        wire_say("x");
    wire_turn();
    assert_int_equal(wire_count("HTTP/1.1 413"), 1);
    wire_close();
}

static void a_client_that_still_sends_sees_the_reply_and_is_drained(void **state)
{
    char block[4096] = { 0 };

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    wire_ask(ECHO(9000000));
    assert_int_equal(wire_count("HTTP/1.1 413"), 1);
    assert_true(wire.is_closed); /* half-closed: writing still works */
    assert_int_equal(server_counts(wire.server)->connections, 1);
    for (int i = 0; i < 20; i++) {
        wire_say_bytes(block, sizeof(block));
        wire_turn();
    }
    assert_int_equal(server_counts(wire.server)->connections, 1);
    for (int i = 0; i < 300; i++)
        wire_say_bytes(block, sizeof(block));
    for (int i = 0; i < 20; i++)
        wire_turn();
    assert_int_equal(server_counts(wire.server)->connections, 0);
    wire_close();
}

static struct server_options with_times(int header_ms, int body_ms, int idle_ms)
{
    struct server_options options = server_defaults;

    options.header_ms = header_ms;
    options.body_ms = body_ms;
    options.idle_ms = idle_ms;
    options.write_ms = 100;
    return options;
}

static void a_slow_head_and_a_slow_body_get_408(void **state)
{
    struct server_options options = with_times(40, 40, 60000);

    (void)state;
    wire_open(WIRE_SOCKET, &options);
    wire_say("GET /hello HTTP/1.1\r\nHost");
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("HTTP/1.1 408"), 1);
    wire_connect(WIRE_PAIR);
    wire_say(ECHO(9) "{");
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("HTTP/1.1 408"), 1);
    assert_int_equal(server_counts(wire.server)->timeouts, 2);
    wire_close();
}

static void an_idle_connection_is_closed_without_a_word(void **state)
{
    struct server_options options = with_times(60000, 60000, 40);

    (void)state;
    wire_open(WIRE_SOCKET, &options);
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire.got.length, 0);
    wire_close();
}

static void a_client_that_does_not_read_is_cut_off(void **state)
{
    struct server_options options = with_times(60000, 60000, 60000);
    struct timeval tick = { 0, 20000 };

    (void)state;
    wire_open(WIRE_SOCKET, &options);
    bufferevent_disable(wire.client, EV_READ);
    wire_say("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 100 && server_counts(wire.server)->connections; i++) {
        event_base_loopexit(wire.base, &tick);
        event_base_dispatch(wire.base);
    }
    assert_int_equal(server_counts(wire.server)->connections, 0);
    assert_int_equal(server_counts(wire.server)->timeouts, 1);
    wire_close();
}

static void a_connection_too_many_is_told_busy(void **state)
{
    struct server_options options = server_defaults;

    (void)state;
    options.max_connections = 1;
    wire_open(WIRE_SOCKET, &options);
    struct bufferevent *first = wire.client;
    wire.client = NULL;
    wire_connect(WIRE_SOCKET);
    assert_true(wire_wait_for(NULL));
    assert_int_equal(wire_count("HTTP/1.1 503"), 1);
    assert_int_equal(wire_count("Retry-After: "), 1);
    assert_int_equal(server_counts(wire.server)->refused_connections, 1);
    bufferevent_free(first);
    wire_close();
}

static void a_request_too_many_is_shed_and_the_connection_stays(void **state)
{
    struct server_options options = server_defaults;

    (void)state;
    options.max_requests = 1;
    wire_open(WIRE_SOCKET, &options);
    struct bufferevent *first = wire.client;
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    wire.client = NULL;
    wire_connect(WIRE_SOCKET);
    assert_non_null(strstr(wire_ask(HELLO), "HTTP/1.1 503"));
    wire_ask("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    wire_end_task(PROBLEM_NONE);
    assert_non_null(strstr(wire_ask(HELLO), "HTTP/1.1 200"));
    assert_int_equal(server_counts(wire.server)->shed, 1);
    bufferevent_free(first);
    wire_close();
}

static void a_server_that_starts_answers_only_early_routes(void **state)
{
    (void)state;
    wire_open_default();
    server_set_ready(wire.server, false);
    assert_non_null(strstr(wire_ask(HELLO), "\"starting\""));
    wire_ask("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    server_set_ready(wire.server, true);
    assert_non_null(strstr(wire_ask(HELLO), "HTTP/1.1 200"));
    wire_close();
}

static void note(void *p)
{
    ++*(int *)p;
}

static void draining_closes_the_idle_and_waits_for_the_busy(void **state)
{
    int n_done = 0;

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    struct bufferevent *idle = wire.client;
    wire.client = NULL;
    wire_connect(WIRE_SOCKET);
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    server_drain(wire.server, 60000, note, &n_done);
    wire_turn();
    assert_int_equal(server_counts(wire.server)->connections, 1);
    assert_int_equal(n_done, 0);
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire_count("Connection: close\r\n"), 1);
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    assert_int_equal(n_done, 1);
    bufferevent_free(idle);
    wire_close();
}

static void draining_ends_at_its_limit(void **state)
{
    int n_done = 0;

    (void)state;
    wire_open_default();
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    server_drain(wire.server, 20, note, &n_done);
    assert_int_equal(n_done, 0);
    for (int i = 0; i < 100 && !n_done; i++)
        event_base_loop(wire.base, EVLOOP_ONCE);
    assert_int_equal(n_done, 1);
    wire_close();
}

static void a_free_port_is_taken_and_a_bad_address_is_an_error(void **state)
{
    struct event_base *base = event_base_new();
    struct server_options options = server_defaults;
    struct error err = { 0 };

    (void)state;
    options.port = 0;
    struct server *server = server_open(base, &options, &err);
    assert_non_null(server);
    assert_true(server_port(server) > 0);
    options.port = server_port(server);
    assert_null(server_open(base, &options, &err));
    options.address = "localhost";
    assert_null(server_open(base, &options, &err));
    assert_int_equal(err.problem, PROBLEM_LISTEN);
    server_close(server);
    event_base_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_requests_are_answered_on_one_connection),
        cmocka_unit_test(a_thousand_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_pipelined_request_waits_for_the_one_before),
        cmocka_unit_test(a_request_may_be_cut_at_every_byte),
        cmocka_unit_test(a_request_may_come_byte_by_byte),
        cmocka_unit_test(close_is_honoured_and_said),
        cmocka_unit_test(a_client_that_half_closes_still_gets_its_reply),
        cmocka_unit_test(a_request_outlives_its_client_and_goes_without_a_word),
        cmocka_unit_test(a_request_may_end_after_the_server_is_closed),
        cmocka_unit_test(a_client_that_leaves_in_the_middle_costs_nothing),
        cmocka_unit_test(continue_is_said_only_for_a_body_that_is_welcome),
        cmocka_unit_test(upgrade_is_an_ordinary_request),
        cmocka_unit_test(headers_beyond_the_limit_get_431_even_without_a_newline),
        cmocka_unit_test(headers_just_within_the_limit_pass),
        cmocka_unit_test(a_large_body_is_refused_before_it_comes),
        cmocka_unit_test(a_large_chunked_body_is_refused_as_it_passes_the_limit),
        cmocka_unit_test(endless_chunk_framing_is_refused),
        cmocka_unit_test(a_client_that_still_sends_sees_the_reply_and_is_drained),
        cmocka_unit_test(a_slow_head_and_a_slow_body_get_408),
        cmocka_unit_test(an_idle_connection_is_closed_without_a_word),
        cmocka_unit_test(a_client_that_does_not_read_is_cut_off),
        cmocka_unit_test(a_connection_too_many_is_told_busy),
        cmocka_unit_test(a_request_too_many_is_shed_and_the_connection_stays),
        cmocka_unit_test(a_server_that_starts_answers_only_early_routes),
        cmocka_unit_test(draining_closes_the_idle_and_waits_for_the_busy),
        cmocka_unit_test(draining_ends_at_its_limit),
        cmocka_unit_test(a_free_port_is_taken_and_a_bad_address_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
