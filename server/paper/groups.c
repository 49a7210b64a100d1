/*
 * A paper is filled question by question, and what was chosen is never taken back; so
 * there must always be one more that fits.  While section s lacks one, at most count_s
 * - 1 of its questions stand in the paper, and of its n_s questions those are shut out
 * that share a group with the paper without standing in it.  With m(g) the members that
 * group g has in s, they are at most
 *
 *   - by groups: one member's place in the paper shuts out m(g) - 1 others when it is
 * in s, and m(g) when it is in another section.  In sum over all groups m(g), less 1
 *     for each group that lies wholly in s;
 *   - by questions: one in s shuts out the sum of m(g) - 1 over its groups, one
 * elsewhere that of m(g).  In sum the count_s - 1 worst of s and the count_t worst of
 * each other section t.
 *
 * So the plan is sound if n_s less the smaller of the two is no less than count_s.  The
 * first is exact for groups that lie within one section and do not overlap; the second
 * is for many groups that lie across sections of which the other draws little.
 */
#include "paper/groups.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct member {
    const char *group;
    uint32_t *row; /* the numbers of the question's groups */
};

static int width_of(const struct plan *plan)
{
    int most = 0;

    for (int s = 0; s < plan->rules->n_sections; s++)
        for (int i = 0; i < plan->pools[s].n; i++)
            if (plan->pools[s].questions[i]->n_conflicts > most)
                most = plan->pools[s].questions[i]->n_conflicts;
    return 1 + most;
}

static uint32_t *row_of(const struct plan *plan, int section, int place)
{
    return plan->pools[section].groups + (size_t)place * (size_t)plan->width;
}

/* Each question is in a group of its own, so that it stands in no paper twice. */
static void number_own(struct plan *plan, struct arena *arena)
{
    for (int s = 0; s < plan->rules->n_sections; s++) {
        size_t size = (size_t)plan->pools[s].n * (size_t)plan->width;

        plan->pools[s].groups = arena_alloc(arena, size * sizeof(uint32_t));
        for (int i = 0; i < plan->pools[s].n; i++, plan->n_groups++)
            for (int j = 0; j < plan->width; j++)
                row_of(plan, s, i)[j] = (uint32_t)plan->n_groups;
    }
}

/* Returns how many members all groups have together. */
static int list_members(const struct plan *plan, struct member *out)
{
    int n = 0;

    for (int s = 0; s < plan->rules->n_sections; s++)
        for (int i = 0; i < plan->pools[s].n; i++) {
            const struct question *question = plan->pools[s].questions[i];

            for (int j = 0; j < question->n_conflicts; j++)
                out[n++] =
                    (struct member){ question->conflicts[j], row_of(plan, s, i) };
        }
    return n;
}

static int by_group(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->group, ((const struct member *)b)->group);
}

static void append(uint32_t *row, int group)
{
    int i = 1;

    while (row[i] != row[0])
        i++;
    row[i] = (uint32_t)group;
}

/* Of a group that has one question here nothing need be remembered. */
static void number_shared(struct plan *plan, const struct member *members, int n)
{
    for (int i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && !by_group(&members[end], &members[i]);)
            end++;
        if (end == i + 1)
            continue;
        for (int j = i; j < end; j++)
            append(members[j].row, plan->n_groups);
        plan->n_groups++;
    }
}

void groups_number(struct plan *plan, struct arena *arena)
{
    plan->width = width_of(plan);
    number_own(plan, arena);
    AUTO(memory_freep)
    struct member *members =
        memory_new((size_t)plan->n_groups * (size_t)plan->width * sizeof(*members));
    int n = list_members(plan, members);
    qsort(members, (size_t)n, sizeof(*members), by_group);
    number_shared(plan, members, n);
}

/* How many groups the row names. */
static int length(const struct plan *plan, const uint32_t *row)
{
    int n = 1;

    while (n < plan->width && row[n] != row[0])
        n++;
    return n;
}

/* How many questions of section s each group has, and of all sections. */
struct sizes {
    int *in_section, *in_all;
};

static void count_members(const struct plan *plan, int section, int *sizes)
{
    for (int i = 0; i < plan->pools[section].n; i++) {
        const uint32_t *row = row_of(plan, section, i);

        for (int j = 0; j < length(plan, row); j++)
            sizes[row[j]]++;
    }
}

static int shut_out_by_groups(const struct plan *plan, const struct sizes *sizes)
{
    int n = 0;

    for (int group = 0; group < plan->n_groups; group++)
        if (sizes->in_section[group])
            n += sizes->in_section[group] -
                 (sizes->in_section[group] == sizes->in_all[group]);
    return n;
}

static int descending(const void *a, const void *b)
{
    int one = *(const int *)a, other = *(const int *)b;

    return (other > one) - (other < one);
}

/* What the worst of section `other` shut out of `section`; of its own one that stands
 * in the paper is not itself shut out. */
static int shut_out_by_worst(const struct plan *plan, int section, int other,
                             const int *sizes)
{
    bool is_own = other == section;
    int n_questions = plan->pools[other].n, n = 0;
    AUTO(memory_freep)
    int *worst = memory_new(((size_t)n_questions + 1) * sizeof(*worst));

    for (int i = 0; i < n_questions; i++) {
        const uint32_t *row = row_of(plan, other, i);

        for (int j = 0; j < length(plan, row); j++)
            worst[i] += sizes[row[j]] - is_own;
    }
    qsort(worst, (size_t)n_questions, sizeof(*worst), descending);
    for (int i = 0; i < plan->rules->sections[other].count - is_own; i++)
        n += worst[i];
    return n;
}

static int shut_out_by_questions(const struct plan *plan, int section,
                                 const struct sizes *sizes)
{
    int n = 0;

    for (int i = 0; i < plan->rules->n_sections; i++)
        n += shut_out_by_worst(plan, section, i, sizes->in_section);
    return n;
}

/* How many questions more, which share no group, the section needs; 0 if none. */
static int lack_of(const struct plan *plan, int section, struct sizes *sizes)
{
    int spare = plan->pools[section].n - plan->rules->sections[section].count;

    memset(sizes->in_section, 0, (size_t)plan->n_groups * sizeof(*sizes->in_section));
    count_members(plan, section, sizes->in_section);
    int lack = shut_out_by_groups(plan, sizes) - spare;
    if (lack <= 0)
        return 0;
    int other = shut_out_by_questions(plan, section, sizes) - spare;
    return other < 0 ? 0 : other < lack ? other : lack;
}

bool groups_suffice(const struct plan *plan, struct error *err)
{
    size_t n = (size_t)plan->n_groups;
    AUTO(memory_freep) int *both = memory_new(2 * n * sizeof(*both));
    struct sizes sizes = { both, both + n };

    for (int i = 0; i < plan->rules->n_sections; i++)
        count_members(plan, i, sizes.in_all);
    for (int i = 0; i < plan->rules->n_sections; i++) {
        int lack = lack_of(plan, i, &sizes);

        if (lack) {
            error_set(err, PROBLEM_POOL_CONFLICTS, i + 1,
                      plan->rules->sections[i].count, plan->pools[i].n, lack);
            return error_within(err, "/paper/sections/%d/count", i);
        }
    }
    return true;
}
