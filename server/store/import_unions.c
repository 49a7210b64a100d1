/* Each fault is looked for by a statement of its own, which names the rows that have
 * it. */
#include "store/import_unions.h"

#include "rank/unions.h"
#include "store/inside.h"

#define UNION_ROWS                                                                     \
    "jsonb_to_recordset($1::jsonb) as r(line integer, code text, name text,"           \
    " parent_code text, level text, kind text, members integer)"

static bool check_tree(struct import *import)
{
    struct unions *unions = unions_new();
    struct rows *rows =
        session_query(import->session, unions_sql, 0, NULL, &import->db_error);
    struct error err;
    bool ok = rows && unions_read(rows, unions, &err);

    if (rows && !ok)
        import_refuse(import, &err);
    session_free(rows);
    unions_free(unions);
    return ok;
}

static bool put_unions(struct import *import, const void *input)
{
    return import_none(import,
                       "select line, 'code' from (select line, row_number() over"
                       " (partition by code order by line) as n from " UNION_ROWS ") r"
                       " where n > 1 order by 1",
                       input, PROBLEM_FILE_CELL, "这个编码出现了不止一次",
                       "this code stands more than once") &&
           import_none(import,
                       "select r.line, 'parent_code' from " UNION_ROWS
                       " where r.parent_code is not null"
                       " and r.parent_code not in (select code from org_union)"
                       " and r.parent_code not in (select x.code from"
                       " jsonb_to_recordset($1::jsonb) x(code text)) order by 1",
                       input, PROBLEM_FILE_CELL, "没有这个上级编码",
                       "there is no such parent") &&
           import_none(import,
                       "select r.line, 'parent_code' from " UNION_ROWS
                       " join org_union u on u.code = r.code"
                       " left join org_union p on p.id = u.parent_id"
                       " where r.parent_code is distinct from p.code order by 1",
                       input, PROBLEM_FILE_CELL, "已有工会的上级不能更改",
                       "the parent of a known union cannot change") &&
           import_count(
               import,
               "with r as materialized (select * from " UNION_ROWS
               "), had as materialized"
               " (select r.code, (u.name, u.kind, u.level, u.members) is distinct from"
               " (r.name, r.kind, r.level, r.members) as differs"
               " from r join org_union u on u.code = r.code), put as ("
               "insert into org_union (code, name, kind, level, members)"
               " select code, name, kind, level, members from r order by line"
               " on conflict (code) do update set name = excluded.name,"
               " kind = excluded.kind, level = excluded.level, members = "
               "excluded.members)"
               " select ((select count(*) from r) - count(*))::integer,"
               " (count(*) filter (where differs))::integer,"
               " (count(*) filter (where not differs))::integer from had",
               input) &&
           import_count(
               import,
               "with put as (update org_union u set parent_id = p.id from " UNION_ROWS
               " join org_union p on p.code = r.parent_code"
               " where u.code = r.code and u.parent_id is null)"
               " select 0, 0, 0 where false",
               input) &&
           check_tree(import);
}

bool import_unions(struct import *import, const json_t *rows)
{
    return import_run(import, put_unions, rows);
}

#define ROSTER_ROWS                                                                    \
    "jsonb_to_recordset($1::jsonb) as r(line integer, union_code text, subject text,"  \
    " name text)"

static bool put_roster(struct import *import, const void *input)
{
    return import_none(
               import,
               "select r.line, 'union_code' from " ROSTER_ROWS
               " where r.union_code not in (select code from org_union) order by 1",
               input, PROBLEM_FILE_CELL, "没有这个工会编码",
               "there is no such union") &&
           import_none(
               import,
               "select line, 'staff_number' from (select line, row_number() over"
               " (partition by subject order by line) as n from " ROSTER_ROWS ") r"
               " where n > 1 order by 1",
               input, PROBLEM_FILE_CELL, "同一工会的这个工号出现了不止一次",
               "this number stands more than once in its union") &&
           import_count(
               import,
               "with r as materialized (select * from " ROSTER_ROWS
               "), had as materialized"
               " (select i.person, r.name, p.name is distinct from r.name as differs "
               "from r"
               " join identity i on i.provider = 'roster' and i.subject = r.subject"
               " join person p on p.id = i.person), fresh as materialized"
               " (select r.*, nextval(pg_get_serial_sequence('person', 'id')) as person"
               " from r where not exists (select from identity i"
               " where i.provider = 'roster' and i.subject = r.subject)"
               " order by r.line), people as (insert into person (id, name)"
               " overriding system value select person, name from fresh),"
               " identities as (insert into identity (provider, subject, person)"
               " select 'roster', subject, person from fresh),"
               " renamed as (update person p set name = h.name from had h"
               " where p.id = h.person and h.differs)"
               " select (select count(*) from fresh)::integer,"
               " (count(*) filter (where differs))::integer,"
               " (count(*) filter (where not differs))::integer from had",
               input);
}

bool import_roster(struct import *import, const json_t *rows)
{
    return import_run(import, put_roster, rows);
}
