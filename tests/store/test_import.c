/* Imports: every mistake is named, all or nothing, and again without harm. */
#include "ground.h"

#include <stdio.h>
#include <string.h>

#include "store/import_campaign.h"
#include "store/import_questions.h"
#include "store/import_unions.h"
#include "util/memory.h"
#include "util/text.h"

static struct import import;
static struct text told; /* the mistakes, each with where it is */

static void note(const struct error *err, void *context)
{
    (void)context;
    text_printf(&told, "%s[%s] %s ", err->where, error_code(err->problem),
                err->detail[ENGLISH]);
}

static int set_up(void **state)
{
    *state = ground_session(ground_migrated("import_test"));
    import = (struct import){ .session = *state, .report = note };
    return 0;
}

static int tear_down(void **state)
{
    session_close(*state);
    text_done(&told);
    return 0;
}

typedef bool (*import_fn)(struct import *, const json_t *);

static bool run(import_fn bring, const char *text)
{
    AUTO(json_decrefp) json_t *json = ground_json(text);

    text_clear(&told);
    text_string(&told, "");
    import.counts = (struct import_counts){ 0 };
    return bring(&import, json);
}

static void assert_taken(import_fn bring, const char *text, int added, int changed,
                         int same)
{
    if (!run(bring, text))
        fail_msg("%s %s", told.data, import.db_error.text);
    assert_int_equal(import.counts.added, added);
    assert_int_equal(import.counts.changed, changed);
    assert_int_equal(import.counts.same, same);
}

/* Refused, and this is told by name: not by the database's words. */
static void assert_refused(import_fn bring, const char *text, const char *said)
{
    if (run(bring, text))
        fail_msg("%s is taken", text);
    if (!strstr(told.data, said))
        fail_msg("told \"%s\", the database \"%s\"", told.data, import.db_error.text);
    assert_string_equal(import.db_error.text, "");
}

#define UNION(line, code, name, parent, members)                                       \
    "{'line':" #line ",'code':'" code "','name':'" name "','level':'l','kind':'k',"    \
    "'parent_code':" parent ",'members':" members "}"
#define TWO UNION(2, "a", "甲", "null", "100") "," UNION(3, "b", "乙", "'a'", "null")

static void unions_are_added_changed_and_left(void **state)
{
    assert_taken(import_unions, "[" TWO "]", 2, 0, 0);
    assert_taken(import_unions, "[" TWO "]", 0, 0, 2);
    assert_taken(
        import_unions,
        "[" UNION(2, "b", "乙乙", "'a'", "5") "," UNION(
            3, "c", "丙", "'b'", "1") "," UNION(4, "a", "甲", "null", "100") "]",
        1, 1, 1);
    assert_string_equal(
        ground_text(*state,
                    "select string_agg(u.code || coalesce(p.code, '-') || u.name"
                    " || coalesce(u.members, -1), ' ' order by u.code)"
                    " from org_union u left join org_union p on p.id ="
                    " u.parent_id"),
        "a-甲100 ba乙乙5 cb丙1");
}

static void a_parent_may_come_after_its_children(void **state)
{
    assert_taken(
        import_unions,
        "[" UNION(2, "b", "乙", "'a'", "1") "," UNION(3, "a", "甲", "null", "1") "]", 2,
        0, 0);
    assert_string_equal(ground_text(*state, "select p.code from org_union u join"
                                            " org_union p on p.id = u.parent_id"),
                        "a");
}

static void wrong_unions_are_named_and_none_is_kept(void **state)
{
    assert_taken(import_unions, "[" TWO "]", 2, 0, 0);
    assert_refused(
        import_unions,
        "[" UNION(2, "c", "丙", "'a'", "1") "," UNION(
            3, "d", "丁", "'nobody'", "1") "," UNION(4, "e", "戊", "'x'", "1") "]",
        "Line 3, column \"parent_code\": there is no such parent.");
    assert_non_null(strstr(told.data, "Line 4"));
    assert_refused(import_unions, "[" UNION(2, "b", "乙", "null", "1") "]",
                   "Line 2, column \"parent_code\": the parent of a known union");
    assert_refused(
        import_unions,
        "[" UNION(2, "c", "丙", "'d'", "1") "," UNION(3, "d", "丁", "'c'", "1") "]",
        "union_unknown");
    assert_refused(
        import_unions,
        "[" UNION(2, "c", "丙", "'a'", "1") "," UNION(3, "c", "丁", "'a'", "1") "]",
        "Line 3, column \"code\"");
    assert_int_equal(ground_number(*state, "select count(*) from org_union"), 2);
}

