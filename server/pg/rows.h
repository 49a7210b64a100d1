#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The rows of an answer, typed and binary: columns are read in the order selected, and
 * reading a column with the wrong type or a NULL where none is expected is our own
 * mistake: it aborts with the statement's text.
 *
 *     while (rows_next(rows)) {
 *         out->id = rows_int64(rows);
 *         out->name = arena_string(arena, rows_text(rows));
 *     }
 */
struct rows;

size_t rows_count(const struct rows *rows);
bool rows_next(struct rows *rows);    /* to the first, then the next; false: no more */
bool rows_is_null(struct rows *rows); /* the next column; if it is, steps over it */
int16_t rows_int16(struct rows *rows);
int32_t rows_int32(struct rows *rows);
int64_t rows_int64(struct rows *rows);
bool rows_bool(struct rows *rows);
double rows_double(struct rows *rows);

/* Valid until the answer is freed.  Text is also varchar, json and jsonb; a NUL
 * follows. */
const char *rows_text(struct rows *rows);
/* bigint[] of one dimension without nulls; kept in the arena. */
struct arena;
const int64_t *rows_int64_array(struct rows *rows, struct arena *arena, size_t *n);
const void *rows_bytes(struct rows *rows, size_t *n);
const void *rows_numeric(struct rows *rows, size_t *n); /* for packed_read */
