#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "rules/rules.h"

#define FIXTURES SOURCE_ROOT "/tests/unit/rules/fixtures/"

static json_t *load(const char *path)
{
    json_error_t why;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &why);

    if (!json)
        fail_msg("%s, line %d: %s", path, why.line, why.text);
    return json;
}

static json_t *load_good(const char *name)
{
    char path[512];

    snprintf(path, sizeof(path), FIXTURES "good/%s.json", name);
    return load(path);
}

static void read_good(const char *name, struct arena *arena, struct rules *out)
{
    struct error err = { 0 };
    json_t *json = load_good(name);
    bool ok = rules_read(json, arena, out, &err);

    json_decref(json); /* what was read must not hang on the document */
    if (!ok)
        fail_msg("%s: %s %s", name, err.where, err.detail[ENGLISH]);
}

static bool is_document(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".json");
}

static void all_are(const char *kind, bool good, struct arena *arena)
{
    char path[512];
    struct rules rules;
    struct dirent *entry;
    int n = 0;

    snprintf(path, sizeof(path), FIXTURES "%s", kind);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        struct error err = { 0 };

        if (!is_document(entry))
            continue;
        snprintf(path, sizeof(path), FIXTURES "%s/%s", kind, entry->d_name);
        json_t *json = load(path);
        if (rules_read(json, arena, &rules, &err) != good)
            fail_msg("%s: %s %s", entry->d_name, err.where, err.detail[ENGLISH]);
        json_decref(json);
        n++;
    }
    closedir(folder);
    assert_true(n > 0);
}

static void good_rules_are_read(void **state)
{
    all_are("good", true, *state);
}

static void bad_rules_are_refused(void **state)
{
    all_are("bad", false, *state);
}

static void rules_that_only_a_schema_would_take_are_refused(void **state)
{
    all_are("bad-beyond-schema", false, *state);
}

static void every_field_is_read(void **state)
{
    struct rules rules;

    read_good("demo", *state, &rules);
    assert_string_equal(rules.slug, "demo");
    assert_string_equal(rules.title, "工运知识竞赛（演示）");
    assert_string_equal(rules.description, "供试用的活动。");
    assert_int_equal(rules.utc_offset_ms, 8 * 3600000);
    assert_int_equal(rules.opens_at, 1767196800000);
    assert_int_equal(rules.closes_at, 1798732800000);
    assert_int_equal(rules.quota_total, 0);
    assert_int_equal(rules.quota_day, 3);
    assert_int_equal(rules.repeat, REPEAT_FRESH);
    assert_true(rules.shuffle_choices);
    assert_int_equal(rules.n_sections, 1);
    assert_int_equal(rules.sections[0].type, QUESTION_SINGLE);
    assert_int_equal(rules.sections[0].n_topics, 1);
    assert_string_equal(rules.sections[0].topics[0], "union-law");
    assert_int_equal(rules.sections[0].difficulty, 1);
    assert_int_equal(rules.sections[0].count, 10);
    assert_int_equal(rules.sections[0].points, 500);
    assert_int_equal(rules.limit_ms, 600000);
    assert_int_equal(rules.grace_ms, 5000);
    assert_int_equal(rules.partial, PARTIAL_NONE);
    assert_int_equal(rules.counts, COUNTS_BEST);
    assert_int_equal(rules.order.n_keys, 3);
    assert_int_equal(rules.order.keys[2], ORDER_REACHED);
    assert_false(rules.order.is_shared);
    assert_true(rules.board_day);
    assert_false(rules.board_week || rules.board_month);
    assert_string_equal(rules.union_top, "630000");
    assert_int_equal(rules.union_changes, 1);
    assert_int_equal(rules.reveal, REVEAL_AFTER_HAND_IN);
    assert_int_equal(rules.practice, PRACTICE_OPEN);
    assert_int_equal(rules.n_questions, 10);
    assert_int_equal(rules.full_points, 5000);
}