#define PERSON(line, code, number, name)                                               \
    "{'line':" #line ",'union_code':'" code "','staff_number':'" number                \
    "','name':'" name "','subject':'" code "/" number "'}"

static void a_roster_is_added_renamed_and_left(void **state)
{
    assert_taken(import_unions, "[" TWO "]", 2, 0, 0);
    assert_taken(import_roster,
                 "[" PERSON(2, "a", "7", "王明") "," PERSON(3, "b", "7", "李华") "]", 2,
                 0, 0);
    assert_taken(import_roster,
                 "[" PERSON(2, "a", "7", "王明") "," PERSON(3, "b", "7", "李华") "]", 0,
                 0, 2);
    assert_taken(import_roster,
                 "[" PERSON(2, "b", "7", "李桦") "," PERSON(3, "b", "8", "赵") "]", 1,
                 1, 0);
    assert_string_equal(
        ground_text(*state, "select string_agg(subject || p.name, ' ' order by subject)"
                            " from identity i join person p on p.id = i.person"),
        "a/7王明 b/7李桦 b/8赵");
    assert_int_equal(ground_number(*state, "select count(*) from person"), 3);
}

static void a_wrong_roster_is_named_and_nobody_is_kept(void **state)
{
    assert_taken(import_unions, "[" TWO "]", 2, 0, 0);
    assert_refused(import_roster,
                   "[" PERSON(2, "a", "1", "王") "," PERSON(3, "nobody", "1", "李") "]",
                   "Line 3, column \"union_code\": there is no such union.");
    assert_refused(import_roster,
                   "[" PERSON(2, "a", "1", "王") "," PERSON(3, "a", "1", "李") "]",
                   "Line 3, column \"staff_number\"");
    assert_int_equal(ground_number(*state, "select count(*) from person"), 0);
    assert_int_equal(ground_number(*state, "select count(*) from identity"), 0);
}

#define QUESTION(id, stem)                                                                   \
    "{'id':'" id "','type':'judge','topic':'t','difficulty':1,'stem':'第几题：" stem         \
    "','key':true,'explanation':'书上有说明。','source':{'document':'d','locator':'l'" \
    "}}"

static void a_question_that_differs_becomes_the_next_revision(void **state)
{
    assert_taken(import_questions,
                 "[" QUESTION("t-001", "一") "," QUESTION("t-002", "二") "]", 2, 0, 0);
    assert_taken(import_questions,
                 "[" QUESTION("t-001", "一") "," QUESTION("t-002", "贰") "]", 0, 1, 1);
    assert_taken(import_questions, "[" QUESTION("t-002", "二") "]", 0, 1, 0);
    assert_string_equal(ground_text(*state, "select string_agg(id || revision, ' '"
                                            " order by id, revision) from question"),
                        "t-0011 t-0021 t-0022 t-0023");
}

/* As the demonstration is brought in at each start. */
static bool bring_again(struct import *into, const json_t *questions)
{
    AUTO(json_decrefp) json_t *items = json_array();
    struct import_items all = { .items = items, .keeps_newer = true };
    size_t i;
    json_t *question;

    json_array_foreach((json_t *)questions, i, question)
        json_array_append_new(items, json_pack("{s:O,s:s}", "question", question, "twin",
                                               json_string_value(json_object_get(
                                                   question, "id"))));
    return import_items(into, &all);
}

static void what_was_changed_since_is_not_put_back(void **state)
{
    assert_taken(bring_again, "[" QUESTION("t-001", "一") "," QUESTION("t-002", "二") "]", 2,
                 0, 0);
    assert_taken(import_questions, "[" QUESTION("t-002", "贰") "]", 0, 1, 0);
    assert_taken(bring_again,
                 "[" QUESTION("t-001", "壹") "," QUESTION("t-002", "二") "," QUESTION(
                     "t-003", "三") "]",
                 1, 1, 0);
    assert_string_equal(ground_text(*state, "select string_agg(id || ' ' || revision, ', '"
                                            " order by id, revision) from question"),
                        "t-001 1, t-001 2, t-002 1, t-002 2, t-003 1");
}

