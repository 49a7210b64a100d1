/* Rules as organizers write them, over our own questions: what is taken can be drawn.
 */
#include "bank_of_ours.h"

#include <stdint.h>

#include "paper/paper.h"
#include "rules/rules.h"
#include "util/fields.h"
#include "util/memory.h"

static void check_rules(const struct rules *rules)
{
    int n = 0;

    assert(question_is_slug(rules->slug));
    assert(rules->opens_at < rules->closes_at);
    assert(rules->n_sections >= 1 && rules->n_sections <= MAX_SECTIONS);
    for (int i = 0; i < rules->n_sections; i++)
        n += rules->sections[i].count;
    assert(n == rules->n_questions && n <= MAX_QUESTIONS);
    assert(rules->order.n_keys >= 1 && rules->order.keys[0] == ORDER_SCORE);
}

static bool share_group(const struct question *one, const struct question *other)
{
    for (int i = 0; i < one->n_conflicts; i++)
        for (int j = 0; j < other->n_conflicts; j++)
            if (!strcmp(one->conflicts[i], other->conflicts[j]))
                return true;
    return one == other;
}

static void check_paper(const struct plan *plan, struct arena *arena)
{
    static const uint8_t person_seed[SEED_BYTES] = { 1 },
                         attempt_seed[SEED_BYTES] = { 2 };
    struct paper paper;
    TEXT(out);

    for (int ordinal = 1; ordinal < 40; ordinal += 1 + ordinal / 3) {
        paper_draw(plan, person_seed, attempt_seed, ordinal, arena, &paper);
        assert(paper.n_items == plan->rules->n_questions);
        for (int i = 0; i < paper.n_items; i++)
            for (int other = 0; other < i; other++)
                assert(
                    !share_group(paper.items[i].question, paper.items[other].question));
    }
    paper_write(&paper, &out);
    json_t *json = json_loads(out.data, 0, NULL);
    assert(json_array_size(json) == (size_t)paper.n_items);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bank_of_ours *bank = bank_of_ours();
    struct arena arena;
    struct rules rules;
    struct plan plan;
    struct error err;
    AUTO(json_decrefp) json_t *json = fields_parse((const char *)data, size, 32, &err);

    if (!json)
        return 0;
    arena_init(&arena);
    if (rules_read(json, &arena, &rules, &err)) {
        check_rules(&rules);
        assert(rules_may_follow(&rules, &rules, &err));
        if (plan_make(&rules, bank->questions, bank->n, &arena, &plan, &err))
            check_paper(&plan, &arena);
    }
    arena_done(&arena);
    return 0;
}