static void what_is_left_out_has_its_default(void **state)
{
    struct rules rules;

    read_good("minimal", *state, &rules);
    assert_null(rules.description);
    assert_int_equal(rules.utc_offset_ms, 8 * 3600000);
    assert_int_equal(rules.quota_total, 0);
    assert_int_equal(rules.quota_day, 0);
    assert_int_equal(rules.repeat, REPEAT_FRESH);
    assert_true(rules.shuffle_choices);
    assert_int_equal(rules.sections[0].type, -1);
    assert_int_equal(rules.sections[0].n_topics, 0);
    assert_int_equal(rules.sections[0].difficulty, 0);
    assert_int_equal(rules.grace_ms, 5000);
    assert_int_equal(rules.partial, PARTIAL_NONE);
    assert_int_equal(rules.counts, COUNTS_BEST);
    assert_int_equal(rules.order.n_keys, 3);
    assert_int_equal(rules.order.keys[1], ORDER_DURATION);
    assert_false(rules.order.is_shared);
    assert_false(rules.board_day || rules.board_week || rules.board_month);
    assert_null(rules.union_top);
    assert_int_equal(rules.union_changes, 1);
    assert_int_equal(rules.reveal, REVEAL_AFTER_HAND_IN);
    assert_int_equal(rules.practice, PRACTICE_AFTER_CLOSE);
}

static void the_other_values_are_read_too(void **state)
{
    struct rules rules;

    read_good("at-the-upper-limits", *state, &rules);
    assert_int_equal(rules.utc_offset_ms, -14 * 3600000);
    assert_int_equal(rules.repeat, REPEAT_SAME);
    assert_false(rules.shuffle_choices);
    assert_int_equal(rules.sections[0].type, QUESTION_BLANK);
    assert_int_equal(rules.sections[0].n_topics, 16);
    assert_int_equal(rules.sections[15].points, 1);
    assert_int_equal(rules.n_questions, 200);
    assert_int_equal(rules.full_points, 185 * 100000 + 15);
    assert_int_equal(rules.partial, PARTIAL_NOTHING_WRONG);
    assert_int_equal(rules.counts, COUNTS_LAST);
    assert_int_equal(rules.order.keys[1], ORDER_REACHED);
    assert_true(rules.order.is_shared);
    assert_true(rules.board_day && rules.board_week && rules.board_month);
    assert_int_equal(rules.reveal, REVEAL_AFTER_CLOSE);
}

static void time_zones_have_their_offset(void **state)
{
    struct rules rules;

    read_good("time-zone-utc", *state, &rules);
    assert_int_equal(rules.utc_offset_ms, 0);
    read_good("time-zone-urumqi", *state, &rules);
    assert_int_equal(rules.utc_offset_ms, 6 * 3600000);
    read_good("time-zone-offset", *state, &rules);
    assert_int_equal(rules.utc_offset_ms, (13 * 60 + 59) * 60000);
}

static void real_contests_add_up(void **state)
{
    struct rules rules;

    read_good("a8-labour-law-2021", *state, &rules);
    assert_int_equal(rules.n_questions, 5);
    assert_int_equal(rules.full_points, 1000); /* ten days of it make 100 points */
    assert_int_equal(rules.counts, COUNTS_DAILY_BEST);
    read_good("a6-party-history-2021", *state, &rules);
    assert_int_equal(rules.full_points, 10000);
    assert_int_equal(rules.counts, COUNTS_SUM);
    read_good("b25-science-2018-formal", *state, &rules);
    assert_int_equal(rules.full_points, 10000);
}

/* Goes to the place a pointer names and puts a value there. */
static void put(json_t *json, const char *pointer, json_t *value)
{
    char path[96], *rest = path, *step;

    snprintf(path, sizeof(path), "%s", pointer + 1);
    while ((step = strsep(&rest, "/")) && rest)
        json = json_is_array(json) ? json_array_get(json, (size_t)(step[0] - '0'))
                                   : json_object_get(json, step);
    if (json_is_array(json))
        json_array_set_new(json, (size_t)(step[0] - '0'), value);
    else
        json_object_set_new(json, step, value);
}

