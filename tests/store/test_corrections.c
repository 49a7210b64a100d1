/* Correcting: what is refused, whose turn it is, and that after every single step the
 * boards are those of the attempts, with people spread over buckets. */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/verify.h"
#include "util/memory.h"
#include "util/text.h"

enum { N_BUCKETS = 3, N_COUNTS = 5 };

static const char bank_sql[] = "insert into question (id, revision, body) values"
                                " ('q-1', 1, '{\"type\": \"single\", \"choices\": "
                                "[\"a\", \"b\"], \"key\": \"A\"}'),"
                                " ('q-2', 1, '{\"type\": \"judge\", \"key\": true}'),"
                                " ('q-3', 1, '{\"type\": \"judge\", \"key\": true}')";

/* One campaign for each way of counting, with thirty people who have up to six attempts
 * over some days; what stands is what the attempts come to. */
static const char *const contents[] = {
    "insert into org_union (code, name, kind, level)"
    " select 'u' || i, 'u' || i, 'k', 'l' from generate_series(1, 4) i",
    "insert into person (name) select 'p' || i from generate_series(1, 30) i",
    bank_sql,
    "insert into campaign (slug, revision, opens_at, closes_at, utc_offset_ms, "
    "quota_total,"
    " quota_day, limit_ms, grace_ms, counts, duration_decides, has_days, has_weeks,"
    " has_months, union_changes)"
    " select 'c' || i, 1, 0, 1e13, 28800000, 0, 0, 600000, 5000, i, true, i <> 1, true,"
    " i <> 2, 0 from generate_series(0, 4) i",
    "insert into campaign_revision (campaign, revision, rules, question_ids,"
    " question_revisions) select id, 1, '{}', '{q-1,q-2}', '{1,1}' from campaign",
    "insert into attempt (bucket, campaign, person, ordinal, revision, state, "
    "is_counted,"
    " started_at, deadline_at, finished_at, duration_ms, score, n_right, answers)"
    " select p.id % 3, c.id, p.id, o, 1, case when o = 4 then 3 else 1 end, o <> 4,"
    " 1700000000000 + o * 30000000, 1700000600000 + o * 30000000,"
    " 1700000100000 + o * 30000000 + p.id, (p.id * 37 + o * 91) % 1000,"
    " (p.id * 7 + o * 31) % 20 * 100, 3, ''"
    " from person p, campaign c, generate_series(1, 6) o where o <= 1 + p.id % 6",
    "insert into participation (bucket, campaign, person, union_id, n_started, "
    "n_counted,"
    " score, duration_ms, reached_at)"
    " select s.bucket, s.campaign, s.person, 1 + s.person % 4, 1 + s.person % 6,"
    " s.n_counted, s.score, s.duration_ms, s.reached_at from standing_computed s"
    " where s.period = 0",
    "insert into standing (bucket, campaign, period, person, score, duration_ms, "
    "reached_at,"
    " n_counted) select s.bucket, s.campaign, s.period, s.person, s.score, "
    "s.duration_ms,"
    " s.reached_at, s.n_counted from standing_computed s where s.period <> 0",
    "insert into union_standing (bucket, campaign, period, union_id, heads, attempts, "
    "score,"
    " duration_ms) select s.bucket, s.campaign, s.period, p.union_id, count(*),"
    " sum(s.n_counted), sum(s.score), sum(s.duration_ms) from standing_computed s"
    " join participation p using (bucket, campaign, person) group by 1, 2, 3, 4",
    "insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, "
    "score,"
    " duration_ms, figures) select s.bucket, row_number() over (partition by s.bucket"
    " order by s.campaign, s.person), 0, 1, s.campaign, s.person, 1, 1 + s.person % 4, "
    "0, 0,"
    " array_agg(v order by s.period, n) from standing_computed s cross join lateral"
    " unnest(array[s.period, s.score, s.duration_ms, s.reached_at, "
    "s.n_counted]::bigint[])"
    " with ordinality e(v, n) group by s.bucket, s.campaign, s.person",
    "update feed_head h set seq = (select count(*) from feed f where f.bucket = "
    "h.bucket)",
};

