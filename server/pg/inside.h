#pragma once
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include "pg/query.h"
#include "pg/rows.h"
#include "util/list.h"
#include "util/text.h"

/* What the files of this room know of each other's structs; other rooms do not include
 * it. */

enum type {
    TYPE_UNKNOWN = 0,
    TYPE_BOOL = 16,
    TYPE_BYTES = 17,
    TYPE_NAME = 19,
    TYPE_INT64 = 20,
    TYPE_INT16 = 21,
    TYPE_INT32 = 23,
    TYPE_TEXT = 25,
    TYPE_JSON = 114,
    TYPE_DOUBLE = 701,
    TYPE_BYTES_ARRAY = 1001,
    TYPE_INT16_ARRAY = 1005,
    TYPE_INT32_ARRAY = 1007,
    TYPE_TEXT_ARRAY = 1009,
    TYPE_INT64_ARRAY = 1016,
    TYPE_DOUBLE_ARRAY = 1022,
    TYPE_CHAR = 1042,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC_ARRAY = 1231,
    TYPE_NUMERIC = 1700,
    TYPE_JSONB = 3802,
};

enum { QUERY_VALUES = 64 };

struct query {
    struct link link; /* among those that wait, or as a connection sent them */
    struct pool *pool;
    struct task *task;
    const char *sql;
    rows_reader read;
    void *out;
    query_done_fn done;
    void *context;

    int64_t due_ms;
    PGresult *answer;     /* kept until its sync has come: only then it is committed */
    enum problem problem; /* the first that befell it */
    uint32_t statement;   /* its number on the connection that sent it */
    bool is_preparing;    /* the answer to its PARSE is still to come */
    bool is_stale;        /* the server did not know the statement any more */
    bool is_resent;
    bool is_long;

    uint64_t signature; /* of the types */
    int n_values;
    struct text bytes; /* all values, one behind the other */
    Oid types[QUERY_VALUES];
    int lengths[QUERY_VALUES]; /* -1: null */
    size_t offsets[QUERY_VALUES];
};

/* PARSE if it is to be prepared, EXECUTE, and a sync; false: the connection is broken.
 */
bool query_post(const struct query *query, PGconn *pg);
/* Takes over a result that is no error. */
void query_keep(struct query *query, PGresult *result);
/* Runs the reader over the answer that was kept. */
bool query_consume(struct query *query, struct error *err);
/* Frees it, then tells whoever waits for it. */
void query_end(struct query *query, const struct error *err);

/* Takes a query over from query_send. */
void pool_take(struct pool *pool, struct query *query);

struct cell {
    char *data;
    int size; /* -1: null */
};

struct rows {
    const char *sql;
    PGresult *result;   /* NULL: there are only `cells`, */
    struct cell *cells; /* one row of a copy, of unknown types */
    int n_rows, n_columns, row, column;
};

void rows_init(struct rows *rows, PGresult *result, const char *sql);
