/*
 * Bodies of requests, read by the tables of their endpoints.  The first byte says
 * which. The answers in a body are read for a paper drawn from our own questions; what
 * is taken is packed, unpacked, shown and scored, and comes back as it was.
 */
#include "bank_of_ours.h"

#include <stdint.h>

/* The tables are private to their endpoints, so these are taken in whole. */
#define report report_of_submission
#include "../../server/api/submission.c"
#undef report
#define report report_of_answers
#include "../../server/api/answers.c"
#undef report
#define report report_of_void
#include "../../server/api/void.c"
#undef report
#include "../../server/api/me.c"
#include "../../server/api/participation.c"
#include "../../server/api/sessions.c"

#include "paper/paper.h"
#include "score/score.h"
#include "util/encode.h"

enum { DEPTH = 16 };

static struct arena arena;
static struct rules rules;
static struct plan plan;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct bank_of_ours *bank = bank_of_ours();
    struct error err;
    json_t *json =
        json_load_file(SOURCE_ROOT "/questions/demonstration/campaign.json", 0, NULL);

    (void)argc, (void)argv;
    arena_init(&arena);
    bool ok = json && rules_read(json, &arena, &rules, &err) &&
              plan_make(&rules, bank->questions, bank->n, &arena, &plan, &err);
    json_decref(json);
    return ok ? 0 : 1;
}

/* A mistake can be told: as UTF-8, in both languages. */
static void check_error(const struct error *err)
{
    assert(err->problem != PROBLEM_NONE);
    assert(utf8_is_valid(err->where, strlen(err->where)));
    for (int language = 0; language < N_LANGUAGES; language++)
        assert(utf8_is_valid(err->detail[language], strlen(err->detail[language])));
}

static void check_same(const struct answer *a, const struct answer *b, int n)
{
    for (int i = 0; i < n; i++) {
        assert(a[i].is_given == b[i].is_given && a[i].choices == b[i].choices);
        assert(!a[i].text == !b[i].text);
        assert(!a[i].text || !strcmp(a[i].text, b[i].text));
    }
}

static void check_answers(const struct paper *paper, const struct answer *answers,
                          struct arena *scratch)
{
    struct answer again[MAX_PAPER];
    struct mark marks[MAX_PAPER];
    struct error err;
    uint8_t *packed;
    TEXT(out);

    size_t n = answers_pack(answers, paper->n_items, scratch, &packed);
    assert(answers_unpack(packed, n, scratch, again, paper->n_items));
    check_same(answers, again, paper->n_items);
    answers_write(paper, answers, &out);
    AUTO(json_decrefp) json_t *json = json_loads(out.data, 0, NULL);
    assert(json && answers_read(json, paper, scratch, again, &err));
    check_same(answers, again, paper->n_items);
    struct result result = score_paper(paper, answers, rules.partial, marks);
    assert(result.points >= 0 && result.points <= rules.full_points);
    text_clear(&out);
    score_write(paper, answers, marks, &out);
    json_t *shown = json_loads(out.data, 0, NULL);
    assert(json_array_size(shown) == (size_t)paper->n_items);
    json_decref(shown);
}

static void read_answers(const json_t *json, unsigned seed)
{
    uint8_t person_seed[SEED_BYTES] = { (uint8_t)seed },
            attempt_seed[SEED_BYTES] = { 1 };
    struct answer answers[MAX_PAPER];
    struct arena scratch;
    struct paper paper;
    struct error err;

    arena_init(&scratch);
    paper_draw(&plan, person_seed, attempt_seed, 1, &scratch, &paper);
    if (answers_read(json, &paper, &scratch, answers, &err))
        check_answers(&paper, answers, &scratch);
    else
        check_error(&err);
    arena_done(&scratch);
}

static const struct table {
    const struct field *fields;
    bool has_answers;
    size_t answers_at;
} tables[] = {
    { submission_fields, true, offsetof(struct submission_visit, handed.answers_json) },
    { answers_fields, true, offsetof(struct answers_visit, handed.answers_json) },
    { void_fields, false, 0 },
    { me_fields, false, 0 },
    { choose_fields, false, 0 },
    { roster_fields, false, 0 },
    { refresh_fields, false, 0 },
};

union visit {
    struct submission_visit submission;
    struct answers_visit answers;
    struct void_visit voided;
    struct me_visit me;
    struct participation_visit participation;
    struct roster_visit roster;
    struct refresh_visit refresh;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { N = sizeof(tables) / sizeof(tables[0]) };
    const struct table *table = &tables[size ? data[0] % N : 0];
    union visit visit;
    struct error err;

    if (!size)
        return 0;
    AUTO(json_decrefp)
    json_t *json = fields_parse((const char *)data + 1, size - 1, DEPTH, &err);
    if (!json) {
        check_error(&err);
        return 0;
    }
    memset(&visit, 0, sizeof(visit));
    if (!fields_read(table->fields, json, &visit, &err))
        check_error(&err);
    else if (table->has_answers)
        read_answers(*(json_t **)((char *)&visit + table->answers_at), data[0]);
    return 0;
}