static void differs(const char *what, void *context)
{
    (void)context;
    fprintf(stderr, "%s\n", what);
}

static void assert_true_to_the_attempts(struct session *session)
{
    struct db_error err = { 0 };
    int n;

    if (!verify(session, NULL, differs, NULL, &n, &err))
        fail_msg("%s", err.text);
    assert_int_equal(n, 0);
}

static int set_up(void **state)
{
    struct session *session = ground_session(ground_migrated("corrections_test"));
    TEXT(sql);

    text_printf(&sql,
                "update setting set buckets = %d; insert into feed_head"
                " select b, 0 from generate_series(1, %d) b",
                N_BUCKETS, N_BUCKETS - 1);
    ground_run(session, sql.data);
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
        ground_run(session, contents[i]);
    assert_true_to_the_attempts(session);
    *state = session;
    return 0;
}

static int tear_down(void **state)
{
    session_close(*state);
    return 0;
}

/* "outcome number question" */
static const char *correct(struct session *session, int campaign, const char *questions)
{
    TEXT(sql);

    text_printf(&sql,
                "select concat_ws(' ', outcome, number, question)"
                " from correct_campaign(%d, '{%s}', 'me', 'because')",
                campaign, questions);
    return ground_text(session, sql.data);
}

static void revise(struct session *session, const char *id, const char *body)
{
    TEXT(sql);

    text_printf(&sql, "select from save_question('%s', '%s', 'me')", id, body);
    ground_run(session, sql.data);
}

#define SINGLE(choices, key)                                                           \
    "{\"type\": \"single\", \"choices\": " choices ", \"key\": \"" key "\"}"

static void what_is_more_than_another_key_is_refused(void **state)
{
    struct session *session = *state;

    assert_string_equal(correct(session, 1, "q-1"), "2 0"); /* it is in force */
    assert_string_equal(correct(session, 1, "q-1,nowhere,nothing"), "3 0 nowhere");
    assert_string_equal(correct(session, 1, "q-3"), "4 0 q-3");
    revise(session, "q-1", "{\"type\": \"judge\", \"key\": true}");
    assert_string_equal(correct(session, 1, "q-2,q-1"), "5 0 q-1");
    revise(session, "q-1", SINGLE("[\"b\", \"a\"]", "A"));
    assert_string_equal(correct(session, 1, "q-1"), "6 0 q-1");
    revise(session, "q-1", SINGLE("[\"a\", \"b\"]", "B"));
    assert_int_equal(ground_number(session, "select count(*) from correction"), 0);
    assert_string_equal(correct(session, 1, "q-2,q-1,q-1"), "1 1");
    assert_string_equal(ground_text(session, "select question_ids::text ||"
                                             " to_revisions::text from correction"),
                        "{q-1}{4}"); /* what is in force is left out */
    assert_string_equal(correct(session, 1, "q-1,q-2"), "2 1");
    assert_string_equal(correct(session, 2, "q-1"),
                        "1 1"); /* each campaign by itself */
    assert_int_equal(ground_number(session, "select count(*) from correction_cursor"),
                     2 * N_BUCKETS);
}

static void a_question_saved_again_is_no_revision(void **state)
{
    struct session *session = *state;

    assert_string_equal(
        ground_text(session,
                    "select concat_ws(' ', is_new, revision) from"
                    " save_question('q-2', '{\"key\":  true, \"type\": \"judge\"}',"
                    " 'me')"),
        "f 1");
    assert_string_equal(ground_text(session,
                                    "select concat_ws(' ', is_new, revision) from"
                                    " save_question('q-2', '{\"key\": false}', 'me')"),
                        "t 2");
    assert_string_equal(ground_text(session, "select concat_ws(' ', is_new, revision)"
                                             " from save_question('q-9', '{}', 'me')"),
                        "t 1");
}

