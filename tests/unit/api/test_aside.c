#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <event2/event.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "api/aside.h"

enum { N = 40 };

struct written {
    struct task task;
    struct arena arena;
    struct bytes out;
    int number;
    bool is_refused;
    int n_ended;
};

static struct event_base *base;
static struct asides *asides;
static struct written pieces[N];
static int order[N], n_over;
static pthread_t loop_thread;

static void on_over(struct task *task)
{
    struct written *piece = (struct written *)task;

    piece->n_ended++;
    order[n_over++] = piece->number;
}

/* A text of its own length, from another thread than the loop's. */
static bool write_piece(const void *context, struct text *out, struct error *err)
{
    const struct written *piece = context;

    if (piece->is_refused || pthread_equal(pthread_self(), loop_thread))
        return error_set(err, PROBLEM_BUSY);
    for (int i = 0; i < piece->number * 1000; i++)
        text_char(out, (char)('a' + piece->number % 26));
    return true;
}

static bool write_slowly(const void *context, struct text *out, struct error *err)
{
    usleep(100000);
    return write_piece(context, out, err);
}

static void begin(int i, aside_fn write)
{
    struct written *piece = &pieces[i];

    *piece = (struct written){ .number = i + 1, .task.resume = on_over };
    arena_init(&piece->arena);
    piece->is_refused = i % 7 == 3;
    aside_write(asides, &piece->task, &piece->arena, write, piece, &piece->out);
}

static void assert_written(const struct written *piece)
{
    assert_int_equal(piece->n_ended, 1);
    if (piece->is_refused) {
        assert_int_equal(piece->task.error.problem, PROBLEM_BUSY);
        assert_null(piece->out.data);
        return;
    }
    const char *text = piece->out.data;
    assert_int_equal(piece->task.error.problem, PROBLEM_NONE);
    assert_int_equal(piece->out.size, piece->number * 1000);
    assert_int_equal(text[0], 'a' + piece->number % 26);
    assert_int_equal(text[piece->out.size - 1], text[0]);
}

static void each_is_written_once_and_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < N; i++)
        begin(i, write_piece);
    assert_int_equal(n_over, 0); /* never within the call */
    while (n_over < N)
        event_base_loop(base, EVLOOP_ONCE);
    for (int i = 0; i < N; i++) {
        assert_int_equal(order[i], i + 1);
        assert_written(&pieces[i]);
        arena_done(&pieces[i].arena);
    }
}

static void the_loop_goes_on_meanwhile(void **state)
{
    int n_turns = 0;

    (void)state;
    begin(0, write_slowly);
    for (; n_over < 1; n_turns++) {
        event_base_loop(base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    assert_in_range(n_turns, 10, 200);
    assert_written(&pieces[0]);
    arena_done(&pieces[0].arena);
}

static void at_the_end_whoever_waits_is_told(void **state)
{
    int n_stopped = 0;

    (void)state;
    for (int i = 0; i < 3; i++)
        begin(i, write_slowly);
    usleep(20000); /* the first has begun */
    asides_free(asides);
    asides = NULL;
    assert_int_equal(n_over, 3);
    assert_written(&pieces[0]);
    for (int i = 0; i < 3; i++) {
        n_stopped += pieces[i].task.error.problem == PROBLEM_STOPPING;
        arena_done(&pieces[i].arena);
    }
    assert_int_equal(n_stopped, 2);
}

static int set_up(void **state)
{
    (void)state;
    loop_thread = pthread_self();
    n_over = 0;
    base = event_base_new();
    asides = asides_new(base);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    asides_free(asides);
    event_base_free(base);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_is_written_once_and_in_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_loop_goes_on_meanwhile, set_up, tear_down),
        cmocka_unit_test_setup_teardown(at_the_end_whoever_waits_is_told, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
