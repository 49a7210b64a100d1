#include "pg/session.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg/address.h"
#include "pg/inside.h"
#include "pg/report.h"
#include "util/memory.h"

struct session {
    PGconn *pg;
};

static bool tell(struct db_error *err, const char *sqlstate, const char *text)
{
    size_t n = strlen(text);

    while (n && text[n - 1] == '\n')
        n--;
    snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", sqlstate ? sqlstate : "");
    snprintf(err->text, sizeof(err->text), "%.*s", (int)n, text);
    return false;
}

/* A lost connection has no SQLSTATE of its own, and sometimes no result either. */
static bool tell_failure(struct session *session, const PGresult *result,
                         struct db_error *err)
{
    const char *text = PQresultErrorMessage(result);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return tell(err, sqlstate ? sqlstate : "08006",
                *text ? text : PQerrorMessage(session->pg));
}

struct session *session_open(const char *conninfo, struct db_error *err)
{
    struct address address;

    address_init(&address, conninfo, "");
    PGconn *pg = PQconnectdbParams(address.keywords, address.values, 1);
    address_done(&address);
    if (PQstatus(pg) != CONNECTION_OK) {
        tell(err, "08001", pg ? PQerrorMessage(pg) : "out of memory");
        PQfinish(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg, report_notice, NULL);
    struct session *session = memory_new(sizeof(*session));
    session->pg = pg;
    return session;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    PQfinish(session->pg);
    free(session);
}

static bool is_well(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
        return true;
    default:
        return false;
    }
}

bool session_run(struct session *session, const char *sql, struct db_error *err)
{
    PGresult *result = PQexec(session->pg, sql);
    bool ok = is_well(result) || tell_failure(session, result, err);

    PQclear(result);
    return ok;
}

struct rows *session_query(struct session *session, const char *sql, int n_values,
                           const char *const *values, struct db_error *err)
{
    PGresult *result =
        PQexecParams(session->pg, sql, n_values, NULL, values, NULL, NULL, 1);

    if (!is_well(result)) {
        tell_failure(session, result, err);
        PQclear(result);
        return NULL;
    }
    struct rows *rows = memory_new(sizeof(*rows));
    rows_init(rows, result, sql);
    return rows;
}

void session_free(struct rows *rows)
{
    if (!rows)
        return;
    PQclear(rows->result);
    free(rows);
}

/* A binary copy: once a signature, flags and an extension; then for each row its number
 * of fields (int2, -1 at the end) and the fields (int4 length, -1 for a null, and
 * bytes).  The server sends a row per message, the head together with the first. */
enum { COPY_COLUMNS = 64, SIGNATURE = 11 };

struct copy {
    struct rows rows;
    struct cell cells[COPY_COLUMNS];
    bool has_begun;
};

static int32_t int32_at(const char *p)
{
    uint32_t net;

    memcpy(&net, p, sizeof(net));
    return (int32_t)be32toh(net);
}

static bool skip_head(char **p, const char *end)
{
    if (end - *p < SIGNATURE + 8 || memcmp(*p, "PGCOPY\n\377\r\n\0", SIGNATURE))
        return false;
    int32_t extension = int32_at(*p + SIGNATURE + 4);
    *p += SIGNATURE + 8;
    if (extension < 0 || extension > end - *p)
        return false;
    *p += extension;
    return true;
}

static bool read_cell(char **p, const char *end, struct cell *cell)
{
    if (end - *p < 4)
        return false;
    cell->size = int32_at(*p);
    **p = '\0'; /* ends the text of the cell before, now that the length is known */
    *p += 4;
    cell->data = *p;
    if (cell->size < 0)
        return true;
    if (cell->size > end - *p)
        return false;
    *p += cell->size;
    return true;
}

/* Sets n_rows to whether there is a row.  PQgetCopyData puts a NUL at `end`, which ends
 * the last text. */
static bool read_row(struct copy *copy, char *p, const char *end)
{
    uint16_t net;

    copy->rows.n_rows = 0;
    if (!copy->has_begun && !skip_head(&p, end))
        return false;
    copy->has_begun = true;
    if (p == end)
        return true;
    if (end - p < (int)sizeof(net))
        return false;
    memcpy(&net, p, sizeof(net));
    p += sizeof(net);
    int n = (int16_t)be16toh(net);
    if (n < 0)
        return true;
    if (n > COPY_COLUMNS)
        return false;
    for (int i = 0; i < n; i++)
        if (!read_cell(&p, end, &copy->cells[i]))
            return false;
    copy->rows.n_rows = 1;
    copy->rows.n_columns = n;
    copy->rows.column = 0;
    return p == end;
}

static bool copy_rows(struct session *session, struct copy *copy,
                      void (*row)(struct rows *rows, void *context), void *context,
                      struct db_error *err)
{
    char *data;
    int n;

    while ((n = PQgetCopyData(session->pg, &data, 0)) > 0) {
        bool ok = read_row(copy, data, data + n);

        if (ok && copy->rows.n_rows)
            row(&copy->rows, context);
        PQfreemem(data);
        if (!ok)
            return tell(err, "08P01", "the copy is not in the form expected");
    }
    return true;
}

/* After the rows the server says whether it was all of them. */
static bool end_copy(struct session *session, struct db_error *err)
{
    PGresult *result;
    bool ok = true;

    while ((result = PQgetResult(session->pg))) {
        ok = ok && (is_well(result) || tell_failure(session, result, err));
        PQclear(result);
    }
    return ok;
}

bool session_copy(struct session *session, const char *sql,
                  void (*row)(struct rows *rows, void *context), void *context,
                  struct db_error *err)
{
    PGresult *result = PQexec(session->pg, sql);
    bool is_binary = PQresultStatus(result) == PGRES_COPY_OUT && PQbinaryTuples(result);
    struct copy copy = { .rows = { .sql = sql } };

    copy.rows.cells = copy.cells;
    bool ok = is_binary || tell_failure(session, result, err);
    PQclear(result);
    return ok && copy_rows(session, &copy, row, context, err) && end_copy(session, err);
}
