#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "bank/question.h"
#include "util/text.h"

/* Documents are written with ' for ", which the questions here never contain. */
static json_t *parse(const char *quoted)
{
    char text[8192];
    json_error_t why;

    snprintf(text, sizeof(text), "%s", quoted);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *json = json_loads(text, JSON_DECODE_ANY, &why);
    if (!json)
        fail_msg("line %d: %s in %s", why.line, why.text, text);
    return json;
}

#define REST                                                                             \
    "'topic':'union-law','difficulty':1,'explanation':'工会法第二条有规定。'," \
    "'source':{'document':'工会法','locator':'第二条','grade':'A'}"
#define SINGLE                                                                         \
    "{'id':'union-law-001','type':'single','stem':'工会是（　　）。',"         \
    "'choices':['甲','乙','丙','丁'],'key':'B'," REST "}"
#define MULTIPLE                                                                       \
    "{'id':'union-law-002','type':'multiple','stem':'下列属于（　　）。',"    \
    "'choices':['甲','乙','丙','丁'],'key':'ACD'," REST "}"
#define JUDGE                                                                          \
    "{'id':'union-law-003','type':'judge','stem':'工会是群众组织。','key':true," REST  \
    "}"
#define MARKED                                                                         \
    "{'id':'union-law-005','type':'judge','stem':'工会是群众组织。','key':true," REST  \
    ",'conflicts':['a','b-2'],'review':{'pass':2,'date':'2026-11-22',"                 \
    "'digest':'0123456789ab'}}"
#define BLANK                                                                           \
    "{'id':'union-law-004','type':'blank','stem':'全总成立于____年。',"          \
    "'key':['1925','一九二五',"                                                     \
    "'１９２５年'],'explanation':'成立于1925年5月1日。','topic':'history'," \
    "'difficulty':3,'source':{'document':'会史','locator':'1925-05-01'}}"

static void read_well(const char *text, struct arena *arena, struct question *out)
{
    struct error err = { 0 };
    json_t *json = parse(text);
    bool ok = question_read(json, arena, out, &err);

    json_decref(json); /* what was read must not hang on the document */
    if (!ok)
        fail_msg("%s %s", err.where, err.detail[ENGLISH]);
}

static void a_single_question_is_read(void **state)
{
    struct arena *arena = *state;
    struct question question;

    read_well(SINGLE, arena, &question);
    assert_string_equal(question.id, "union-law-001");
    assert_int_equal(question.type, QUESTION_SINGLE);
    assert_string_equal(question.topic, "union-law");
    assert_int_equal(question.difficulty, 1);
    assert_int_equal(question.n_choices, 4);
    assert_string_equal(question.choices[3], "丁");
    assert_int_equal(question.key, 2);
    assert_string_equal(question.explanation, "工会法第二条有规定。");
    assert_string_equal(question.source_document, "工会法");
    assert_string_equal(question.source_locator, "第二条");
    assert_string_equal(question.stem_json.at, "\"工会是（　　）。\"");
    assert_string_equal(question.choices_json[0].at, "\"甲\"");
    assert_string_equal(question.source_json.at,
                        "{\"document\":\"工会法\",\"locator\":\"第二条\"}");
}

static void a_multiple_question_has_a_bit_for_each_right_choice(void **state)
{
    struct question question;

    read_well(MULTIPLE, *state, &question);
    assert_int_equal(question.type, QUESTION_MULTIPLE);
    assert_int_equal(question.key, 1 | 4 | 8);
}

static void a_judge_question_gets_its_two_choices(void **state)
{
    struct question question;

    read_well(JUDGE, *state, &question);
    assert_int_equal(question.n_choices, 2);
    assert_string_equal(question.choices[0], "正确");
    assert_string_equal(question.choices[1], "错误");
    assert_int_equal(question.key, 1);
}

static void a_blank_keeps_its_variants_folded_and_shows_the_first(void **state)
{
    struct question question;

    read_well(BLANK, *state, &question);
    assert_int_equal(question.n_choices, 0);
    assert_int_equal(question.n_variants, 3);
    assert_string_equal(question.variants[2], "1925年");
    assert_string_equal(question.shown, "1925");
    assert_string_equal(question.shown_json.at, "\"1925\"");
    assert_true(question_accepts(&question, " １９２５。"));
    assert_true(question_accepts(&question, "一九 二五"));
    assert_false(question_accepts(&question, "1926"));
    assert_false(question_accepts(&question, ""));
}

static void a_text_longer_than_any_answer_is_not_accepted(void **state)
{
    struct question question;
    char text[MAX_ANSWER_BYTES + 8];

    read_well(BLANK, *state, &question);
    memset(text, ' ', sizeof(text));
    memcpy(text + sizeof(text) - 5, "1925", 5);
    assert_false(question_accepts(&question, text));
}

