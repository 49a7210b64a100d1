#pragma once
#include "api/sheet.h"
#include "auth/ticket.h"

/* What saving and handing in have in common: a ticket and answers to its paper. */
struct handed {
    const char *ticket_text;
    json_t *answers_json;
    struct ticket ticket;
    struct sheet sheet;
    struct answer *answers;
    struct bytes packed;
};

/* Checks the ticket against the person and the path, draws its paper and reads the answers
 * to it.  ticket_text and answers_json were read from the body.  False sets the request's
 * error. */
bool handed_check(struct request *req, struct handed *handed);
