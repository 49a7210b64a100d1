#include "sample.h"

#include <stdlib.h>

#include "util/text.h"

/* A single (B), a multiple (ACD), a judge and a blank, the first two shuffled. */
static void four(struct arena *arena, struct paper *out)
{
    static const struct item items[] = {
        { .choices = { 4, 0, 3, 1, 2 } },
        { .choices = { 1, 2, 3, 4, 0 } },
        { .choices = { 0, 1 } },
        { .choices = { 0 } },
    };
    static const enum question_type types[] = { QUESTION_SINGLE, QUESTION_MULTIPLE,
                                                QUESTION_JUDGE, QUESTION_BLANK };

    out->n_items = 4;
    out->items = arena_alloc(arena, sizeof(items));
    memcpy(out->items, items, sizeof(items));
    for (int i = 0; i < 4; i++)
        out->items[i].question = sample_question(arena, "a", i, types[i], 1);
}

static json_t *parse(const char *quoted)
{
    char text[2048];
    json_error_t why;

    snprintf(text, sizeof(text), "%s", quoted);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &why);
    if (!json)
        fail_msg("%s in %s", why.text, text);
    return json;
}

static bool read(const char *text, struct arena *arena, struct answer out[4],
                 struct error *err)
{
    struct paper paper;
    json_t *json = parse(text);

    four(arena, &paper);
    bool ok = answers_read(json, &paper, arena, out, err);
    json_decref(json); /* answers must not hang on the document */
    return ok;
}

static void labels_are_read_as_choices_of_the_question(void **state)
{
    struct answer answers[4];
    struct error err;

    assert_true(read("[{'number':2,'choices':['E','A']},{'number':1,'choices':['C']},"
                     "{'number':3,'choices':['B']},{'number':4,'text':'1925'}]",
                     *state, answers, &err));
    assert_int_equal(answers[0].choices, 1 << 3);
    assert_int_equal(answers[1].choices, 1 << 0 | 1 << 1);
    assert_int_equal(answers[2].choices, 1 << 1);
    assert_int_equal(answers[3].choices, 0);
    assert_string_equal(answers[3].text, "1925");
    for (int i = 0; i < 4; i++) {
        assert_true(answers[i].is_given);
        if (i < 3)
            assert_null(answers[i].text);
    }
}

static void what_is_not_there_or_empty_is_no_answer(void **state)
{
    struct answer answers[4] = { { .is_given = true } };
    struct error err;

    assert_true(read("[{'number':1,'choices':[]},{'number':4,'text':' \\t\\u3000'}]",
                     *state, answers, &err));
    for (int i = 0; i < 4; i++) {
        assert_false(answers[i].is_given);
        assert_int_equal(answers[i].choices, 0);
        assert_null(answers[i].text);
    }
    assert_true(read("[]", *state, answers, &err));
}

static void a_text_is_kept_as_typed_but_trimmed(void **state)
{
    struct answer answers[4];
    struct error err;

    assert_true(read("[{'number':4,'text':'\\u3000 １９ ２５年。\\n'}]", *state,
                     answers, &err));
    assert_string_equal(answers[3].text, "１９ ２５年。");
}

/* The last byte of these is, alone, the code of a space that is not broken or a new line. */
static void a_text_keeps_its_last_character_whatever_its_bytes(void **state)
{
    static const char *const texts[] = { "参加", "补充", "胃肠", "栅", "懈怠", "加 充" };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct answer answers[4], again[4];
        struct error err;
        uint8_t *packed;
        char json[100];

        snprintf(json, sizeof(json), "[{'number':4,'text':' %s '}]", texts[i]);
        assert_true(read(json, *state, answers, &err));
        assert_string_equal(answers[3].text, texts[i]);
        size_t n = answers_pack(answers, 4, *state, &packed);
        assert_true(answers_unpack(packed, n, *state, again, 4));
        assert_string_equal(again[3].text, texts[i]);
    }
}

static void the_longest_text_fits_and_one_more_does_not(void **state)
{
    struct answer answers[4];
    struct error err;
    TEXT(longest);
    char text[512];

    for (int i = 0; i < 60; i++)
        text_string(&longest, "😀");
    snprintf(text, sizeof(text), "[{'number':4,'text':'%s'}]", longest.data);
    assert_true(read(text, *state, answers, &err));
    assert_int_equal(strlen(answers[3].text), MAX_ANSWER_BYTES);
    snprintf(text, sizeof(text), "[{'number':4,'text':'%sa'}]", longest.data);
    assert_false(read(text, *state, answers, &err));
    assert_string_equal(err.where, "/0/text");
}

