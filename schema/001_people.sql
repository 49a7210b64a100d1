-- Who takes part: unions, people, how they sign in, who organizes, and what was changed.
-- Times are milliseconds since 1970; points are hundredths.

-- One row: what is fixed when the database is made.
create table setting (
    only_row boolean primary key default true check (only_row),
    buckets smallint not null default 1 check (buckets between 1 and 1024)
);
insert into setting default values;

-- The one clock.  jingda.clock_offset_ms is for tests.
create function now_ms() returns bigint language sql volatile as $$
    select (extract(epoch from clock_timestamp()) * 1000)::bigint
         + coalesce(nullif(current_setting('jingda.clock_offset_ms', true), ''), '0')::bigint
$$;

create table org_union (
    id integer generated always as identity primary key,
    code text not null unique,
    parent_id integer references org_union,
    name text not null,
    kind text not null,
    level text not null,
    members integer check (members >= 0)
);

create table person (
    id bigint generated always as identity primary key,
    name text not null,
    shows_name boolean not null default false,
    created_at bigint not null default now_ms()
);

-- provider 'roster': subject is union code / staff number.
create table identity (
    provider text not null,
    subject text not null,
    person bigint not null references person,
    primary key (provider, subject)
);
create index on identity (person);

create table session (
    id bigint generated always as identity primary key,
    person bigint not null references person,
    generation integer not null default 1, -- of the refresh token that is valid
    created_at bigint not null default now_ms(),
    expires_at bigint not null,
    revoked_at bigint
);
create index on session (revoked_at) where revoked_at is not null;

create function end_session(p_session bigint) returns void language plpgsql as $$
begin
    update session set revoked_at = now_ms() where id = p_session and revoked_at is null;
    perform pg_notify('jingda_session', p_session::text);
end $$;

-- Outcome: 1 renewed, 2 this generation was used before (the session ends), 3 ended, 4 expired.
create function renew_session(p_session bigint, p_generation integer)
returns table (outcome integer, generation integer, person bigint, name text)
language plpgsql as $$
#variable_conflict use_column
declare
    v session;
    v_outcome integer;
begin
    select * into v from session s where s.id = p_session for update;
    if v.id is null then
        return;
    end if;
    v_outcome := case when v.revoked_at is not null then 3
                      when v.expires_at <= now_ms() then 4
                      when v.generation <> p_generation then 2
                      else 1 end;
    if v_outcome = 1 then
        update session s set generation = v.generation + 1 where s.id = p_session;
    elsif v_outcome = 2 then
        perform end_session(p_session);
    end if;
    return query select v_outcome, v.generation + 1, p.id, p.name
                   from person p where p.id = v.person;
end $$;

-- An organizer's key: only its hash is kept.
create table api_key (
    id integer generated always as identity primary key,
    hash bytea not null unique,
    role text not null check (role in ('owner')),
    union_id integer references org_union, -- the subtree it may see; null: everything
    label text not null,
    created_at bigint not null default now_ms(),
    revoked_at bigint
);

create table audit (
    id bigint generated always as identity primary key,
    at bigint not null default now_ms(),
    who text not null,
    what text not null,
    subject text not null,
    before jsonb,
    after jsonb
);
