#include "pg/rows.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "pg/inside.h"
#include "util/arena.h"

void rows_init(struct rows *rows, PGresult *result, const char *sql)
{
    *rows = (struct rows){
        .sql = sql,
        .result = result,
        .n_rows = PQntuples(result),
        .n_columns = PQnfields(result),
        .row = -1,
    };
}

size_t rows_count(const struct rows *rows)
{
    return (size_t)rows->n_rows;
}

bool rows_next(struct rows *rows)
{
    rows->column = 0;
    return ++rows->row < rows->n_rows;
}

static _Noreturn void refuse(const struct rows *rows, const char *wanted,
                             const char *why)
{
    log_error("rows.misread", "column=%d wanted=%s why=\"%s\" sql=\"%s\"",
              rows->column + 1, wanted, why, rows->sql);
    abort();
}

static struct cell look(const struct rows *rows, const char *wanted)
{
    if (rows->row < 0 || rows->row >= rows->n_rows)
        refuse(rows, wanted, "no row");
    if (rows->column >= rows->n_columns)
        refuse(rows, wanted, "no such column");
    if (!rows->result)
        return rows->cells[rows->column];
    if (PQgetisnull(rows->result, rows->row, rows->column))
        return (struct cell){ NULL, -1 };
    return (struct cell){ PQgetvalue(rows->result, rows->row, rows->column),
                          PQgetlength(rows->result, rows->row, rows->column) };
}

/* A copy tells no types: there, any will do. */
static bool is_of(const struct rows *rows, enum type type)
{
    return !rows->result || PQftype(rows->result, rows->column) == (Oid)type;
}

static struct cell take(struct rows *rows, enum type type, int size, const char *wanted)
{
    struct cell cell = look(rows, wanted);

    if (cell.size < 0)
        refuse(rows, wanted, "it is null");
    if (!is_of(rows, type) || (size && cell.size != size))
        refuse(rows, wanted, "it has another type");
    rows->column++;
    return cell;
}

bool rows_is_null(struct rows *rows)
{
    bool is_null = look(rows, "any").size < 0;

    if (is_null)
        rows->column++;
    return is_null;
}

int16_t rows_int16(struct rows *rows)
{
    uint16_t net;

    memcpy(&net, take(rows, TYPE_INT16, sizeof(net), "int2").data, sizeof(net));
    return (int16_t)be16toh(net);
}

int32_t rows_int32(struct rows *rows)
{
    uint32_t net;

    memcpy(&net, take(rows, TYPE_INT32, sizeof(net), "int4").data, sizeof(net));
    return (int32_t)be32toh(net);
}

int64_t rows_int64(struct rows *rows)
{
    uint64_t net;

    memcpy(&net, take(rows, TYPE_INT64, sizeof(net), "int8").data, sizeof(net));
    return (int64_t)be64toh(net);
}

bool rows_bool(struct rows *rows)
{
    return take(rows, TYPE_BOOL, 1, "bool").data[0] != 0;
}

double rows_double(struct rows *rows)
{
    uint64_t net;
    double value;

    memcpy(&net, take(rows, TYPE_DOUBLE, sizeof(net), "float8").data, sizeof(net));
    net = be64toh(net);
    memcpy(&value, &net, sizeof(value));
    return value;
}

static bool is_textual(Oid type)
{
    switch (type) {
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_CHAR:
    case TYPE_NAME:
    case TYPE_JSON:
        return true;
    default:
        return false;
    }
}

const char *rows_text(struct rows *rows)
{
    enum type type = TYPE_TEXT;

    if (rows->result && rows->column < rows->n_columns) {
        Oid found = PQftype(rows->result, rows->column);

        if (is_textual(found) || found == TYPE_JSONB)
            type = (enum type)found;
    }
    const char *text = take(rows, type, 0, "text").data;
    return type == TYPE_JSONB ? text + 1 : text; /* its version comes first */
}

/* Big-endian: dimensions, whether there are nulls, type of the elements, then for the one
 * dimension its size and lower bound, then each element's size and value. */
const int64_t *rows_int64_array(struct rows *rows, struct arena *arena, size_t *n)
{
    enum { HEAD = 20, EACH = 12 };
    struct cell cell = take(rows, TYPE_INT64_ARRAY, 0, "int8[]");
    uint32_t head[5] = { 0 };

    memcpy(head, cell.data, (size_t)cell.size < HEAD ? (size_t)cell.size : HEAD);
    *n = be32toh(head[0]) ? be32toh(head[3]) : 0;
    if (be32toh(head[0]) > 1 || head[1] ||
        (*n && (size_t)cell.size != HEAD + *n * EACH))
        refuse(rows, "int8[]", "it is not a plain list");
    int64_t *out = arena_alloc(arena, *n * sizeof(*out));
    for (size_t i = 0; i < *n; i++) {
        uint64_t net;

        memcpy(&net, cell.data + HEAD + i * EACH + 4, sizeof(net));
        out[i] = (int64_t)be64toh(net);
    }
    return out;
}

static const void *take_bytes(struct rows *rows, enum type type, const char *wanted,
                              size_t *n)
{
    struct cell cell = take(rows, type, 0, wanted);

    *n = (size_t)cell.size;
    return cell.data;
}

const void *rows_bytes(struct rows *rows, size_t *n)
{
    return take_bytes(rows, TYPE_BYTES, "bytea", n);
}

const void *rows_numeric(struct rows *rows, size_t *n)
{
    return take_bytes(rows, TYPE_NUMERIC, "numeric", n);
}