static void a_mistake_is_told_with_a_pointer_to_it(void **state)
{
    static const char *const places[] = {
        "/campaign",
        "/title",
        "/time_zone",
        "/window",
        "/window/closes",
        "/quota/per_day",
        "/paper/sections/0",
        "/paper/sections/0/type",
        "/paper/sections/0/topics/0",
        "/paper/sections/0/points",
        "/clock/limit_seconds",
        "/scoring/multiple",
        "/counts",
        "/order/keys/1",
        "/order/ties",
        "/boards/periods/0",
        "/unions/within",
        "/reveal",
        "/practice",
        "/paper/colour",
        "/colour",
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct rules rules = { .slug = "untouched" };
        struct error err = { 0 };
        json_t *json = load_good("demo");

        put(json, places[i], json_false());
        assert_false(rules_read(json, *state, &rules, &err));
        json_decref(json);
        assert_string_equal(err.where, places[i]);
        assert_true(strlen(err.detail[CHINESE]) && strlen(err.detail[ENGLISH]));
        assert_string_equal(rules.slug, "untouched");
    }
}

static void a_key_given_twice_is_told_with_its_place(void **state)
{
    struct rules rules;
    struct error err;
    json_t *json = load_good("demo");

    put(json, "/order/keys/2", json_string("duration"));
    assert_false(rules_read(json, *state, &rules, &err));
    json_decref(json);
    assert_int_equal(err.problem, PROBLEM_RULES_BAD);
    assert_string_equal(err.where, "/order/keys/2");
}

struct change {
    const char *pointer, *value;
};

/* The demonstration with one change, read. */
static void read_changed(const struct change *change, struct arena *arena,
                         struct rules *out)
{
    struct error err;
    json_t *json = load_good("demo");

    put(json, change->pointer, json_loads(change->value, JSON_DECODE_ANY, NULL));
    if (!rules_read(json, arena, out, &err))
        fail_msg("%s %s", err.where, err.detail[ENGLISH]);
    json_decref(json);
}

static void what_decides_ranks_may_not_change(void **state)
{
    static const struct change changes[] = {
        { "/campaign", "\"other\"" },
        { "/time_zone", "\"UTC\"" },
        { "/scoring", "{\"multiple\":\"nothing_wrong\"}" },
        { "/counts", "\"sum\"" },
        { "/order", "{\"keys\":[\"score\",\"reached\",\"duration\"]}" },
        { "/order", "{\"keys\":[\"score\"]}" },
        { "/order", "{\"ties\":\"shared\"}" },
        { "/boards", "{}" },
        { "/boards", "{\"periods\":[\"day\",\"week\"]}" },
        { "/boards", "{\"periods\":[\"month\"]}" },
    };
    struct rules was, now;
    struct error err;

    read_good("demo", *state, &was);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        read_changed(&changes[i], *state, &now);
        assert_false(rules_may_follow(&was, &now, &err));
        assert_int_equal(err.problem, PROBLEM_RULES_FIXED);
        assert_string_equal(err.where, changes[i].pointer);
    }
}

static void texts_window_quota_clock_paper_reveal_and_practice_may_change(void **state)
{
    static const struct change changes[] = {
        { "/title", "\"新的名称\"" },
        { "/description", "\"\"" },
        { "/window/closes", "\"2027-02-01T00:00:00+08:00\"" },
        { "/quota", "{\"total\":9}" },
        { "/clock", "{\"limit_seconds\":300}" },
        { "/paper", "{\"sections\":[{\"count\":5,\"points\":10}]}" },
        { "/unions", "{}" },
        { "/reveal", "\"score\"" },
        { "/practice", "\"never\"" },
        { "/time_zone", "\"+08:00\"" },
        { "/order", "{}" },
    };
    struct rules was, now;
    struct error err;

    read_good("demo", *state, &was);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        read_changed(&changes[i], *state, &now);
        assert_true(rules_may_follow(&was, &now, &err));
    }
}

static int open_arena(void **state)
{
    static struct arena arena;

    arena_init(&arena);
    *state = &arena;
    return 0;
}

static int close_arena(void **state)
{
    arena_done(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_rules_are_read),
        TEST(bad_rules_are_refused),
        TEST(rules_that_only_a_schema_would_take_are_refused),
        TEST(every_field_is_read),
        TEST(what_is_left_out_has_its_default),
        TEST(the_other_values_are_read_too),
        TEST(time_zones_have_their_offset),
        TEST(real_contests_add_up),
        TEST(a_mistake_is_told_with_a_pointer_to_it),
        TEST(a_key_given_twice_is_told_with_its_place),
        TEST(what_decides_ranks_may_not_change),
        TEST(texts_window_quota_clock_paper_reveal_and_practice_may_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