static void every_mistake_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum problem problem;
        const char *where;
    } mistakes[] = {
        { "{'1':['A']}", PROBLEM_FIELD_TYPE, "" },
        { "'A'", PROBLEM_FIELD_TYPE, "" },
        { "[['A']]", PROBLEM_FIELD_TYPE, "/0" },
        { "[{'choices':['A']}]", PROBLEM_FIELD_MISSING, "/0/number" },
        { "[{'number':'1','choices':['A']}]", PROBLEM_FIELD_TYPE, "/0/number" },
        { "[{'number':0,'choices':['A']}]", PROBLEM_NO_QUESTION, "/0/number" },
        { "[{'number':5,'choices':['A']}]", PROBLEM_NO_QUESTION, "/0/number" },
        { "[{'number':-1,'choices':['A']}]", PROBLEM_NO_QUESTION, "/0/number" },
        { "[{'number':4294967297,'choices':['A']}]", PROBLEM_FIELD_RANGE, "/0/number" },
        { "[{'number':1,'choices':['A']},{'number':1,'choices':[]}]",
          PROBLEM_ANSWERED_TWICE, "/1/number" },
        { "[{'number':1,'choices':['A'],'points':5}]", PROBLEM_FIELD_UNKNOWN,
          "/0/points" },
        { "[{'number':1}]", PROBLEM_ANSWER_KIND, "/0" },
        { "[{'number':1,'text':'A'}]", PROBLEM_ANSWER_KIND, "/0" },
        { "[{'number':1,'choices':['A'],'text':'A'}]", PROBLEM_ANSWER_KIND, "/0" },
        { "[{'number':4,'choices':['A']}]", PROBLEM_ANSWER_KIND, "/0" },
        { "[{'number':4,'choices':[],'text':'1'}]", PROBLEM_ANSWER_KIND, "/0" },
        { "[{'number':1,'choices':'A'}]", PROBLEM_FIELD_TYPE, "/0/choices" },
        { "[{'number':1,'choices':[1]}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['F']}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['a']}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['']}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['AB']}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['a rather long label']}]", PROBLEM_NO_CHOICE,
          "/0/choices/0" },
        { "[{'number':3,'choices':['C']}]", PROBLEM_NO_CHOICE, "/0/choices/0" },
        { "[{'number':1,'choices':['A','B']}]", PROBLEM_ONE_CHOICE, "/0/choices" },
        { "[{'number':3,'choices':['A','B']}]", PROBLEM_ONE_CHOICE, "/0/choices" },
        { "[{'number':2,'choices':['A','B','A']}]", PROBLEM_CHOICE_TWICE,
          "/0/choices/2" },
    };

    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct answer answers[4] = { { .choices = 77 } };
        struct error err = { 0 };

        if (read(mistakes[i].text, *state, answers, &err))
            fail_msg("%s was taken", mistakes[i].text);
        assert_int_equal(err.problem, mistakes[i].problem);
        assert_string_equal(err.where, mistakes[i].where);
        assert_int_equal(answers[0].choices, 77);
    }
}

static void answers_are_written_as_the_client_would_send_them(void **state)
{
    struct answer answers[4];
    struct paper paper;
    struct error err;
    TEXT(text);

    four(*state, &paper);
    assert_true(read("[{'number':4,'text':'甲 乙'},{'number':2,'choices':['E','A']},"
                     "{'number':1,'choices':['C']}]",
                     *state, answers, &err));
    answers_write(&paper, answers, &text);
    assert_string_equal(text.data, "[{\"number\":1,\"choices\":[\"C\"]},"
                                   "{\"number\":2,\"choices\":[\"A\",\"E\"]},"
                                   "{\"number\":4,\"text\":\"甲 乙\"}]");
}

