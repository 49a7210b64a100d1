#include "stats/likeness.h"

#include <assert.h>
#include <stdlib.h>

#include "util/memory.h"

struct error_made { /* by one attempt; the same key is the same wrong answer */
    uint64_t question, answer;
    int attempt;
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_question(const void *a, const void *b)
{
    const struct response *one = a, *other = b;

    return compare(one->question, other->question);
}

void likeness_sort(struct responses *responses)
{
    if (responses->n)
        qsort(responses->all, (size_t)responses->n, sizeof(*responses->all),
              by_question);
}

static int by_error(const void *a, const void *b)
{
    const struct error_made *one = a, *other = b;
    int order = compare(one->question, other->question);

    if (!order)
        order = compare(one->answer, other->answer);
    return order ? order : one->attempt - other->attempt;
}

static size_t gather(const struct responses *attempts, int n, struct error_made **out)
{
    size_t room = 1, n_errors = 0;

    for (int i = 0; i < n; i++)
        room += (size_t)attempts[i].n;
    struct error_made *errors = memory_new(room * sizeof(*errors));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < attempts[i].n; j++) {
            const struct response *response = &attempts[i].all[j];

            if (response->answer && !response->is_right)
                errors[n_errors++] =
                    (struct error_made){ response->question, response->answer, i };
        }
    qsort(errors, n_errors, sizeof(*errors), by_error);
    *out = errors;
    return n_errors;
}

static bool is_same(const struct error_made *a, const struct error_made *b)
{
    return a->question == b->question && a->answer == b->answer;
}

/* How many exact errors every two attempts have in common: n by n, the lower place
 * first. */
static uint16_t *count_common(const struct responses *attempts, int n)
{
    uint16_t *common = memory_new((size_t)n * (size_t)n * sizeof(*common));
    AUTO(memory_freep) struct error_made *errors = NULL;
    size_t n_errors = gather(attempts, n, &errors);

    for (size_t first = 0, end; first < n_errors; first = end) {
        for (end = first + 1; end < n_errors && is_same(&errors[first], &errors[end]);
             end++)
            continue;
        for (size_t i = first; i < end; i++)
            for (size_t j = i + 1; j < end; j++)
                common[(size_t)errors[i].attempt * (size_t)n +
                       (size_t)errors[j].attempt]++;
    }
    return common;
}

static struct likeness compare_whole(const struct responses *attempts, int a, int b)
{
    const struct responses *one = &attempts[a], *other = &attempts[b];
    struct likeness out = { .a = a, .b = b };

    for (int i = 0, j = 0; i < one->n && j < other->n;) {
        const struct response *x = &one->all[i], *y = &other->all[j];

        if (x->question != y->question) {
            *(x->question < y->question ? &i : &j) += 1;
            continue;
        }
        bool are_errors = x->answer && y->answer && !x->is_right && !y->is_right;
        out.n_met++;
        out.differences += x->answer != y->answer;
        out.errors += are_errors;
        out.exact_errors += are_errors && x->answer == y->answer;
        i++, j++;
    }
    return out;
}

static bool is_alike(const struct likeness *pair)
{
    return pair->exact_errors >= LIKE_ERRORS &&
           pair->exact_errors >= pair->differences &&
           pair->exact_errors * 4 >= pair->errors * 3;
}

/* Keeps the list in order; the last falls off when it is full. */
static int insert(struct likeness *list, int n, const struct likeness *pair)
{
    int i = n < MAX_PAIRS ? n : MAX_PAIRS - 1;

    if (n == MAX_PAIRS && list[i].exact_errors >= pair->exact_errors)
        return n;
    for (; i > 0 && list[i - 1].exact_errors < pair->exact_errors; i--)
        list[i] = list[i - 1];
    list[i] = *pair;
    return n < MAX_PAIRS ? n + 1 : n;
}

int likeness_find(const struct responses *attempts, int n, struct likeness *out)
{
    int n_out = 0;

    assert(n <= MAX_LIKE);
    if (n < 2)
        return 0;
    AUTO(memory_freep) uint16_t *common = count_common(attempts, n);
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++) {
            if (common[(size_t)a * (size_t)n + (size_t)b] < LIKE_ERRORS ||
                attempts[a].person == attempts[b].person)
                continue;
            struct likeness pair = compare_whole(attempts, a, b);
            if (is_alike(&pair))
                n_out = insert(out, n_out, &pair);
        }
    return n_out;
}
