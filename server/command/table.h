#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

/* A CSV file with a line of headings as a JSON array of objects, each with its "line".
 * Every mistake is told, with line and column, by complain(). */
struct table_column {
    const char *name, *key; /* of the heading; of the member */
    bool is_required, is_number;
    int max; /* characters, or the number */
};

/* NULL if anything is wrong.  Columns that are not listed are refused.  A byte order mark at
 * the start is passed over; bytes that are not UTF-8 are refused. */
json_t *table_read(const char *file, const struct table_column *columns, size_t n);