static void the_same_question_twice_is_named(void **state)
{
    assert_refused(import_questions,
                   "[" QUESTION("t-001", "一") "," QUESTION("t-001", "二") "]",
                   "t-001");
    assert_int_equal(ground_number(*state, "select count(*) from question"), 0);
}

#define RULES(count, more)                                                             \
    "{'campaign':'c','title':'t','window':{'opens':'2026-01-01T00:00:00Z',"            \
    "'closes':'2036-01-01T00:00:00Z'},'paper':{'sections':[{'count':" #count           \
    ",'points':1}]},'clock':{'limit_seconds':60}" more "}"

static void a_campaign_is_saved_and_pins_the_newest_questions(void **state)
{
    assert_taken(import_questions,
                 "[" QUESTION("t-001", "一") "," QUESTION("t-002", "二") "]", 2, 0, 0);
    assert_taken(import_campaign, RULES(2, ""), 1, 0, 0);
    assert_taken(import_campaign, RULES(2, ""), 0, 0, 1);
    assert_taken(import_questions, "[" QUESTION("t-002", "贰") "]", 0, 1, 0);
    assert_taken(import_campaign, RULES(2, ""), 0, 1, 0);
    assert_taken(import_campaign, RULES(1, ",'quota':{'per_day':3}"), 0, 1, 0);
    assert_string_equal(
        ground_text(*state,
                    "select string_agg(array_to_string(question_revisions, '+'),"
                    " ' ' order by revision) from campaign_revision"),
        "1+1 1+2 1+2");
    assert_string_equal(ground_text(*state, "select revision || ' ' || quota_day"
                                            " from campaign"),
                        "3 3");
}

static void wrong_rules_are_named_and_nothing_is_kept(void **state)
{
    assert_taken(import_questions, "[" QUESTION("t-001", "一") "]", 1, 0, 0);
    assert_refused(import_campaign, RULES(2, ""), "[pool_small]");
    assert_refused(import_campaign, RULES(1, ",'counts':'most'"), "/counts");
    assert_refused(import_campaign, RULES(1, ",'unions':{'within':'nobody'}"),
                   "/unions/within[union_unknown]");
    assert_int_equal(ground_number(*state, "select count(*) from campaign"), 0);
}

static void rules_are_fixed_once_somebody_has_started(void **state)
{
    assert_taken(import_questions, "[" QUESTION("t-001", "一") "]", 1, 0, 0);
    assert_taken(import_campaign, RULES(1, ""), 1, 0, 0);
    assert_taken(import_campaign, RULES(1, ",'counts':'sum'"), 0, 1, 0);
    ground_run(*state, "insert into participation (bucket, campaign, person, union_id,"
                       " n_started) values (0, 1, 1, 1, 1)");
    assert_refused(import_campaign, RULES(1, ",'counts':'best'"), "rules_fixed");
    assert_taken(import_campaign, RULES(1, ",'counts':'sum','reveal':'score'"), 0, 1,
                 0);
}

static void a_lost_connection_keeps_nothing(void **state)
{
    AUTO(json_decrefp) json_t *json = ground_json("[" TWO "]");
    struct session *other = ground_session(live_database);

    ground_run(other, "select pg_terminate_backend(pid) from pg_stat_activity"
                      " where datname = 'import_test'");
    assert_false(import_unions(&import, json));
    assert_string_not_equal(import.db_error.text, "");
    session_close(other);
    (void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unions_are_added_changed_and_left),
        TEST(a_parent_may_come_after_its_children),
        TEST(wrong_unions_are_named_and_none_is_kept),
        TEST(a_roster_is_added_renamed_and_left),
        TEST(a_wrong_roster_is_named_and_nobody_is_kept),
        TEST(a_question_that_differs_becomes_the_next_revision),
        TEST(what_was_changed_since_is_not_put_back),
        TEST(the_same_question_twice_is_named),
        TEST(a_campaign_is_saved_and_pins_the_newest_questions),
        TEST(wrong_rules_are_named_and_nothing_is_kept),
        TEST(rules_are_fixed_once_somebody_has_started),
        TEST(a_lost_connection_keeps_nothing),
    };

    return live_main("import", tests, sizeof(tests) / sizeof(tests[0]));
}
