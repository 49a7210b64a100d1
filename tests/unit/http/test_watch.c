#include "wire.h"

#define WATCH "GET /watch HTTP/1.1\r\nHost: x\r\n\r\n"

static void show(const char *json)
{
    TEXT(text);

    text_string(&text, json);
    watch_show(wire.watch, &text);
    wire_turn();
}

static int64_t watchers(void)
{
    return server_counts(wire.server)->watchers;
}

static void let_pass(int ms)
{
    struct timeval time = { 0, ms * 1000 };

    event_base_loopexit(wire.base, &time);
    event_base_loop(wire.base, 0);
}

/* What a client of wire_more has got; valid until the next call. */
static const char *got(struct bufferevent *client)
{
    static char bytes[4096];
    ssize_t n =
        evbuffer_copyout(bufferevent_get_input(client), bytes, sizeof(bytes) - 1);

    bytes[n > 0 ? n : 0] = '\0';
    return bytes;
}

static struct bufferevent *watch_more(void)
{
    struct bufferevent *client = wire_more();

    bufferevent_write(client, WATCH, strlen(WATCH));
    wire_turn();
    return client;
}

static void a_state_is_an_event_to_all_who_watch(void **state)
{
    for (enum wire_kind kind = WIRE_PAIR; kind <= WIRE_SOCKET; kind++) {
        (void)state;
        wire_open(kind, NULL);
        wire_ask(WATCH);
        assert_int_equal(wire_count("HTTP/1.1 200 OK\r\n"), 1);
        assert_int_equal(wire_count("Content-Type: text/event-stream\r\n"), 1);
        assert_int_equal(wire_count("Cache-Control: no-store\r\n"), 1);
        assert_int_equal(wire_count("X-Accel-Buffering: no\r\n"), 1);
        assert_int_equal(wire_count("\r\n\r\nd\r\nretry: 3000\n\n\r\n"), 1);
        assert_int_equal(wire_count("data:"), 0);
        show("{\"n\":1}");
        assert_int_equal(
            wire_count("22\r\nid: 1\nevent: state\ndata: {\"n\":1}\n\n\r\n"), 1);
        show("{\"n\":2}");
        assert_int_equal(wire_count("id: 2\nevent: state\ndata: {\"n\":2}\n\n"), 1);
        assert_int_equal(watchers(), 1);
        assert_int_equal(watch_count(wire.watch), 1);
        wire_close();
    }
}

static void who_comes_later_gets_the_newest_state_at_once(void **state)
{
    TEXT(again);

    (void)state;
    wire_open_default();
    show("1");
    show("2");
    wire_ask(WATCH);
    assert_int_equal(wire_count("data: "), 1);
    assert_int_equal(wire_count("id: 2\nevent: state\ndata: 2\n\n"), 1);
    text_string(&again, "22");
    watch_renew(wire.watch, &again); /* no news for who has it */
    wire_turn();
    assert_int_equal(wire_count("data: "), 1);
    struct bufferevent *other = watch_more();
    assert_non_null(strstr(got(other), "id: 2\nevent: state\ndata: 22\n\n"));
    bufferevent_free(other);
    watch_forget(wire.watch);
    other = watch_more();
    assert_null(strstr(got(other), "data"));
    watch_renew(wire.watch, &again); /* somebody waits for it */
    wire_turn();
    assert_non_null(strstr(got(other), "id: 3\nevent: state\ndata: 22\n\n"));
    bufferevent_free(other);
    wire_close();
}

static void many_are_told_in_slices_and_leave_one_by_one(void **state)
{
    enum { MANY = 450 };
    struct bufferevent *clients[MANY];

    (void)state;
    wire_open_default();
    for (int i = 0; i < MANY; i++)
        clients[i] = watch_more();
    assert_int_equal(watchers(), MANY);
    assert_int_equal(server_counts(wire.server)->requests_in_flight, 0);
    show("1");
    show("2");
    for (int i = 0; i < MANY; i++) {
        assert_non_null(strstr(got(clients[i]), "data: 2\n\n"));
        bufferevent_free(clients[i]);
        if (i % 50 == 0) {
            wire_turn();
            assert_int_equal(watchers(), MANY - 1 - i);
        }
    }
    wire_turn();
    assert_int_equal(watchers(), 0);
    assert_int_equal(server_counts(wire.server)->by_status[2], MANY);
    assert_int_equal(server_counts(wire.server)->latency_total_us, 0);
    show("3");
    wire_close();
}

