#pragma once
#include "store/import.h"

/* A rules document (schema/rules.schema.json; borrowed) becomes a new campaign, or the
 * next revision of one, pinning the newest revisions of the questions that its sections
 * can draw.  Refused: rules that are wrong or ask for more questions than there are, a
 * union that is not known, and, once there are attempts, a change of what decides
 * scores and ranks. */
bool import_campaign(struct import *import, const json_t *rules)
    __attribute__((warn_unused_result));
