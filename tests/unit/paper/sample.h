#pragma once
/* Made-up questions, rules and plans for the tests of paper/ and score/. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <jansson.h>

#include "paper/paper.h"
#include "util/memory.h"

/* Choices are named by their place in the question: 甲0, 甲1, ... */
static inline json_t *sample_key(enum question_type type, int n_choices,
                                 json_t *question)
{
    json_t *choices = json_array();

    for (int i = 0; i < n_choices; i++)
        json_array_append_new(choices, json_sprintf("甲%d", i));
    if (type == QUESTION_SINGLE || type == QUESTION_MULTIPLE)
        json_object_set(question, "choices", choices);
    json_decref(choices);
    switch (type) {
    case QUESTION_SINGLE:
        return json_string("B");
    case QUESTION_MULTIPLE:
        return json_string("ACD");
    case QUESTION_JUDGE:
        return json_false();
    case QUESTION_BLANK:
        break;
    }
    return json_pack("[s, s]", "1925", "一九二五");
}

/* Question number i of a topic: single and multiple ones have five choices; the keys
 * are B, ACD, false, 1925. */
static inline const struct question *sample_question(struct arena *arena,
                                                     const char *topic, int i,
                                                     enum question_type type,
                                                     int difficulty)
{
    struct question *question = arena_alloc(arena, sizeof(*question));
    struct error err = { 0 };
    json_t *json =
        json_pack("{s:o, s:s, s:s, s:i, s:o, s:s, s:{s:s, s:s}}", "id",
                  json_sprintf("%s-%03d", topic, i), "type", question_type_names[type],
                  "topic", topic, "difficulty", difficulty, "stem",
                  json_sprintf("第%d题：____", i), "explanation", "书上有说明。",
                  "source", "document", "工会法", "locator", "第二条");

    json_object_set_new(json, "key", sample_key(type, 5, json));
    bool ok = question_read(json, arena, question, &err);
    json_decref(json);
    if (!ok)
        fail_msg("%s", err.detail[ENGLISH]);
    question->revision = i + 1;
    return question;
}

/* Puts it into one more conflict group. */
static inline void sample_conflict(const struct question *question, const char *group)
{
    struct question *changed = (struct question *)question; /* the arena's */

    assert_true(changed->n_conflicts < MAX_CONFLICTS);
    changed->conflicts[changed->n_conflicts++] = group;
}

/* n questions of one topic, all easy, all of one type. */
static inline const struct question **
sample_pool(struct arena *arena, const char *topic, enum question_type type, int n)
{
    const struct question **pool = arena_alloc(arena, (size_t)n * sizeof(*pool));

    for (int i = 0; i < n; i++)
        pool[i] = sample_question(arena, topic, i, type, 1);
    return pool;
}

/* A plan of one section over the whole pool, two points each. */
static inline void sample_plan(struct arena *arena, enum repeat repeat,
                               enum question_type type, int n, int count,
                               struct plan *out)
{
    struct rules *rules = arena_alloc(arena, sizeof(*rules));
    struct error err = { 0 };

    rules->repeat = repeat;
    rules->shuffle_choices = true;
    rules->n_sections = 1;
    rules->sections[0] = (struct section){ .type = -1, .count = count, .points = 200 };
    rules->n_questions = count;
    rules->full_points = count * 200;
    if (!plan_make(rules, sample_pool(arena, "topic", type, n), n, arena, out, &err))
        fail_msg("%s", err.detail[ENGLISH]);
}

/* Seeds that differ in every test's own way: the number, spread over the bytes. */
static inline void sample_seed(uint8_t seed[SEED_BYTES], unsigned number)
{
    for (int i = 0; i < SEED_BYTES; i++)
        seed[i] =
            (uint8_t)((number + 1) * 2654435761u >> (i % 4 * 8)) ^ (uint8_t)(i * 37);
}

static inline int sample_open(void **state)
{
    static struct arena arena;

    arena_init(&arena);
    *state = &arena;
    return 0;
}

static inline int sample_close(void **state)
{
    arena_done(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_open, sample_close)