static void a_turn_that_is_overtaken_leaves_nobody_out(void **state)
{
    enum { MANY = 450 };
    struct bufferevent *clients[MANY];
    TEXT(text);

    (void)state;
    wire_open_default();
    for (int i = 0; i < MANY; i++)
        clients[i] = watch_more();
    for (int i = 1; i <= 9; i++) {
        text_clear(&text);
        text_int(&text, i);
        watch_show(wire.watch, &text);
        event_base_loop(wire.base, EVLOOP_NONBLOCK);
    }
    wire_turn();
    for (int i = 0; i < MANY; i++) {
        assert_non_null(strstr(got(clients[i]), "data: 9\n\n"));
        bufferevent_free(clients[i]);
    }
    wire_close();
}

static void who_does_not_read_skips_states_and_gets_the_newest(void **state)
{
    enum { LARGE = 1 << 20 };
    TEXT(large);

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    struct bufferevent *slow = wire_more();
    bufferevent_disable(slow, EV_READ);
    bufferevent_write(slow, WATCH, strlen(WATCH));
    wire_ask(WATCH);
    for (char digit = '1'; digit <= '6'; digit++) {
        memset(text_reserve(&large, LARGE), digit, LARGE);
        large.length = LARGE;
        large.data[LARGE] = '\0';
        watch_show(wire.watch, &large);
        wire_turn();
        assert_true(wire_wait_for((char[]){ digit, '\n', '\n', '\0' }));
        text_clear(&large);
    }
    assert_int_equal(wire_count("id: "), 6);
    wire_forget();
    bufferevent_enable(slow, EV_READ);
    struct evbuffer *all = bufferevent_get_input(slow);
    for (int i = 0; i < 5000 && evbuffer_search(all, "6\n\n", 3, NULL).pos < 0; i++)
        event_base_loop(wire.base, EVLOOP_NONBLOCK);
    assert_true(evbuffer_search(all, "id: 1\n", 6, NULL).pos >= 0);
    assert_true(evbuffer_search(all, "id: 2\n", 6, NULL).pos < 0);
    assert_true(evbuffer_search(all, "id: 5\n", 6, NULL).pos < 0);
    assert_true(evbuffer_search(all, "id: 6\n", 6, NULL).pos >= 0);
    bufferevent_free(slow);
    wire_close();
}

static void a_comment_keeps_the_stream_alive(void **state)
{
    struct server_options options = server_defaults;

    (void)state;
    options.beat_ms = 30;
    wire_open(WIRE_SOCKET, &options);
    wire_ask(WATCH);
    assert_true(wire_wait_for("3\r\n:\n\n\r\n"));
    wire_forget();
    assert_true(wire_wait_for("3\r\n:\n\n\r\n"));
    assert_int_equal(wire_count("data"), 0);
    wire_close();
}

static void
idle_times_do_not_end_it_but_a_peer_that_takes_nothing_is_cut_off(void **state)
{
    struct server_options options = server_defaults;
    TEXT(large);

    (void)state;
    options.idle_ms = options.header_ms = options.body_ms = 20;
    options.write_ms = 50;
    wire_open(WIRE_SOCKET, &options);
    wire_ask(WATCH);
    let_pass(100);
    assert_false(wire.is_closed);
    assert_int_equal(watchers(), 1);
    bufferevent_disable(wire.client, EV_READ);
    memset(text_reserve(&large, 4 << 20), 'x', 4 << 20);
    large.length = 4 << 20;
    watch_show(wire.watch, &large);
    for (int i = 0; i < 100 && watchers(); i++)
        let_pass(20);
    assert_int_equal(watchers(), 0);
    assert_int_equal(server_counts(wire.server)->timeouts, 1);
    wire_close();
}

