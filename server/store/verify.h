#pragma once
#include <stdbool.h>
#include "pg/session.h"

/* Computes every board, union sum and counter anew from the attempts alone, in one snapshot,
 * and tells each difference to what is stored.  `slug` NULL: all campaigns.  `n_out` gets the
 * number of differences; at most 100 of each kind are told. */
bool verify(struct session *session, const char *slug,
            void (*differs)(const char *what, void *context), void *context, int *n_out,
            struct db_error *err) __attribute__((warn_unused_result));
