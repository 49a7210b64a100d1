#pragma once
/* The questions of this house, for fuzzers. */
#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/question.h"

enum { MOST_QUESTIONS = 2000 };

struct bank_of_ours {
    struct arena arena;
    int n;
    const struct question *questions[MOST_QUESTIONS];
};

static inline void bank_no_mistake(const struct error *err, void *context)
{
    (void)context;
    fprintf(stderr, "%s: %s\n", err->where, err->detail[ENGLISH]);
}

static inline void bank_take_file(struct bank_of_ours *bank, const char *path)
{
    struct question *questions;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    int n;

    if (!json ||
        !question_read_file(json, &bank->arena, &questions, &n, bank_no_mistake, NULL))
        assert(!"a file of the bank cannot be read");
    json_decref(json);
    for (int i = 0; i < n; i++) {
        assert(bank->n < MOST_QUESTIONS);
        questions[i].revision = 1;
        bank->questions[bank->n++] = &questions[i];
    }
}

static inline int bank_is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".json");
}

static inline const struct bank_of_ours *bank_of_ours(void)
{
    static struct bank_of_ours bank;
    struct dirent **entries;
    char path[4096];

    if (bank.n)
        return &bank;
    int n = scandir(SOURCE_ROOT "/questions", &entries, bank_is_json, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), SOURCE_ROOT "/questions/%s", entries[i]->d_name);
        bank_take_file(&bank, path);
        free(entries[i]);
    }
    assert(bank.n > 0);
    free(entries);
    return &bank;
}
