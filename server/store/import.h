#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "pg/session.h"
#include "util/error.h"

/* Bringing data in, for the commands: each call is one transaction, all or nothing, and may
 * be repeated.  Rows come as a JSON array of objects, already checked one by one; what only
 * the database can know wrong is told through `report`. */
struct import_counts {
    int added, changed, same;
};

struct import {
    struct session *session;
    void (*report)(const struct error *err, void *context); /* each mistake */
    void *context;
    struct import_counts counts;
    struct db_error db_error; /* text is empty when the database had nothing to object */
};

/* [{"code","name","parent_code","level","kind","members"}]; a known union keeps its
 * parent. */
bool import_unions(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
/* [{"union_code","subject","name"}]: people by their roster entry. */
bool import_roster(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
/* An array of question objects; one that differs from its last revision becomes the next. */
bool import_questions(struct import *import, const json_t *questions)
    __attribute__((warn_unused_result));
/* A rules document: a new campaign, or the next revision of one, pinning the newest
 * revisions of the questions that its sections can draw. */
bool import_campaign(struct import *import, const json_t *rules)
    __attribute__((warn_unused_result));