/* Counts the attempts of a bucket as if those whose person and ordinal make an even sum
 * had other marks; what count_corrected says. */
static bool count_bucket(struct session *session, int campaign, int number, int bucket,
                         bool is_last)
{
    TEXT(sql);

    text_printf(&sql,
                "select count_corrected(%d::smallint, %d, %d, 0, 0, 99, 9, %s, 10, 5,"
                " array_agg(person order by person, ordinal),"
                " array_agg(ordinal order by person, ordinal),"
                " array_agg(score order by person, ordinal),"
                " array_agg((score + person * 13 + %d * 1700) %% 2500 order by person,"
                " ordinal)::integer[], array_agg(n_right order by person, ordinal),"
                " array_agg(4::smallint order by person, ordinal),"
                " array_agg(-1::bigint), array_agg(0::bigint))::text"
                " from attempt where bucket = %d and campaign = %d"
                " and (person + ordinal) %% 2 = 0",
                bucket, campaign, number, is_last ? "true" : "false", number, bucket,
                campaign);
    return !strcmp(ground_text(session, sql.data), "true");
}

/* "is_moved is_over", from a cursor that is moved along. */
static const char *apply_some(struct session *session, int campaign, int number,
                              int bucket, int limit, int *person, int *ordinal)
{
    static char said[8];
    TEXT(sql);

    text_printf(&sql,
                "select concat_ws(' ', is_moved, is_over, person, ordinal)"
                " from rescore_attempts(%d::smallint, %d, %d, %d, %d, %d)",
                bucket, campaign, number, *person, *ordinal, limit);
    assert_int_equal(
        sscanf(ground_text(session, sql.data), "%3c %d %d", said, person, ordinal), 3);
    return said;
}

static void begin(struct session *session, int campaign)
{
    revise(session, "q-2", "{\"type\": \"judge\", \"key\": false}");
    for (int i = 1; i <= N_COUNTS; i++)
        if (!campaign || i == campaign)
            assert_string_equal(correct(session, i, "q-2"), "1 1");
}

static void after_every_step_the_boards_are_those_of_the_attempts(void **state)
{
    struct session *session = *state;

    begin(session, 0);
    for (int campaign = 1; campaign <= N_COUNTS; campaign++)
        for (int bucket = 0; bucket < N_BUCKETS; bucket++) {
            int person = 0, ordinal = 0, limit = 1 + (campaign + bucket) % 3 * 3;

            assert_true(count_bucket(session, campaign, 1, bucket, true));
            while (!strcmp(
                apply_some(session, campaign, 1, bucket, limit, &person, &ordinal),
                "t f"))
                assert_true_to_the_attempts(session);
            assert_true_to_the_attempts(session);
        }
    assert_int_equal(ground_number(session, "select count(*) from correction_cursor"
                                            " where pass < 3 or finished_at is null"
                                            " or n_applied <> n_changed"),
                     0);
    assert_int_equal(
        ground_number(session,
                      "select count(*) from attempt a join correction_change c"
                      " using (bucket, campaign, person, ordinal)"
                      " where (a.score, a.n_right, a.corrections) is distinct from"
                      " (c.new_score, c.new_right, c.number)"),
        0);
    assert_int_equal(ground_number(session, "select count(*) from attempt"
                                            " where (person + ordinal) % 2 = 1"
                                            " and corrections <> 0"),
                     0);
}

