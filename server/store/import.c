#include "store/import.h"

#include "util/memory.h"

bool import_run(struct import *import, bool (*work)(struct import *, const void *input),
                const void *input)
{
    struct db_error *err = &import->db_error, ignored;

    err->text[0] = '\0';
    if (!session_run(import->session, "begin", err))
        return false;
    if (work(import, input) &&
        session_run(import->session, "notify jingda_change", err) &&
        session_run(import->session, "commit", err))
        return true;
    if (!session_run(import->session, "rollback", &ignored))
        return false; /* the connection is gone, and the transaction with it */
    return false;
}

bool import_refuse(struct import *import, const struct error *err)
{
    import->report(err, import->context);
    return false;
}

struct rows *import_query(struct import *import, const char *sql, const json_t *input)
{
    AUTO(memory_freep) char *text = json_dumps(input, JSON_COMPACT);
    const char *values[] = { text };

    return session_query(import->session, sql, 1, values, &import->db_error);
}

void import_take_counts(struct import *import, struct rows *rows)
{
    if (!rows_next(rows))
        return;
    import->counts.added = rows_int32(rows);
    import->counts.changed = rows_int32(rows);
    import->counts.same = rows_int32(rows);
}

bool import_count(struct import *import, const char *sql, const json_t *input)
{
    struct rows *rows = import_query(import, sql, input);

    if (!rows)
        return false;
    import_take_counts(import, rows);
    session_free(rows);
    return true;
}

bool import_none(struct import *import, const char *sql, const json_t *input,
                 enum problem problem, const char *zh, const char *en)
{
    struct rows *rows = import_query(import, sql, input);
    bool ok = rows;

    while (rows && rows_next(rows)) {
        int line = rows_int32(rows);
        const char *column = rows_text(rows);
        struct error err;

        error_set(&err, problem, line, column, zh, en);
        ok = import_refuse(import, &err);
    }
    session_free(rows);
    return ok;
}
