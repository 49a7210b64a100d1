#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "pg/session.h"
#include "util/error.h"

/* Bringing data in, for the commands: each call is one transaction, all or nothing, and may
 * be repeated.  Rows come as a JSON array of objects, already checked one by one; what only
 * the database can know wrong is told through `report`. */
struct import_items;
struct import_counts {
    int added, changed, same;
};

struct import {
    struct session *session;
    void (*report)(const struct error *err, void *context); /* each mistake */
    void *context;
    struct import_counts counts;
    struct db_error db_error; /* text is empty when the database had nothing to object */
    const struct import_items *items; /* of import_items, while it runs */
};

/* [{"code","name","parent_code","level","kind","members"}]; a known union keeps its
 * parent. */
bool import_unions(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
/* [{"union_code","subject","name"}]: people by their roster entry. */
bool import_roster(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
/* An array of question objects; one that differs from its last revision becomes the next.
 * One that asks what another asks is refused. */
bool import_questions(struct import *import, const json_t *questions)
    __attribute__((warn_unused_result));

/* The same of questions with whatever else their caller knows them by, [{"question", "twin",
 * ...}]: what becomes of each is told ("added", "changed", "unchanged", "duplicate").  A dry
 * run, and one with a duplicate, changes nothing; only the latter is false. */
struct import_items {
    json_t *items; /* keeps_newer takes from them */
    bool is_dry;
    bool keeps_newer; /* what is an earlier revision was changed since, on purpose: left out */
    void (*told)(const json_t *item, const char *result, const char *duplicate_of,
                 void *context); /* duplicate_of: a question of the bank; NULL */
    void *context;
};
bool import_items(struct import *import, const struct import_items *items)
    __attribute__((warn_unused_result));

/* Questions that were saved before there were twins get theirs. */
bool import_fill_twins(struct session *session, struct db_error *err)
    __attribute__((warn_unused_result));
/* A rules document: a new campaign, or the next revision of one, pinning the newest
 * revisions of the questions that its sections can draw. */
bool import_campaign(struct import *import, const json_t *rules)
    __attribute__((warn_unused_result));

/* The newest revision of every question, or of those of a topic, or of these ("id,id"), by
 * id: an array; NULL: it failed. */
json_t *export_newest(struct session *session, const char *topic, const char *ids,
                      struct db_error *err);
