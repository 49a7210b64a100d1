#include "pg/query.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg/array.h"
#include "pg/inside.h"
#include "util/memory.h"

struct query *query_new(struct pool *pool, struct task *task, const char *sql)
{
    struct query *query = memory_new(sizeof(*query));

    list_init(&query->link);
    query->pool = pool;
    query->task = task;
    query->sql = sql;
    query->signature = 14695981039346656037u; /* FNV-1a */
    return query;
}

struct query *query_new_long(struct pool *pool, struct task *task, const char *sql)
{
    struct query *query = query_new(pool, task, sql);

    query->is_long = true;
    return query;
}

/* The value is what is appended to `bytes` after this, up to close_value. */
static struct text *open_value(struct query *query, enum type type)
{
    assert(query->n_values < QUERY_VALUES);
    query->types[query->n_values] = type;
    query->offsets[query->n_values] = query->bytes.length;
    query->signature = (query->signature ^ (uint64_t)type) * 1099511628211u;
    return &query->bytes;
}

static void close_value(struct query *query)
{
    int i = query->n_values++;

    query->lengths[i] = (int)(query->bytes.length - query->offsets[i]);
}

static void bind(struct query *query, enum type type, const void *bytes, size_t n)
{
    text_append(open_value(query, type), bytes, n);
    close_value(query);
}

static void bind_null(struct query *query, enum type type)
{
    open_value(query, type);
    query->lengths[query->n_values++] = -1;
}

void query_bind_int16(struct query *query, int16_t value)
{
    uint16_t net = htobe16((uint16_t)value);

    bind(query, TYPE_INT16, &net, sizeof(net));
}

void query_bind_int32(struct query *query, int32_t value)
{
    uint32_t net = htobe32((uint32_t)value);

    bind(query, TYPE_INT32, &net, sizeof(net));
}

void query_bind_int64(struct query *query, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);

    bind(query, TYPE_INT64, &net, sizeof(net));
}

void query_bind_bool(struct query *query, bool value)
{
    bind(query, TYPE_BOOL, value ? "\1" : "\0", 1);
}

void query_bind_text(struct query *query, const char *value)
{
    if (value)
        bind(query, TYPE_TEXT, value, strlen(value));
    else
        bind_null(query, TYPE_TEXT);
}

void query_bind_bytes(struct query *query, const void *bytes, size_t n)
{
    if (bytes)
        bind(query, TYPE_BYTES, bytes, n);
    else
        bind_null(query, TYPE_BYTES);
}

void query_bind_json(struct query *query, const char *text)
{
    if (!text) {
        bind_null(query, TYPE_JSONB);
        return;
    }
    struct text *out = open_value(query, TYPE_JSONB);
    text_char(out, 1); /* the version of jsonb's binary form, which is its text */
    text_string(out, text);
    close_value(query);
}

void query_bind_null(struct query *query)
{
    bind_null(query, TYPE_UNKNOWN);
}

void query_bind_int16_array(struct query *query, const int16_t *values, size_t n)
{
    array_int16(open_value(query, TYPE_INT16_ARRAY), values, n);
    close_value(query);
}

void query_bind_int32_array(struct query *query, const int32_t *values, size_t n)
{
    array_int32(open_value(query, TYPE_INT32_ARRAY), values, n);
    close_value(query);
}

void query_bind_int64_array(struct query *query, const int64_t *values, size_t n)
{
    array_int64(open_value(query, TYPE_INT64_ARRAY), values, n);
    close_value(query);
}

void query_bind_double_array(struct query *query, const double *values, size_t n)
{
    array_double(open_value(query, TYPE_DOUBLE_ARRAY), values, n);
    close_value(query);
}

void query_bind_text_array(struct query *query, const char *const *values, size_t n)
{
    array_text(open_value(query, TYPE_TEXT_ARRAY), values, n);
    close_value(query);
}

void query_bind_bytes_array(struct query *query, const struct bytes *values, size_t n)
{
    array_bytes(open_value(query, TYPE_BYTES_ARRAY), values, n);
    close_value(query);
}

void query_bind_numeric_array(struct query *query, const struct bytes *values, size_t n)
{
    array_numeric(open_value(query, TYPE_NUMERIC_ARRAY), values, n);
    close_value(query);
}

void query_send(struct query *query, rows_reader read, void *out)
{
    query->read = read;
    query->out = out;
    if (query->task)
        task_begin(query->task);
    pool_take(query->pool, query);
}

void query_send_then(struct query *query, rows_reader read, void *out,
                     query_done_fn done, void *context)
{
    assert(!query->task);
    query->done = done;
    query->context = context;
    query_send(query, read, out);
}

bool query_post(const struct query *query, PGconn *pg)
{
    static const int binary[QUERY_VALUES] = { [0 ... QUERY_VALUES - 1] = 1 };
    const char *values[QUERY_VALUES];
    char name[16];

    for (int i = 0; i < query->n_values; i++)
        values[i] =
            query->lengths[i] < 0 ? NULL : query->bytes.data + query->offsets[i];
    snprintf(name, sizeof(name), "s%u", query->statement);
    if (query->is_preparing &&
        !PQsendPrepare(pg, name, query->sql, query->n_values, query->types))
        return false;
    return PQsendQueryPrepared(pg, name, query->n_values, values, query->lengths,
                               binary, 1) &&
           PQpipelineSync(pg);
}

void query_keep(struct query *query, PGresult *result)
{
    if (query->is_preparing) {
        query->is_preparing = false;
        PQclear(result);
        return;
    }
    PQclear(query->answer);
    query->answer = result;
}

bool query_consume(struct query *query, struct error *err)
{
    struct rows rows;

    if (!query->read || !query->answer)
        return true;
    rows_init(&rows, query->answer, query->sql);
    return query->read(&rows, query->out, err);
}

void query_end(struct query *query, const struct error *err)
{
    struct task *task = query->task;
    query_done_fn done = query->done;
    void *context = query->context;

    PQclear(query->answer);
    text_done(&query->bytes);
    free(query);
    if (task)
        task_end(task, err);
    if (done)
        done(err, context);
}
