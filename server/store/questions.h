#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/arena.h"
#include "util/task.h"

/* The questions of the bank, each with all that it ever was: it is never edited, a
 * change is its next revision. */
struct store;

struct saved_question {
    bool is_new; /* false: the newest revision was the same */
    int32_t revision;
    int64_t saved_at;
};
/* body: a question that was checked, as JSON; with its twin (bank/question.h). */
void store_question_save(struct store *store, struct task *task, const char *id,
                         const char *body, const char *twin, const char *who,
                         struct saved_question *out);

struct question_line {
    int32_t revision;
    int64_t saved_at;
    const char *body; /* JSON */
};
struct question_lines {
    struct arena *arena;
    int limit;
    size_t n;
    struct question_line *out;
};
/* Newest first. */
void store_question_revisions(struct store *store, struct task *task, const char *id,
                              struct question_lines *query);
