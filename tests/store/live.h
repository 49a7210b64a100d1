#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include "pg/pool.h"
#include "pg/query.h"

/* A loop and a real PostgreSQL for a test.  The program is run by
 * tests/support/with-postgres.sh, which says in JINGDA_TEST_DATABASE where the database
 * is and in PGBIN, PGDATA and JINGDA_TEST_AS how to stop and start its server. */
enum { PATIENCE_MS = 20000 };

extern struct event_base *live_base; /* new for each test */
extern const char *live_database;

int64_t live_now_ms(void);

/* Runs the loop until `is_true(arg)`, which is looked at 100 times a second or more. */
bool live_until(bool (*is_true)(void *), void *arg, int limit_ms);
void live_for(int ms);
enum problem live_wait(struct task *task); /* how it ended */

/* Without a conninfo it is that of the test's database. */
struct pool *live_pool(struct pool_options options);
struct pool *live_one(void); /* of one connection that is up: the order is known */
bool live_has_connection(void *pool);

void live_ask(struct pool *pool, struct task *task, const char *sql);
enum problem live_run(struct pool *pool, const char *sql);
int32_t live_number(struct pool *pool, const char *sql); /* one int4 */
bool live_read_int(struct rows *rows, void *out, struct error *err);

void live_must(const char *sql); /* in a session of its own, past the pool */
int live_ctl(const char *what);  /* pg_ctl; its status */
void live_start(void);           /* the server, after it was stopped or killed */

int live_set_up(void **state);
int live_tear_down(void **state);
#define LIVE_TEST(name)                                                                \
    cmocka_unit_test_setup_teardown(name, live_set_up, live_tear_down)

/* The exit status of a program whose tests these are. */
int live_main(const char *name, const struct CMUnitTest *tests, size_t n);
