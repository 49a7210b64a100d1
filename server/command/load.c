#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/question.h"
#include "command/table.h"
#include "store/import_campaign.h"
#include "store/import_unions.h"
#include "util/fields.h"
#include "util/memory.h"

static void report(const struct error *err, void *context)
{
    complain(context, err);
}

static bool finish(struct import *import, const char *what, const char *file, bool ok)
{
    bool is_chinese = operator_language() == CHINESE;

    if (!ok && *import->db_error.text)
        fprintf(stderr, "%s: %s\n", file, import->db_error.text);
    if (!ok)
        fprintf(stderr, is_chinese ? "%s：有错误，未导入任何内容\n"
                                   : "%s: there are mistakes; nothing was imported\n", file);
    else
        printf(is_chinese ? "%s：%s，新增 %d，更改 %d，未变 %d\n"
                          : "%s: %s: %d added, %d changed, %d unchanged\n",
               file, what, import->counts.added, import->counts.changed,
               import->counts.same);
    return ok;
}

static json_t *read_json(const char *file)
{
    json_error_t why;
    struct error err;
    json_t *json = json_load_file(file, JSON_REJECT_DUPLICATES, &why);

    if (json)
        return json;
    if (why.line < 0)
        error_set(&err, PROBLEM_FILE_UNREADABLE, file, strerror(errno));
    else
        error_set(&err, PROBLEM_BAD_JSON, why.line, why.column, why.text);
    complain(file, &err);
    return NULL;
}

/* A roster or a list of unions. */
static bool load_table(struct session *session, const char *file, const char *what,
                       const struct table_column *columns, size_t n,
                       json_t *(*prepare)(json_t *),
                       bool (*run)(struct import *, const json_t *))
{
    struct import import = { .session = session, .report = report, .context = (void *)file };
    AUTO(json_decrefp) json_t *rows = table_read(file, columns, n);

    if (rows && prepare)
        rows = prepare(rows);
    return finish(&import, what, file, rows && run(&import, rows));
}

bool load_unions(struct session *session, const char *file)
{
    static const struct table_column columns[] = {
        { "code", "code", true, false, 40 },
        { "name", "name", true, false, 100 },
        { "parent_code", "parent_code", false, false, 40 },
        { "level", "level", true, false, 40 },
        { "kind", "kind", true, false, 40 },
        { "members", "members", false, true, 100000000 },
    };

    return load_table(session, file, "unions", columns,
                      sizeof(columns) / sizeof(columns[0]), NULL, import_unions);
}

/* The subject that people sign in by: union code / staff number, folded as their typing is. */
static json_t *add_subjects(json_t *rows)
{
    struct arena arena;
    size_t i;
    json_t *row;

    arena_init(&arena);
    json_array_foreach(rows, i, row)
    {
        const char *code = json_string_value(json_object_get(row, "union_code"));
        const char *number = json_string_value(json_object_get(row, "staff_number"));

        json_object_set_new(row, "subject",
                            json_sprintf("%s/%s", code, question_fold(&arena, number)));
    }
    arena_done(&arena);
    return rows;
}

bool load_roster(struct session *session, const char *file)
{
    static const struct table_column columns[] = {
        { "union_code", "union_code", true, false, 40 },
        { "staff_number", "staff_number", true, false, 40 },
        { "name", "name", true, false, 60 },
    };

    return load_table(session, file, "people", columns,
                      sizeof(columns) / sizeof(columns[0]), add_subjects, import_roster);
}

bool load_campaign(struct session *session, const char *file)
{
    struct import import = { .session = session, .report = report, .context = (void *)file };
    AUTO(json_decrefp) json_t *rules = read_json(file);

    return finish(&import, "campaign", file, rules && import_campaign(&import, rules));
}
