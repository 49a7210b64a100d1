#include "paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include "paper/groups.h"

static bool has_topic(const struct section *section, const char *topic)
{
    for (int i = 0; i < section->n_topics; i++)
        if (!strcmp(section->topics[i], topic))
            return true;
    return !section->n_topics;
}

static bool fits(const struct section *section, const struct question *question)
{
    return (section->type < 0 || section->type == (int)question->type) &&
           (!section->difficulty || section->difficulty == question->difficulty) &&
           has_topic(section, question->topic);
}

/* The first section from `from` on that the question fits; n_sections if none. */
static int section_of(const struct rules *rules, const struct question *question,
                      int from)
{
    while (from < rules->n_sections && !fits(&rules->sections[from], question))
        from++;
    return from;
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct question *const *)a)->id,
                  (*(const struct question *const *)b)->id);
}

static const struct question **sort(const struct question *const *questions, int n,
                                    struct arena *arena)
{
    const struct question **sorted = arena_alloc(arena, (size_t)n * sizeof(*sorted));

    if (n)
        memcpy(sorted, questions, (size_t)n * sizeof(*sorted));
    qsort(sorted, (size_t)n, sizeof(*sorted), by_id);
    return sorted;
}

/* How many questions each section has, and that none has two sections. */
static bool count(const struct rules *rules, const struct question *const *questions,
                  int n, struct plan *plan, struct error *err)
{
    for (int i = 0; i < n; i++) {
        int one = section_of(rules, questions[i], 0);

        if (one == rules->n_sections)
            continue;
        int other = section_of(rules, questions[i], one + 1);
        if (other < rules->n_sections) {
            error_set(err, PROBLEM_POOL_OVERLAP, one + 1, other + 1, questions[i]->id);
            return error_within(err, "/paper/sections/%d", other);
        }
        plan->pools[one].n++;
    }
    return true;
}

static bool suffice(const struct plan *plan, struct error *err)
{
    for (int i = 0; i < plan->rules->n_sections; i++)
        if (plan->pools[i].n < plan->rules->sections[i].count) {
            error_set(err, PROBLEM_POOL_SMALL, i + 1, plan->rules->sections[i].count,
                      plan->pools[i].n);
            return error_within(err, "/paper/sections/%d/count", i);
        }
    return true;
}

static bool keep_cap(const struct plan *plan, struct error *err)
{
    int64_t cap = plan->rules->exposure_cap;

    for (int i = 0; cap && i < plan->rules->n_sections; i++) {
        int64_t count = plan->rules->sections[i].count;

        if (count * 100 > cap * plan->pools[i].n) {
            error_set(err, PROBLEM_POOL_EXPOSED, i + 1, (int)count, plan->pools[i].n,
                      (int)cap, (int)((count * 100 + cap - 1) / cap));
            return error_within(err, "/paper/sections/%d/count", i);
        }
    }
    return true;
}

static void distribute(const struct question *const *sorted, int n, struct arena *arena,
                       struct plan *plan)
{
    const struct rules *rules = plan->rules;

    for (int i = 0; i < rules->n_sections; i++) {
        struct pool *pool = &plan->pools[i];

        pool->questions =
            arena_alloc(arena, (size_t)pool->n * sizeof(*pool->questions));
        pool->n = 0;
    }
    for (int i = 0; i < n; i++) {
        int section = section_of(rules, sorted[i], 0);

        if (section < rules->n_sections)
            plan->pools[section].questions[plan->pools[section].n++] = sorted[i];
    }
}

/* As many papers as use up the largest pool, if that is more. */
static int epoch_of(const struct plan *plan)
{
    int longest = EPOCH;

    for (int i = 0; i < plan->rules->n_sections; i++) {
        int count = plan->rules->sections[i].count;
        int cycle = count ? (plan->pools[i].n + count - 1) / count : 0;

        if (cycle > longest)
            longest = cycle;
    }
    return longest;
}

bool plan_make(const struct rules *rules, const struct question *const *questions,
               int n, struct arena *arena, struct plan *out, struct error *err)
{
    struct plan plan = { .rules = rules };

    if (!count(rules, questions, n, &plan, err) || !suffice(&plan, err) ||
        !keep_cap(&plan, err))
        return false;
    distribute(sort(questions, n, arena), n, arena, &plan);
    groups_number(&plan, arena);
    if (!groups_suffice(&plan, err))
        return false;
    plan.epoch = epoch_of(&plan);
    *out = plan;
    return true;
}
