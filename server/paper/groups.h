#pragma once
#include "paper/paper.h"

/* The conflict groups of a plan: of one group no paper has two questions.
 *
 * They are numbered from 0, first a group for each question of which it is the only
 * member (so that none stands twice in a paper either), then those that questions
 * share. pool->groups has a row of plan->width numbers for each question: its own, the
 * shared ones, and its own again where places are to spare. */

/* Numbers them, from the questions of the pools. */
void groups_number(struct plan *plan, struct arena *arena);

/* Can every paper be completed, whatever it was begun with?  If not, a section and how
 * many questions more it needs are named.  What is promised is kept; of plans whose
 * groups overlap or lie across sections some are refused that would do. */
bool groups_suffice(const struct plan *plan, struct error *err)
    __attribute__((warn_unused_result));