/* Voided attempts are scored again and not told; what is told has both scores. */
static void the_feed_tells_each_attempt_that_counts(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 1);
    assert_true(count_bucket(session, 1, 1, 1, true));
    assert_string_equal(apply_some(session, 1, 1, 1, 256, &person, &ordinal), "t t");
    assert_int_equal(
        ground_number(session,
                      "select count(*) from correction_change c"
                      " full join (select * from feed where kind = 5) f"
                      " using (bucket, campaign, person, ordinal) join attempt a"
                      " using (bucket, campaign, person, ordinal)"
                      " where (f.seq is not null) <> a.is_counted or f.seq is not"
                      " null and (f.old_score, f.score, f.corrections) is distinct"
                      " from (c.old_score, c.new_score, 1)"),
        0);
    assert_true(ground_number(session, "select count(*) from attempt"
                                       " where state = 3 and corrections = 1") > 0);
    assert_true(ground_number(session, "select count(*) from feed where kind = 5") > 5);
    /* a board that stays as it was is not told again, but for the overall one */
    assert_int_equal(ground_number(session, "select count(*) from feed where kind = 5"
                                            " and (figures[1] <> 0 or"
                                            " array_length(figures, 1) % 5 <> 0)"),
                     0);
}

/* A step that is asked for one attempt takes all of a person, whose figures are
 * computed once; the entry of the last has the periods, all have the overall figure. */
static void a_person_is_scored_again_in_one_step(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 2); /* sums: whatever changes, changes every period */
    assert_true(count_bucket(session, 2, 1, 2, true));
    while (!strcmp(apply_some(session, 2, 1, 2, 1, &person, &ordinal), "t f"))
        assert_true_to_the_attempts(session);
    assert_true(ground_number(session, "select count(*) - count(distinct person)"
                                       " from feed where kind = 5") > 5);
    assert_int_equal(
        ground_number(
            session, "select count(*) from feed f join participation p"
                     " using (bucket, campaign, person) where f.kind = 5 and"
                     " (f.figures[2] <> p.score or (array_length(f.figures, 1) > 5) <>"
                     " (f.ordinal = (select max(g.ordinal) from feed g where g.kind = 5"
                     " and g.person = f.person)))"),
        0);
}

static void of_two_who_do_the_same_one_does_nothing(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 1);
    assert_string_equal(apply_some(session, 1, 1, 0, 5, &person, &ordinal), "f f");
    assert_true(count_bucket(session, 1, 1, 0, true));
    assert_false(count_bucket(session, 1, 1, 0, true));
    assert_string_equal(apply_some(session, 1, 1, 0, 5, &person, &ordinal), "t f");
    int n = ground_number(session, "select count(*) from feed where kind = 5");
    person = ordinal = 0;
    assert_string_equal(apply_some(session, 1, 1, 0, 5, &person, &ordinal), "f f");
    assert_int_equal(ground_number(session, "select count(*) from feed where kind = 5"),
                     n);
    assert_true_to_the_attempts(session);
}

static void a_correction_waits_for_the_one_before_it(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 1);
    revise(session, "q-1", SINGLE("[\"a\", \"b\"]", "B"));
    assert_string_equal(correct(session, 1, "q-1"), "1 2");
    assert_false(count_bucket(session, 1, 2, 0, true));
    assert_true(count_bucket(session, 1, 1, 0, true));
    assert_false(count_bucket(session, 1, 2, 0, true));
    assert_string_equal(apply_some(session, 1, 1, 0, 256, &person, &ordinal), "t t");
    assert_true(count_bucket(session, 1, 2, 0, true));
    person = ordinal = 0;
    assert_string_equal(apply_some(session, 1, 2, 0, 256, &person, &ordinal), "t t");
    assert_int_equal(ground_number(session, "select max(corrections) from attempt"), 2);
    assert_true_to_the_attempts(session);
}

/* Somebody handed in with the newest keys: neither pass touches that. */
static void what_was_scored_by_the_new_key_is_left(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 1);
    assert_true(count_bucket(session, 1, 1, 0, true));
    ground_run(session,
               "update attempt set corrections = 1 where campaign = 1 and bucket = 0");
    assert_string_equal(apply_some(session, 1, 1, 0, 256, &person, &ordinal), "t t");
    assert_int_equal(ground_number(session, "select count(*) from feed where kind = 5"),
                     0);
    assert_true_to_the_attempts(session);
}