static void the_groups_a_question_conflicts_in_are_kept(void **state)
{
    struct question question;

    read_well(MARKED, *state, &question);
    assert_int_equal(question.n_conflicts, 2);
    assert_string_equal(question.conflicts[0], "a");
    assert_string_equal(question.conflicts[1], "b-2");
    read_well(JUDGE, *state, &question);
    assert_int_equal(question.n_conflicts, 0);
}

static void a_review_need_not_have_a_digest_nor_conflicts_a_member(void **state)
{
    struct question question;

    read_well("{'id':'a-1','type':'judge','stem':'工会是群众组织。','key':false," REST
              ",'conflicts':[],'review':{'pass':1,'date':'2026-11-22'}}",
              *state, &question);
    assert_int_equal(question.n_conflicts, 0);
}

static void quotes_in_texts_are_escaped_in_the_fragments(void **state)
{
    struct question question;

    read_well(
        "{'id':'a-1','type':'judge','stem':'他说\\u0022好\\u0022','key':false," REST
        "}",
        *state, &question);
    assert_string_equal(question.stem_json.at, "\"他说\\\"好\\\"\"");
    assert_int_equal(question.key, 2);
}

struct mistake {
    const char *pointer; /* in a sound document, what to change ... */
    const char *value;   /* ... to this; NULL takes it out */
    const char *where, *says;
};

static void spoil(json_t *json, const struct mistake *mistake)
{
    char path[64];

    snprintf(path, sizeof(path), "%s", mistake->pointer + 1);
    char *last = strrchr(path, '/');
    if (last) {
        *last++ = '\0';
        json = json_object_get(json, path);
    }
    const char *name = last ? last : path;
    if (json_is_array(json))
        json_array_set_new(json, (size_t)(name[0] - '0'), parse(mistake->value));
    else if (mistake->value)
        json_object_set_new(json, name, parse(mistake->value));
    else
        json_object_del(json, name);
}

static void each_is_named(const char *sound, const struct mistake *mistakes, size_t n,
                          struct arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        struct question question = { .id = "untouched" };
        struct error err = { 0 };
        json_t *json = parse(sound);

        spoil(json, &mistakes[i]);
        if (question_read(json, arena, &question, &err))
            fail_msg("%s = %s was taken", mistakes[i].pointer, mistakes[i].value);
        json_decref(json);
        assert_int_equal(err.problem, PROBLEM_QUESTION_BAD);
        assert_string_equal(err.where, mistakes[i].where);
        if (!strstr(err.detail[ENGLISH], mistakes[i].says))
            fail_msg("\"%s\" does not say \"%s\"", err.detail[ENGLISH],
                     mistakes[i].says);
        assert_string_equal(question.id, "untouched");
    }
}

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void every_mistake_in_a_choice_question_is_named(void **state)
{
    static const struct mistake mistakes[] = {
        { "/id", NULL, "/id", "\"?\": The field \"id\" is required" },
        { "/id", "'A 1'", "/id", "small letters" },
        { "/id", "7", "/id", "should be a string" },
        { "/type", "'essay'", "/type", "one of single, multiple, judge, blank" },
        { "/type", NULL, "/type", "union-law-001" },
        { "/topic", "'工会法'", "/topic", "small letters" },
        { "/topic", NULL, "/topic", "required" },
        { "/difficulty", "4", "/difficulty", "from 1 to 3" },
        { "/difficulty", "1.0", "/difficulty", "an integer" },
        { "/stem", "'甲？？'", "/stem", "4 to 400" },
        { "/explanation", "'对'", "/explanation", "4 to 600" },
        { "/explanation", NULL, "/explanation", "required" },
        { "/source", "'工会法'", "/source", "an object" },
        { "/source/document", "''", "/source/document", "1 to 120" },
        { "/source/locator", NULL, "/source/locator", "required" },
        { "/source/grade", "'C'", "/source/grade", "one of: A, B" },
        { "/source/page", "3", "/source/page", "no field \"page\"" },
        { "/hint", "'甲'", "/hint", "no field \"hint\"" },
        { "/choices", NULL, "/choices", "required" },
        { "/choices", "['甲']", "/choices", "2 to 8" },
        { "/choices", "['1','2','3','4','5','6','7','8','9']", "/choices", "2 to 8" },
        { "/choices/2", "''", "/choices/2", "choice C should be a text" },
        { "/choices/2", "5", "/choices/2", "choice C should be a text" },
        { "/choices/2", "'甲'", "/choices/2", "choice C is the same" },
        { "/key", NULL, "/key", "required" },
        { "/key", "true", "/key", "a string" },
        { "/key", "''", "/key", "1 to 8" },
        { "/key", "'E'", "/key", "letters of choices, in order" },
        { "/key", "'b'", "/key", "letters of choices, in order" },
        { "/key", "'@'", "/key", "letters of choices, in order" },
        { "/key", "'AB'", "/key", "one right choice" },
    };

    each_is_named(SINGLE, mistakes, N(mistakes), *state);
}

