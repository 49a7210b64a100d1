#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "auth/secret.h"

/* Proof of an attempt: given out with the paper, returned with the answers, so that the
 * server can draw the same paper again and score it without asking the database first. */
enum { TICKET_TEXT = 160 };

struct ticket {
    int64_t person, started_at, deadline_at;
    int32_t campaign, ordinal, revision;
};

void ticket_make(const struct secret *secret, const struct ticket *ticket,
                 char out[TICKET_TEXT]);
bool ticket_read(const struct secret *secret, const char *text, struct ticket *out)
    __attribute__((warn_unused_result));
