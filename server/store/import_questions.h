#pragma once
#include "store/import.h"

/* Questions into the bank.  One that differs from its newest revision becomes the next
 * revision; one that asks what another asks (bank/question.h: its twin) is refused. Who
 * imports questions waits for who does already. */

/* Question objects, as question_read took them; borrowed. */
bool import_questions(struct import *import, const json_t *questions)
    __attribute__((warn_unused_result));

/* The same of questions with whatever else their caller knows them by, [{"question",
 * "twin",
 * ...}]: what becomes of each is told ("added", "changed", "unchanged", "duplicate").
 * A dry run, and one with a duplicate, changes nothing; only the latter is false. */
struct import_items {
    json_t *items; /* the caller's; keeps_newer takes from them */
    bool is_dry;
    bool keeps_newer; /* what is an earlier revision was changed since, on purpose: left
                         out */
    void (*told)(const json_t *item, const char *result, const char *duplicate_of,
                 void *context); /* duplicate_of: a question of the bank; NULL */
    void *context;
};
bool import_items(struct import *import, const struct import_items *items)
    __attribute__((warn_unused_result));

/* Questions that were saved before there were twins get theirs. */
bool import_fill_twins(struct session *session, struct db_error *err)
    __attribute__((warn_unused_result));