static void every_mistake_in_a_multiple_key_is_named(void **state)
{
    static const struct mistake mistakes[] = {
        { "/key", "'A'", "/key", "at least two right choices" },
        { "/key", "'ABCD'", "/key", "and a wrong one" },
        { "/key", "'CA'", "/key", "in order" },
        { "/key", "'AAB'", "/key", "in order" },
        { "/key", "'ABE'", "/key", "in order" },
    };

    each_is_named(MULTIPLE, mistakes, N(mistakes), *state);
}

static void every_mistake_in_a_judge_question_is_named(void **state)
{
    static const struct mistake mistakes[] = {
        { "/key", "'A'", "/key", "true or false" },
        { "/key", "1", "/key", "true or false" },
        { "/choices", "['正确','错误']", "/choices", "no field \"choices\"" },
    };

    each_is_named(JUDGE, mistakes, N(mistakes), *state);
}

static void every_mistake_in_a_blank_is_named(void **state)
{
    static const struct mistake mistakes[] = {
        { "/stem", "'全总成立于1925年。'", "/stem", "exactly once" },
        { "/stem", "'全总成立于___年。'", "/stem", "exactly once" },
        { "/stem", "'全总成立于_____年。'", "/stem", "exactly once" },
        { "/stem", "'____年____月成立。'", "/stem", "exactly once" },
        { "/key", "'1925'", "/key", "an array" },
        { "/key", "[]", "/key", "1 to 12" },
        { "/key", "['1','2','3','4','5','6','7','8','9','10','11','12','13']", "/key",
          "1 to 12" },
        { "/key/1", "1925", "/key/1", "answer 2 should be a text" },
        { "/key/1", "' 。'", "/key/1", "answer 2 says nothing" },
        { "/key/1", "' １９２５'", "/key/1", "answer 2 is the same" },
    };

    each_is_named(BLANK, mistakes, N(mistakes), *state);
}

static void every_mistake_in_conflicts_and_review_is_named(void **state)
{
    static const struct mistake mistakes[] = {
        { "/conflicts", "'a'", "/conflicts", "an array" },
        { "/conflicts", "['1','2','3','4','5','6','7','8','9']", "/conflicts",
          "0 to 8" },
        { "/conflicts/1", "'a'", "/conflicts/1", "named twice" },
        { "/conflicts/1", "'A'", "/conflicts/1", "small letters" },
        { "/conflicts/1", "''", "/conflicts/1", "1 to 64" },
        { "/conflicts/1", "7", "/conflicts/1", "1 to 64" },
        { "/conflicts/1",
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
          "/conflicts/1", "1 to 64" },
        { "/review", "2", "/review", "an object" },
        { "/review/pass", NULL, "/review/pass", "required" },
        { "/review/pass", "0", "/review/pass", "from 1 to 99" },
        { "/review/date", NULL, "/review/date", "required" },
        { "/review/date", "'2026-02-30'", "/review/date", "written like" },
        { "/review/date", "'2026/02/03'", "/review/date", "written like" },
        { "/review/digest", "'0123456789AB'", "/review/digest", "hexadecimal" },
        { "/review/digest", "'0123'", "/review/digest", "12 to 12" },
        { "/review/by", "'me'", "/review/by", "no field \"by\"" },
    };

    each_is_named(MARKED, mistakes, N(mistakes), *state);
}

static void lengths_are_taken_at_their_ends(void **state)
{
    char document[4096];
    struct question question;
    struct error err;
    TEXT(stem);

    for (int n = 1; n <= 401; n++) {
        text_string(&stem, "工");
        if (n > 5 && n < 399)
            continue;
        snprintf(document, sizeof(document),
                 "{'id':'a-1','type':'judge','stem':'%s','key':true," REST "}",
                 stem.data);
        json_t *json = parse(document);
        assert_int_equal(question_read(json, *state, &question, &err),
                         n >= 4 && n <= 400);
        json_decref(json);
    }
}

static void what_is_no_object_is_no_question(void **state)
{
    struct question question;
    struct error err;
    json_t *json = parse("['single']");

    assert_false(question_read(json, *state, &question, &err));
    assert_int_equal(err.problem, PROBLEM_QUESTION_BAD);
    json_decref(json);
}

static void a_slug_has_small_letters_digits_and_hyphens(void **state)
{
    (void)state;
    assert_true(question_is_slug("union-law-001"));
    assert_true(question_is_slug("7"));
    assert_false(question_is_slug(""));
    assert_false(question_is_slug("-a"));
    assert_false(question_is_slug("a-"));
    assert_false(question_is_slug("A"));
    assert_false(question_is_slug("a_b"));
    assert_false(question_is_slug("a\n"));
}