static void too_many_are_told_to_come_later(void **state)
{
    struct server_options options = server_defaults;

    (void)state;
    options.max_watchers = 2;
    wire_open(WIRE_PAIR, &options);
    struct bufferevent *one = watch_more(), *two = watch_more();
    wire_ask(WATCH);
    assert_int_equal(wire_count("HTTP/1.1 503"), 1);
    assert_int_equal(wire_count("Retry-After: 30\r\n"), 1);
    assert_int_equal(watchers(), 2);
    bufferevent_free(one);
    wire_turn();
    wire_ask(WATCH);
    assert_int_equal(wire_count("HTTP/1.1 200"), 1);
    bufferevent_free(two);
    wire_close();
}

static void head_and_http_1_0_watch_in_their_own_way(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    show("1");
    wire_ask("HEAD /watch HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(wire_count("Content-Type: text/event-stream\r\n"), 1);
    assert_int_equal(wire_count("data"), 0);
    assert_int_equal(watchers(), 0);
    wire_connect(WIRE_SOCKET);
    wire_ask("GET /watch HTTP/1.0\r\n\r\n");
    assert_int_equal(wire_count("Transfer-Encoding"), 0);
    assert_int_equal(wire_count("Connection: close\r\n"), 1);
    assert_int_equal(
        wire_count("\r\n\r\nretry: 3000\n\nid: 1\nevent: state\ndata: 1\n\n"), 1);
    wire_close();
}

static void who_hangs_up_or_closes_half_is_gone_at_once(void **state)
{
    for (enum wire_kind kind = WIRE_PAIR; kind <= WIRE_SOCKET; kind++) {
        (void)state;
        wire_open(kind, NULL);
        wire_ask(WATCH);
        wire_half_close();
        wire_turn();
        assert_int_equal(watchers(), 0);
        assert_int_equal(server_counts(wire.server)->connections, 0);
        assert_int_equal(wire.last_status, 200);
        wire_connect(kind);
        wire_ask(WATCH);
        wire_hang_up();
        wire_turn();
        assert_int_equal(watchers(), 0);
        wire_close();
    }
}

static void who_has_closed_before_gets_what_there_is(void **state)
{
    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    show("1");
    wire_ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" WATCH);
    wire_half_close();
    wire_turn();
    wire_end_task(PROBLEM_NONE);
    wire_turn();
    assert_int_equal(wire_count("data: 1\n\n\r\n0\r\n\r\n"), 1);
    assert_true(wire.is_closed);
    assert_int_equal(watchers(), 0);
    wire_close();
}

static void note_end(void *context)
{
    *(bool *)context = true;
}

static void a_server_that_stops_ends_the_streams(void **state)
{
    enum { LARGE = 1 << 20 };
    bool has_ended = false;
    TEXT(large);

    (void)state;
    wire_open(WIRE_SOCKET, NULL);
    struct bufferevent *slow = wire_more();
    bufferevent_disable(slow, EV_READ);
    bufferevent_write(slow, WATCH, strlen(WATCH));
    wire_ask(WATCH);
    memset(text_reserve(&large, LARGE), 'x', LARGE);
    large.length = LARGE;
    watch_show(wire.watch, &large);
    assert_true(wire_wait_for("x\n\n\r\n"));
    server_drain(wire.server, 100000, note_end, &has_ended);
    assert_true(wire_wait_for(NULL));
    wire_turn();
    assert_int_equal(wire_count("0\r\n\r\n"), 1);
    assert_true(has_ended); /* nobody waits for the slow one */
    assert_int_equal(watchers(), 0);
    bufferevent_free(slow);
    wire_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_is_an_event_to_all_who_watch),
        cmocka_unit_test(who_comes_later_gets_the_newest_state_at_once),
        cmocka_unit_test(many_are_told_in_slices_and_leave_one_by_one),
        cmocka_unit_test(a_turn_that_is_overtaken_leaves_nobody_out),
        cmocka_unit_test(who_does_not_read_skips_states_and_gets_the_newest),
        cmocka_unit_test(a_comment_keeps_the_stream_alive),
        cmocka_unit_test(
            idle_times_do_not_end_it_but_a_peer_that_takes_nothing_is_cut_off),
        cmocka_unit_test(too_many_are_told_to_come_later),
        cmocka_unit_test(head_and_http_1_0_watch_in_their_own_way),
        cmocka_unit_test(who_hangs_up_or_closes_half_is_gone_at_once),
        cmocka_unit_test(who_has_closed_before_gets_what_there_is),
        cmocka_unit_test(a_server_that_stops_ends_the_streams),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