static void assert_same(const struct answer *a, const struct answer *b, int n)
{
    for (int i = 0; i < n; i++) {
        assert_int_equal(a[i].is_given, b[i].is_given);
        assert_int_equal(a[i].choices, b[i].choices);
        assert_int_equal(a[i].text != NULL, b[i].text != NULL);
        if (a[i].text)
            assert_string_equal(a[i].text, b[i].text);
    }
}

/* Some answer that a person could give to a question of this type. */
static struct answer some_answer(enum question_type type)
{
    static const char *const texts[] = { "1925", "甲 乙", "😀", "a", "“引号”\\\"" };

    if (random() % 4 == 0)
        return (struct answer){ 0 };
    switch (type) {
    case QUESTION_SINGLE:
        return (struct answer){ .is_given = true, .choices = 1u << random() % 5 };
    case QUESTION_MULTIPLE:
        return (struct answer){ .is_given = true, .choices = 1 + random() % 31 };
    case QUESTION_JUDGE:
        return (struct answer){ .is_given = true, .choices = 1u << random() % 2 };
    case QUESTION_BLANK:
        break;
    }
    return (struct answer){ .is_given = true, .text = texts[random() % 5] };
}

static void some_answers(const struct paper *paper, struct answer *out)
{
    for (int i = 0; i < paper->n_items; i++)
        out[i] = some_answer(paper->items[i].question->type);
}

static void what_is_written_is_read_again_as_it_was(void **state)
{
    struct paper paper;

    srandom(1);
    four(*state, &paper);
    for (int round = 0; round < 1000; round++) {
        struct answer answers[4], again[4];
        struct error err;
        TEXT(text);

        some_answers(&paper, answers);
        answers_write(&paper, answers, &text);
        json_t *json = json_loads(text.data, 0, NULL);
        assert_true(answers_read(json, &paper, *state, again, &err));
        json_decref(json);
        assert_same(answers, again, 4);
    }
}

static void what_is_packed_is_unpacked_as_it_was(void **state)
{
    struct paper paper;
    struct answer answers[4], again[4];
    uint8_t *bytes;

    srandom(2);
    four(*state, &paper);
    for (int round = 0; round < 1000; round++) {
        some_answers(&paper, answers);
        size_t size = answers_pack(answers, 4, *state, &bytes);
        assert_true(answers_unpack(bytes, size, *state, again, 4));
        assert_same(answers, again, 4);
    }
}

/* What lies in databases must be read for ever. */
static void packed_answers_look_as_they_always_did(void **state)
{
    static const struct answer answers[] = {
        { .is_given = true, .choices = 5 },
        { 0 },
        { .is_given = true, .text = "1925" },
        { .is_given = true, .choices = 128 },
    };
    static const uint8_t expected[] = { 1, 1, 5, 0, 2, 4, '1', '9', '2', '5', 1, 128 };
    uint8_t *bytes;

    assert_int_equal(answers_pack(answers, 4, *state, &bytes), sizeof(expected));
    assert_memory_equal(bytes, expected, sizeof(expected));
}

static void wrong_bytes_are_refused(void **state)
{
    static const struct {
        size_t size;
        uint8_t bytes[8];
    } wrong[] = {
        { 0, { 0 } },
        { 1, { 1 } },                      /* too short */
        { 2, { 1, 0 } },                   /* one answer of two */
        { 4, { 1, 0, 0, 0 } },             /* one too many */
        { 3, { 0, 0, 0 } },                /* no such version */
        { 3, { 2, 0, 0 } },                /* nor this */
        { 3, { 1, 3, 0 } },                /* no such tag */
        { 3, { 1, 0, 1 } },                /* choices cut off */
        { 4, { 1, 0, 1, 0 } },             /* choices, but none */
        { 4, { 1, 0, 2, 0 } },             /* text, but empty */
        { 5, { 1, 0, 2, 2, 'a' } },        /* text cut off */
        { 6, { 1, 0, 2, 2, ' ', 'a' } },   /* not trimmed */
        { 6, { 1, 0, 2, 2, 'a', '\n' } },  /* nor this */
        { 6, { 1, 0, 2, 2, 'a', 0 } },     /* NUL */
        { 6, { 1, 0, 2, 2, 0xe5, 0xb7 } }, /* not UTF-8 */
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct answer answers[2] = { { .choices = 77 } };

        if (answers_unpack(wrong[i].bytes, wrong[i].size, *state, answers, 2))
            fail_msg("number %zu was taken", i);
        assert_int_equal(answers[0].choices, 77);
    }
}

