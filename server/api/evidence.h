#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "http/request.h"
#include "pg/query.h"

/* What a client tells about how an attempt was made.  Nobody can check it, so it
 * decides nothing: it is kept beside the attempt, for statistics and for an organizer's
 * eyes. */
struct evidence {
    json_t *spent_ms; /* one integer a question, in the order of the paper; NULL: not
                         said */
    const char
        *device; /* a name that the client made up once and keeps; NULL: not said */
    struct bytes
        spent; /* as stored: two bytes a question, big-endian, tenths of a second */
    int64_t device_hash; /* as stored; 0: not said */
};

enum { SPENT_BYTES = 2, SPENT_UNIT_MS = 100 };

/* Makes what is stored of what was read; false sets the request's error. */
bool evidence_read(struct evidence *evidence, struct request *req, int n_questions)
    __attribute__((warn_unused_result));
