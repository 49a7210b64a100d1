#pragma once
#include "bank/question.h"

/* All questions that campaigns have pinned, by id and revision.  Filled at start and
 * when a campaign is saved; a question in it never changes and never moves. */
struct bank;

struct bank *bank_new(void);
void bank_free(struct bank *bank);

/* Adds a question (reading it from its JSON) unless this id and revision is there. */
bool bank_add(struct bank *bank, const char *id, int32_t revision, const json_t *body,
              struct error *err) __attribute__((warn_unused_result));
/* NULL when not there. */
const struct question *bank_find(const struct bank *bank, const char *id,
                                 int32_t revision);
int bank_count(const struct bank *bank);
