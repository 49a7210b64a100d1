/* Files of questions: every one that is taken can be shown, and takes its own answers.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "bank/question.h"
#include "util/encode.h"
#include "util/fields.h"
#include "util/memory.h"

static int n_told;

static void note(const struct error *err, void *context)
{
    (void)context;
    assert(err->problem != PROBLEM_NONE);
    assert(utf8_is_valid(err->where, strlen(err->where)));
    for (int language = 0; language < N_LANGUAGES; language++)
        assert(utf8_is_valid(err->detail[language], strlen(err->detail[language])));
    n_told++;
}

static void check_json(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

    assert(json);
    json_decref(json);
}

static void check(const struct question *question)
{
    assert(question_is_slug(question->id) && question_is_slug(question->topic));
    assert(question->difficulty >= 1 && question->difficulty <= 3);
    check_json(question->stem_json.at);
    check_json(question->explanation_json.at);
    check_json(question->source_json.at);
    assert(question->n_conflicts >= 0 && question->n_conflicts <= MAX_CONFLICTS);
    for (int i = 0; i < question->n_conflicts; i++)
        assert(question_is_slug(question->conflicts[i]));
    if (question->type == QUESTION_BLANK) {
        assert(question->n_variants >= 1 && question->n_variants <= MAX_VARIANTS);
        assert(question_accepts(question, question->shown));
        check_json(question->shown_json.at);
        for (int i = 0; i < question->n_variants; i++)
            assert(question_accepts(question, question->variants[i]));
        return;
    }
    assert(question->n_choices >= 2 && question->n_choices <= MAX_CHOICES);
    assert(question->key && question->key < 1 << question->n_choices);
    for (int i = 0; question->type != QUESTION_JUDGE && i < question->n_choices; i++)
        check_json(question->choices_json[i].at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct question *questions = NULL;
    struct arena arena;
    struct error err;
    int n = 0;
    AUTO(json_decrefp) json_t *json = fields_parse((const char *)data, size, 32, &err);

    if (!json)
        return 0;
    n_told = 0;
    arena_init(&arena);
    if (question_read_file(json, &arena, &questions, &n, note, NULL)) {
        assert(!n_told);
        for (int i = 0; i < n; i++)
            check(&questions[i]);
    } else {
        assert(n_told);
    }
    arena_done(&arena);
    return 0;
}