/* Unpacks bytes that lie in a piece of memory of their own size; what is taken must be
 * what packing makes of it. */
static bool is_canonical(const uint8_t *bytes, size_t size, int n)
{
    struct arena arena;
    struct answer answers[MAX_PAPER];
    uint8_t *own = malloc(size ? size : 1), *again;

    arena_init(&arena);
    if (size)
        memcpy(own, bytes, size);
    bool taken = answers_unpack(own, size, &arena, answers, n);
    if (taken) {
        assert_int_equal(answers_pack(answers, n, &arena, &again), size);
        assert_memory_equal(again, bytes, size);
    }
    arena_done(&arena);
    free(own);
    return taken;
}

static void random_bytes_are_refused_or_mean_one_thing(void **state)
{
    int n_taken = 0;

    (void)state;
    srandom(3);
    for (int round = 0; round < 300000; round++) {
        uint8_t bytes[24];
        size_t size = (size_t)random() % sizeof(bytes);

        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)(random() % 3 ? random() % 4 : random());
        if (size && random() % 8)
            bytes[0] = 1;
        n_taken += is_canonical(bytes, size, (int)(random() % 8));
    }
    assert_true(n_taken > 1000);
}

static void packed_bytes_with_a_flaw_are_refused_or_mean_one_thing(void **state)
{
    struct paper paper;
    struct answer answers[4];
    uint8_t *bytes;

    srandom(4);
    four(*state, &paper);
    for (int round = 0; round < 50000; round++) {
        struct arena arena;

        arena_init(&arena);
        some_answers(&paper, answers);
        size_t size = answers_pack(answers, 4, &arena, &bytes);
        bytes[(size_t)random() % size] ^= (uint8_t)(1 << random() % 8);
        is_canonical(bytes, size - (size_t)(random() % 2), 4);
        arena_done(&arena);
    }
}

static bool read_one(const char *choices, const char *text, int i, struct arena *arena,
                     struct answer *out, struct error *err)
{
    struct paper paper;
    json_t *json = choices ? parse(choices) : NULL;

    four(arena, &paper);
    bool ok = answers_read_one(json, text, &paper.items[i], arena, out, err);
    json_decref(json);
    return ok;
}

static void one_answer_is_read_by_itself(void **state)
{
    struct answer answer;
    struct error err = { 0 };

    assert_true(read_one("['E','A']", NULL, 1, *state, &answer, &err));
    assert_int_equal(answer.choices, 1 << 0 | 1 << 1);
    assert_true(read_one(NULL, " 1925 ", 3, *state, &answer, &err));
    assert_string_equal(answer.text, "1925");
    assert_true(read_one("[]", NULL, 0, *state, &answer, &err));
    assert_false(answer.is_given);
    assert_false(read_one("['B','A']", NULL, 0, *state, &answer, &err));
    assert_int_equal(err.problem, PROBLEM_ONE_CHOICE);
    assert_string_equal(err.where, "/choices");
    assert_false(read_one(NULL, NULL, 0, *state, &answer, &err));
    assert_int_equal(err.problem, PROBLEM_ANSWER_KIND);
    assert_false(read_one("['A']", "1925", 3, *state, &answer, &err));
    assert_int_equal(err.problem, PROBLEM_ANSWER_KIND);
    assert_false(answer.is_given); /* what was refused is not written */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(labels_are_read_as_choices_of_the_question),
        TEST(what_is_not_there_or_empty_is_no_answer),
        TEST(a_text_is_kept_as_typed_but_trimmed),
        TEST(a_text_keeps_its_last_character_whatever_its_bytes),
        TEST(the_longest_text_fits_and_one_more_does_not),
        TEST(every_mistake_is_refused_with_its_place),
        TEST(answers_are_written_as_the_client_would_send_them),
        TEST(what_is_written_is_read_again_as_it_was),
        TEST(what_is_packed_is_unpacked_as_it_was),
        TEST(packed_answers_look_as_they_always_did),
        TEST(wrong_bytes_are_refused),
        TEST(random_bytes_are_refused_or_mean_one_thing),
        TEST(packed_bytes_with_a_flaw_are_refused_or_mean_one_thing),
        TEST(one_answer_is_read_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
