#include "store/inside.h"
#include "rank/unions.h"

const char unions_sql[] =
    "select id, coalesce(parent_id, 0), code, name, kind, level, coalesce(members, -1)"
    " from org_union order by id";

/* New unions are added, known ones get their name and members anew.  A known union never
 * changes its parent (the import refuses it), since boards hang on it. */
bool unions_read(struct rows *rows, void *out, struct error *err)
{
    struct unions *unions = out;
    const char *culprit;

    while (rows_next(rows)) {
        int32_t id = rows_int32(rows), parent = rows_int32(rows);
        const char *code = rows_text(rows), *name = rows_text(rows);
        const char *kind = rows_text(rows), *level = rows_text(rows);
        int32_t members = rows_int32(rows);
        int index = unions_find(unions, id);

        if (index < 0)
            unions_add(unions, id, parent, code, name, kind, level, members);
        else
            unions_update(unions, index, name, kind, level, members);
    }
    return unions_link(unions, &culprit) || error_set(err, PROBLEM_NO_UNION, culprit);
}