/* A transaction whose reads are counted from nothing. */
static void begin_counting_reads(struct session *session)
{
    ground_run(session, "analyze");
    ground_run(session, "select pg_stat_force_next_flush()");
    ground_run(session, "begin");
}

/* What it has read so far: "table n_seq_scans rows_by_index", of the tables that grow
 * with a campaign. */
static const char reads_sql[] =
    "select coalesce(string_agg(concat_ws(' ', relname, seq_scan, idx_tup_fetch), ', '"
    " order by relname) filter (where seq_scan > 0 or idx_tup_fetch > 0), '')"
    " from pg_stat_xact_user_tables where relname in ('attempt', 'participation',"
    " 'standing', 'union_standing', 'correction_change', 'person')";

/* Tables this small tempt the planner to read them whole. */
static void who_moved_is_read_a_page_at_a_time(void **state)
{
    struct session *session = *state;

    begin(session, 1);
    for (int bucket = 0; bucket < N_BUCKETS; bucket++)
        assert_true(count_bucket(session, 1, 1, bucket, true));
    begin_counting_reads(session);
    assert_string_equal(ground_text(session,
                                    "select string_agg(bucket || ' ' || person, ', ')"
                                    " from moved_people(1, 1, 1::smallint, 10, 3)"),
                        "1 13, 1 16, 1 19");
    assert_string_equal(ground_text(session, reads_sql),
                        "correction_change 0 7, participation 0 4, person 0 4");
    ground_run(session, "rollback");
    assert_int_equal(
        ground_number(session,
                      "select count(*) from moved_people(1, 1, 0::smallint, 0, 999)"),
        ground_number(session, "select count(distinct person) from correction_change"));
}

static void scoring_again_reads_only_whom_it_changes(void **state)
{
    struct session *session = *state;
    int person = 0, ordinal = 0;

    begin(session, 1);
    assert_true(count_bucket(session, 1, 1, 0, true));
    begin_counting_reads(session);
    assert_string_equal(apply_some(session, 1, 1, 0, 2, &person, &ordinal), "t f");
    assert_int_equal(
        ground_number(session, "select sum(seq_scan) from pg_stat_xact_user_tables"
                               " where relname in ('attempt', 'participation',"
                               " 'standing', 'union_standing', 'correction_change')"),
        0);
    ground_run(session, "rollback");
}

static void it_tells_how_long_nobody_could_hand_in(void **state)
{
    struct session *session = *state;

    begin(session, 1);
    assert_true(count_bucket(session, 1, 1, 0, true));
    int held_us = ground_number(
        session, "select held_us from rescore_attempts(0::smallint, 1, 1, 0, 0, 4)");
    assert_in_range(held_us, 1, 10000000);
    assert_int_equal(ground_number(session,
                                   "select held_us from"
                                   " rescore_attempts(0::smallint, 1, 1, 0, 0, 4)"),
                     0); /* the cursor has moved: nothing was done */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_more_than_another_key_is_refused),
        TEST(a_question_saved_again_is_no_revision),
        TEST(after_every_step_the_boards_are_those_of_the_attempts),
        TEST(the_feed_tells_each_attempt_that_counts),
        TEST(a_person_is_scored_again_in_one_step),
        TEST(of_two_who_do_the_same_one_does_nothing),
        TEST(a_correction_waits_for_the_one_before_it),
        TEST(what_was_scored_by_the_new_key_is_left),
        TEST(who_moved_is_read_a_page_at_a_time),
        TEST(scoring_again_reads_only_whom_it_changes),
        TEST(it_tells_how_long_nobody_could_hand_in),
    };

    return live_main("corrections", tests, sizeof(tests) / sizeof(tests[0]));
}
