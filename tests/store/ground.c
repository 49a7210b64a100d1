#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg/rows.h"
#include "store/migrate.h"
#include "util/fields.h"
#include "util/text.h"

struct session *ground_session(const char *conninfo)
{
    struct db_error err = { 0 };
    struct session *session = session_open(conninfo, &err);

    if (!session)
        fail_msg("%s", err.text);
    return session;
}

void ground_run(struct session *session, const char *sql)
{
    struct db_error err = { 0 };

    if (!session_run(session, sql, &err))
        fail_msg("%s: %s", sql, err.text);
}

const char *ground_empty(const char *name)
{
    static char conninfo[300];
    struct session *session = ground_session(live_database);
    TEXT(sql);

    text_printf(&sql, "drop database if exists %s with (force)", name);
    ground_run(session, sql.data);
    text_clear(&sql);
    text_printf(&sql, "create database %s", name);
    ground_run(session, sql.data);
    session_close(session);
    snprintf(conninfo, sizeof(conninfo), "%s dbname=%s", live_database, name);
    return conninfo;
}

static void ignore(const char *file, void *context)
{
    (void)file, (void)context;
}

const char *ground_migrated(const char *name)
{
    const char *conninfo = ground_empty(name);
    struct session *session = ground_session(conninfo);
    struct db_error err = { 0 };

    if (!migrate(session, SOURCE_ROOT "/schema", ignore, NULL, &err))
        fail_msg("%s", err.text);
    session_close(session);
    return conninfo;
}

const char *ground_text(struct session *session, const char *sql)
{
    static char value[2000];
    struct db_error err = { 0 };
    struct rows *rows = session_query(session, sql, 0, NULL, &err);

    if (!rows)
        fail_msg("%s: %s", sql, err.text);
    assert_int_equal(rows_count(rows), 1);
    rows_next(rows);
    snprintf(value, sizeof(value), "%s", rows_is_null(rows) ? "null" : rows_text(rows));
    session_free(rows);
    return value;
}

int ground_number(struct session *session, const char *sql)
{
    TEXT(cast);

    text_printf(&cast, "select (%s)::text", sql);
    return atoi(ground_text(session, cast.data));
}

json_t *ground_json(const char *text)
{
    struct error err = { 0 };
    TEXT(quoted);

    text_string(&quoted, text);
    for (char *p = quoted.data; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *json = fields_parse(quoted.data, quoted.length, 16, &err);
    if (!json)
        fail_msg("%s: %s", text, err.detail[ENGLISH]);
    return json;
}
