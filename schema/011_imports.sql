-- Questions brought in by the API: a file is read by a child of the server, what was found
-- is kept here line by line, and later applied as a whole.  Also what the commands use.

-- What a question asks, hashed (bank/question.h).  Null: not known yet, for what was saved
-- before there were twins; `jingda migrate` fills it in.
alter table question add column twin text;
create index on question (twin);

-- What would become of questions, [{"question", "twin"}], each by itself: 'added', 'changed',
-- 'unchanged', or 'duplicate' of the newest revision of another.
create function question_results(p_items jsonb)
returns table (number integer, result text, duplicate_of text) language sql stable as $$
    with item as materialized (
        select n::integer as number, i->'question' as body, i->'question'->>'id' as id,
               i->>'twin' as twin
          from jsonb_array_elements(p_items) with ordinality as e(i, n)
    )
    select i.number,
           case when l.body = i.body then 'unchanged'
                when o.id is not null then 'duplicate'
                when l.id is not null then 'changed'
                else 'added' end,
           case when l.body is distinct from i.body then o.id end
      from item i
      left join (
          select distinct on (q.id) q.id, q.body from question q
           where q.id in (select id from item) order by q.id, q.revision desc
      ) l on l.id = i.id
      left join (
          select t.number, min(q.id) as id
            from item t join question q on q.twin = t.twin and q.id <> t.id
           where not exists (select from question n
                              where n.id = q.id and n.revision > q.revision)
           group by t.number
      ) o on o.number = i.number
     order by i.number
$$;

-- Those that differ from their newest revision become the next.  The caller holds what keeps
-- others from doing the same.
create function put_question_items(p_items jsonb) returns void language sql as $$
    insert into question (id, revision, body, twin)
    select i.id, coalesce(l.revision, 0) + 1, i.body, i.twin
      from (select e->'question'->>'id' as id, e->'question' as body, e->>'twin' as twin
              from jsonb_array_elements(p_items) e) i
      left join (
          select distinct on (q.id) q.id, q.revision, q.body from question q
           order by q.id, q.revision desc
      ) l on l.id = i.id
     where l.body is distinct from i.body
$$;

-- A question saved by hand, with its twin.
create function save_question(p_id text, p_body jsonb, p_who text, p_twin text)
returns table (is_new boolean, revision integer, saved_at bigint)
language plpgsql as $$
#variable_conflict use_column
begin
    return query select s.is_new, s.revision, s.saved_at
                   from save_question(p_id, p_body, p_who) s;
    update question q set twin = p_twin
     where q.id = p_id and q.twin is distinct from p_twin
       and not exists (select from question n where n.id = q.id and n.revision > q.revision);
end $$;

create table question_import (
    id bigint generated always as identity primary key,
    created_at bigint not null default now_ms(),
    who text not null,
    state text not null default 'reading'
        check (state in ('reading', 'checked', 'refused', 'applied', 'failed')),
    lease_until bigint not null, -- who reads says so again and again, or is gone
    format text,
    n_rows integer not null default 0,
    n_read integer not null default 0,
    added integer not null default 0,
    changed integer not null default 0,
    unchanged integer not null default 0,
    duplicate integer not null default 0,
    wrong integer not null default 0,
    message_zh text, -- why the file as a whole is refused, or the reading failed
    message_en text,
    applied_at bigint
);

create table question_import_line (
    import bigint not null references question_import on delete cascade,
    number integer not null,
    row_number integer not null,
    column_name text not null,
    result text not null
        check (result in ('added', 'changed', 'unchanged', 'duplicate', 'wrong')),
    question jsonb, -- null: wrong
    twin text,
    duplicate_of text, -- a question, or null
    message_zh text,
    message_en text,
    primary key (import, number)
);

-- Null: two files are being read already.
create function begin_question_import(p_who text, p_lease_ms bigint) returns bigint
language plpgsql as $$
declare
    v_id bigint;
