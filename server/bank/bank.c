/* A hash table with open addressing: pointers to questions that lie in one arena.  It
 * is at most half full, and nothing is ever taken out. */
#include "bank/bank.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct bank {
    struct arena arena;
    const struct question **slots;
    uint32_t mask; /* slots are a power of two, this is one less */
    int n;
};

struct bank *bank_new(void)
{
    struct bank *bank = memory_new(sizeof(*bank));

    arena_init(&bank->arena);
    bank->mask = 255;
    bank->slots = memory_new((bank->mask + 1) * sizeof(*bank->slots));
    return bank;
}

void bank_free(struct bank *bank)
{
    if (!bank)
        return;
    arena_done(&bank->arena);
    free(bank->slots);
    free(bank);
}

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo); ids are our own, nobody floods them. */
static uint32_t hash(const char *id, int32_t revision)
{
    uint32_t value = 2166136261u;

    for (; *id; id++)
        value = (value ^ (unsigned char)*id) * 16777619u;
    return (value ^ (uint32_t)revision) * 16777619u;
}

/* The slot where the question is, or where it would go. */
static const struct question **slot_of(const struct bank *bank, const char *id,
                                       int32_t revision)
{
    uint32_t i = hash(id, revision) & bank->mask;

    while (bank->slots[i] &&
           (bank->slots[i]->revision != revision || strcmp(bank->slots[i]->id, id)))
        i = (i + 1) & bank->mask;
    return &bank->slots[i];
}

static void grow(struct bank *bank)
{
    const struct question **old = bank->slots;
    uint32_t n = bank->mask + 1;

    bank->mask = n * 2 - 1;
    bank->slots = memory_new((size_t)n * 2 * sizeof(*bank->slots));
    for (uint32_t i = 0; i < n; i++)
        if (old[i])
            *slot_of(bank, old[i]->id, old[i]->revision) = old[i];
    free(old);
}

bool bank_add(struct bank *bank, const char *id, int32_t revision, const json_t *body,
              struct error *err)
{
    struct question question, *kept;

    if (bank_find(bank, id, revision))
        return true;
    if (!question_read(body, &bank->arena, &question, err))
        return false;
    if (strcmp(question.id, id)) {
        error_set(err, PROBLEM_QUESTION_BAD, id, "内容里的“id”与此不同",
                  "its body has another \"id\"");
        return error_within(err, "/id");
    }
    question.revision = revision;
    kept = arena_alloc(&bank->arena, sizeof(*kept));
    *kept = question;
    if (((uint32_t)bank->n + 1) * 2 > bank->mask + 1)
        grow(bank);
    *slot_of(bank, id, revision) = kept;
    bank->n++;
    return true;
}

const struct question *bank_find(const struct bank *bank, const char *id,
                                 int32_t revision)
{
    return *slot_of(bank, id, revision);
}

int bank_count(const struct bank *bank)
{
    return bank->n;
}
