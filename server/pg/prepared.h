#pragma once
#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which statements a connection has prepared, as s1, s2, ...  A statement is known by
 * the address of its text and the signature of its values' types: the server takes the
 * types from the PARSE, so that the same text with a null of no type is another
 * statement. */
struct prepared {
    struct prepared_entry *entries;
    size_t n, capacity;
    uint32_t last;
};

void prepared_done(struct prepared *prepared);

/* Its number; `is_new`: the number is fresh and the statement is yet to be prepared. */
uint32_t prepared_number(struct prepared *prepared, const char *sql, uint64_t signature,
                         bool *is_new);
/* The next look-up gives a fresh number, unless another than `number` is there by now.
 */
void prepared_forget(struct prepared *prepared, const char *sql, uint64_t signature,
                     uint32_t number);

/* The server refuses: it does not know the statement (its PARSE failed before us, or
 * somebody said DEALLOCATE ALL), or its rows have other columns since a table was
 * altered.  Nothing was carried out; prepared anew it may go well. */
bool prepared_is_stale(const PGresult *result);