begin
    perform pg_advisory_xact_lock(hashtext('jingda.question_import'));
    delete from question_import
     where created_at < now_ms() - 7 * 86400000::bigint
        or id <= (select max(id) - 100 from question_import);
    if (select count(*) from question_import
         where state = 'reading' and lease_until > now_ms()) >= 2 then
        return null;
    end if;
    insert into question_import (who, lease_until) values (p_who, now_ms() + p_lease_ms)
    returning id into v_id;
    return v_id;
end $$;

-- Lines found, [{"row", "column", "question", "twin", "same_row", "zh", "en"}], the first of
-- them number p_from; again without harm.  False: the reading is over, or was given up.
create function take_question_lines(p_import bigint, p_from integer, p_lines jsonb,
                                    p_read integer, p_rows integer, p_lease_ms bigint)
returns boolean language plpgsql as $$
begin
    update question_import i
       set n_read = p_read, n_rows = p_rows, lease_until = now_ms() + p_lease_ms
     where i.id = p_import and i.state = 'reading' and i.lease_until > now_ms();
    if not found then
        return false;
    end if;
    insert into question_import_line (import, number, row_number, column_name, result,
                                      question, twin, duplicate_of, message_zh, message_en)
    select p_import, p_from + r.number - 1, (l->>'row')::integer, l->>'column',
           case when l->'question' is null then 'wrong'
                when l->'same_row' is not null then 'duplicate'
                else r.result end,
           l->'question', l->>'twin',
           case when l->'same_row' is null then r.duplicate_of end, l->>'zh', l->>'en'
      from question_results(p_lines) r
      join lateral (select p_lines->(r.number - 1) as l) x on true
    on conflict do nothing;
    return true;
end $$;

-- A sentence: the file as a whole is refused ('refused'), or could not be read ('failed').
create function finish_question_import(p_import bigint, p_state text, p_format text,
                                       p_zh text, p_en text)
returns void language sql as $$
    update question_import i
       set state = case when p_zh is not null then p_state
                        when c.duplicate + c.wrong > 0 then 'refused'
                        else 'checked' end,
           format = p_format, message_zh = p_zh, message_en = p_en,
           added = c.added, changed = c.changed, unchanged = c.unchanged,
           duplicate = c.duplicate, wrong = c.wrong
      from (select (count(*) filter (where result = 'added'))::integer as added,
                   (count(*) filter (where result = 'changed'))::integer as changed,
                   (count(*) filter (where result = 'unchanged'))::integer as unchanged,
                   (count(*) filter (where result = 'duplicate'))::integer as duplicate,
                   (count(*) filter (where result = 'wrong'))::integer as wrong
              from question_import_line where import = p_import) c
     where i.id = p_import and i.state = 'reading'
$$;

-- Outcome: 1 applied, 2 applied before, 3 there is no such import, 4 it was not checked or is
-- refused, 5 the bank has changed since: what was found no longer holds.
-- A planner that takes 100 lines for granted would compare 20,000 with each other.
create function apply_question_import(p_import bigint, p_who text) returns smallint
language plpgsql set enable_nestloop = off as $$
declare
    v question_import;
    v_items jsonb;
begin
    select * into v from question_import i where i.id = p_import for update;
    if v.id is null then
        return 3;
    elsif v.state = 'applied' then
        return 2;
    elsif v.state <> 'checked' then
        return 4;
    end if;
    lock table question in share row exclusive mode;
    select coalesce(jsonb_agg(jsonb_build_object('question', l.question, 'twin', l.twin)
                              order by l.number), '[]')
      into v_items from question_import_line l where l.import = p_import;
    if exists (select from question_results(v_items) r
                 join (select row_number() over (order by l.number) as n, l.result
                         from question_import_line l where l.import = p_import) was
                   on was.n = r.number
                where was.result <> r.result) then
        return 5;
    end if;
    perform put_question_items(v_items);
    update question_import i set state = 'applied', applied_at = now_ms() where i.id = p_import;
    insert into audit (who, what, subject, after)
    values (p_who, 'import_questions', p_import::text,
            jsonb_build_object('added', v.added, 'changed', v.changed,
                               'unchanged', v.unchanged));
    perform pg_notify('jingda_change', '');
    return 1;
end $$;
