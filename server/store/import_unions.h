#pragma once
#include "store/import.h"

/* The tree of unions and the rosters of their people.  Rows are an array of objects,
 * each with the "line" it stands in, and borrowed. */

/* [{"line","code","name","parent_code","level","kind","members"}]; a known union keeps
 * its parent, and the whole must be a tree afterwards. */
bool import_unions(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
/* [{"line","union_code","subject","name"}]: people by their roster entry; a known one
 * may get another name. */
bool import_roster(struct import *import, const json_t *rows)
    __attribute__((warn_unused_result));