struct reports {
    int n;
    char where[8][96], english[8][256];
};

static void note(const struct error *err, void *context)
{
    struct reports *reports = context;

    snprintf(reports->where[reports->n], sizeof(reports->where[0]), "%s", err->where);
    snprintf(reports->english[reports->n], sizeof(reports->english[0]), "%s",
             err->detail[ENGLISH]);
    reports->n++;
}

static bool read_file(const char *text, struct arena *arena, struct question **out,
                      int *n, struct reports *reports)
{
    json_t *json = parse(text);
    bool ok = question_read_file(json, arena, out, n, note, reports);

    json_decref(json);
    return ok;
}

static void a_file_gives_its_questions_in_order(void **state)
{
    struct reports reports = { 0 };
    struct question *questions;
    int n;

    assert_true(read_file("{'theme':'union-law','title':'工会法','questions':[" SINGLE
                          "," MULTIPLE "," JUDGE "," BLANK "]}",
                          *state, &questions, &n, &reports));
    assert_int_equal(n, 4);
    assert_int_equal(reports.n, 0);
    assert_string_equal(questions[0].id, "union-law-001");
    assert_string_equal(questions[3].id, "union-law-004");
}

static void a_file_reports_all_its_mistakes_at_once(void **state)
{
    struct reports reports = { 0 };
    struct question *questions = NULL;
    int n = -1;

    assert_false(
        read_file("{'theme':'union-law','title':'工会法','questions':[" SINGLE
                  ",{'id':'union-law-009'},7," MULTIPLE "," MULTIPLE
                  ",{'id':'history-001','type':'judge','stem':'全总在1925年成立。',"
                  "'key':true," REST "}]}",
                  *state, &questions, &n, &reports));
    assert_null(questions);
    assert_int_equal(n, -1);
    assert_int_equal(reports.n, 5);
    assert_string_equal(reports.where[0], "/questions/1/type");
    assert_non_null(strstr(reports.english[0], "union-law-009"));
    assert_string_equal(reports.where[1], "/questions/2");
    assert_string_equal(reports.where[2], "/questions/5/id");
    assert_non_null(strstr(reports.english[2], "begin with the theme"));
    assert_non_null(strstr(reports.english[3], "\"id\" occurs twice"));
    assert_non_null(strstr(reports.english[4], "stem is that of another"));
}

static void a_file_of_another_shape_is_refused(void **state)
{
    struct reports reports = { 0 };
    struct question *questions;
    int n;

    assert_false(read_file("{'theme':'union-law','questions':[" SINGLE "]}", *state,
                           &questions, &n, &reports));
    assert_string_equal(reports.where[0], "/title");
}

static void stop(const struct error *err, void *context)
{
    fail_msg("%s%s: %s", (const char *)context, err->where, err->detail[ENGLISH]);
}

static void the_questions_of_the_house_are_read(void **state)
{
    DIR *folder = opendir(SOURCE_ROOT "/questions");
    struct dirent *entry;
    int n_all = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        char path[512];
        struct question *questions;
        int n;

        if (!strstr(entry->d_name, ".json"))
            continue;
        snprintf(path, sizeof(path), SOURCE_ROOT "/questions/%s", entry->d_name);
        json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_true(question_read_file(json, *state, &questions, &n, stop, path));
        json_decref(json);
        n_all += n;
    }
    closedir(folder);
    assert_true(n_all > 0);
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
        TEST(a_single_question_is_read),
        TEST(a_multiple_question_has_a_bit_for_each_right_choice),
        TEST(a_judge_question_gets_its_two_choices),
        TEST(a_blank_keeps_its_variants_folded_and_shows_the_first),
        TEST(a_text_longer_than_any_answer_is_not_accepted),
        TEST(the_groups_a_question_conflicts_in_are_kept),
        TEST(a_review_need_not_have_a_digest_nor_conflicts_a_member),
        TEST(quotes_in_texts_are_escaped_in_the_fragments),
        TEST(every_mistake_in_a_choice_question_is_named),
        TEST(every_mistake_in_a_multiple_key_is_named),
        TEST(every_mistake_in_a_judge_question_is_named),
        TEST(every_mistake_in_a_blank_is_named),
        TEST(every_mistake_in_conflicts_and_review_is_named),
        TEST(lengths_are_taken_at_their_ends),
        TEST(what_is_no_object_is_no_question),
        TEST(a_slug_has_small_letters_digits_and_hyphens),
        TEST(a_file_gives_its_questions_in_order),
        TEST(a_file_reports_all_its_mistakes_at_once),
        TEST(a_file_of_another_shape_is_refused),
        TEST(the_questions_of_the_house_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
