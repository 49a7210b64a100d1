-- Correcting a wrong key while a campaign runs, and scoring again what it had decided.
--
-- Correction k of a campaign says: of these questions a newer revision decides from now on, for
-- every attempt of the campaign.  It is made under the feed heads of all buckets, so that every
-- attempt is either there before, and is scored again, or was scored with it.
--
-- Scoring again goes through a bucket twice, in order of person and attempt, each step one call
-- that moves the cursor along with its results: first counting, which notes what will change
-- and where its person stands; when all buckets are counted, applying, which changes it.
-- Whoever moves a cursor says where it was: of two who do the same, one does nothing.

create table correction (
    campaign integer not null references campaign,
    number integer not null,        -- from 1
    question_ids text[] not null,
    to_revisions integer[] not null,
    who text not null,
    reason text not null,
    at bigint not null,
    of_about bigint not null,       -- attempts that were there
    primary key (campaign, number)
);

create table correction_cursor (
    bucket smallint not null,
    campaign integer not null,
    number integer not null,
    pass smallint not null default 1, -- 1 counting, 2 applying, 3 done
    person bigint not null default 0, -- the last that was taken
    ordinal integer not null default 0,
    n_seen bigint not null default 0,
    n_affected bigint not null default 0, -- had one of the questions
    n_changed bigint not null default 0,  -- are marked otherwise than before
    n_applied bigint not null default 0,
    finished_at bigint,
    primary key (bucket, campaign, number)
) with (fillfactor = 10);
create index correction_open on correction_cursor (campaign, number, pass, bucket)
 where pass < 3;

-- An attempt that a correction changes.  Before: the person's overall standing when it was
-- counted; null: on no board.
create table correction_change (
    bucket smallint not null,
    campaign integer not null,
    number integer not null,
    person bigint not null,
    ordinal integer not null,
    old_score integer not null,
    new_score integer not null,
    old_right smallint not null,
    new_right smallint not null,
    score_before bigint,
    rank_before bigint,
    primary key (bucket, campaign, number, person, ordinal)
);

-- The boards computed from attempt alone, as 003 says; each part of it goes by person, so that
-- asking for some people reads only theirs.
create view standing_computed as
    with counted as (
        select a.bucket, a.campaign, a.person, a.ordinal, a.score, a.duration_ms,
               a.finished_at, c.counts, c.duration_decides, c.has_days, c.has_weeks,
               c.has_months, day_of(a.started_at, c.utc_offset_ms) as day
          from attempt a join campaign c on c.id = a.campaign
         where a.is_counted
    ), expanded as (
        select x.*, period_of(k.kind, x.day) as period
          from counted x
          cross join lateral (values (0, true), (1, has_days or counts = 4),
                                     (2, has_weeks), (3, has_months)) k(kind, is_on)
         where k.is_on
    ), placed as (
        -- by_worth 1 is the best of the period, day_worth 1 the best of the day in it
        select e.*,
               row_number() over (partition by e.bucket, e.campaign, e.person, e.period
                   order by e.score desc,
                   case when duration_decides then e.duration_ms else 0 end, ordinal)
                   as by_worth,
               row_number() over (partition by e.bucket, e.campaign, e.person, e.period, e.day
                   order by e.score desc,
                   case when duration_decides then e.duration_ms else 0 end, ordinal)
                   as day_worth,
               row_number() over (partition by e.bucket, e.campaign, e.person, e.period
                   order by ordinal) as by_first,
               row_number() over (partition by e.bucket, e.campaign, e.person, e.period
                   order by ordinal desc) as by_last
          from expanded e
    )
    select p.bucket, p.campaign, p.person, p.period,
           sum(p.score) filter (where takes)::bigint as score,
           sum(p.duration_ms) filter (where takes)::bigint as duration_ms,
           max(p.finished_at) filter (where takes) as reached_at,
           count(*)::integer as n_counted
      from placed p
      cross join lateral (select case counts when 0 then by_worth = 1 when 1 then true
                                 when 2 then by_first = 1 when 3 then by_last = 1
                                 else day_worth = 1 end as takes) t
     group by p.bucket, p.campaign, p.person, p.period;

create or replace function computed_standing(p_campaign integer, p_person bigint default null)
returns table (bucket smallint, person bigint, period integer, score bigint,
               duration_ms bigint, reached_at bigint, n_counted integer)
language sql stable as $$
    select s.bucket, s.person, s.period, s.score, s.duration_ms, s.reached_at, s.n_counted
      from standing_computed s
     where s.campaign = p_campaign
       and (p_person is null or s.person = p_person and s.bucket =
            (select (p_person % buckets)::smallint from setting))
$$;

-- A question saved by hand: the next revision, or the newest if that is the same.
create function save_question(p_id text, p_body jsonb, p_who text)
returns table (is_new boolean, revision integer, saved_at bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v question;
begin
    loop
        select * into v from question q where q.id = p_id order by q.revision desc limit 1;
        if v.body = p_body then
            return query select false, v.revision, v.saved_at;
            return;
        end if;
        return query insert into question as q (id, revision, body)
                     values (p_id, coalesce(v.revision, 0) + 1, p_body)
                         on conflict do nothing returning true, q.revision, q.saved_at;
        exit when found; -- else another was quicker
    end loop;
    insert into audit (who, what, subject, before, after)
    values (p_who, 'save_question', p_id, v.body, p_body);
end $$;

-- Outcome: 1 corrected, 2 all of this is in force already, 3 the bank has no such question,
-- 4 the campaign never had it, 5 its type, 6 its choices are not those of the revisions that
-- the campaign has.  From 3 on the first question that is wrong is named; then, and for 2,
-- nothing is changed.
create function correct_campaign(p_campaign integer, p_question text[], p_who text,
                                 p_reason text)
returns table (outcome smallint, number integer, question text)
language plpgsql as $$
#variable_conflict use_column
declare
    v_campaign campaign;
    v_outcome smallint;
    v_question text;
    v_ids text[];
    v_revisions integer[];
    v_about bigint;
begin
    -- who saves the campaign, or corrects it too, waits here, and then sees what we did
    select * into strict v_campaign from campaign c where c.id = p_campaign for no key update;

    with asked as (
        select u.id, min(u.n) as n from unnest(p_question) with ordinality u(id, n) group by 1
    ), newest as (
        select distinct on (a.id) a.n, a.id, q.revision, q.body
          from asked a left join question q on q.id = a.id
         order by a.id, q.revision desc
    ), pinned as (
        select distinct u.id, u.revision
          from campaign_revision r
          cross join lateral unnest(r.question_ids, r.question_revisions) u(id, revision)
         where r.campaign = p_campaign and u.id = any(p_question)
    ), corrected as (
        select u.id, max(u.revision) as revision
          from correction k
          cross join lateral unnest(k.question_ids, k.to_revisions) u(id, revision)
         where k.campaign = p_campaign and u.id = any(p_question)
         group by 1
    ), compared as (
        select n.n, n.id, n.revision,
               case when n.revision is null then 3
                    when min(p.id) is null then 4
                    when bool_or(q.body -> 'type' is distinct from n.body -> 'type') then 5
                    when bool_or(q.body -> 'choices' is distinct from n.body -> 'choices')
                         then 6
                    when min(greatest(p.revision, k.revision)) < n.revision then 1
                    else 2 end::smallint as outcome
          from newest n
          left join pinned p on p.id = n.id
          left join question q on q.id = p.id and q.revision = p.revision
          left join corrected k on k.id = n.id
         group by n.n, n.id, n.revision, n.body
    )
    select (array_agg(c.outcome order by c.n) filter (where c.outcome > 2))[1],
           (array_agg(c.id order by c.n) filter (where c.outcome > 2))[1],
           array_agg(c.id order by c.n) filter (where c.outcome = 1),
           array_agg(c.revision order by c.n) filter (where c.outcome = 1)
      into v_outcome, v_question, v_ids, v_revisions
      from compared c;
    if v_outcome > 2 or v_ids is null then
        return query select coalesce(v_outcome, 2::smallint), v_campaign.n_corrections,
                            v_question;
        return;
    end if;

    -- by bucket, since each table's key begins with it
    select coalesce(sum(u.attempts), 0) into v_about
      from feed_head h
      join union_standing u on u.bucket = h.bucket and u.campaign = p_campaign
                           and u.period = 0;
    -- from here to the commit nobody hands in
    perform 1 from feed_head h order by h.bucket for update;
    update campaign c set n_corrections = c.n_corrections + 1 where c.id = p_campaign
    returning * into v_campaign;
    insert into correction (campaign, number, question_ids, to_revisions, who, reason, at,
                            of_about)
    values (p_campaign, v_campaign.n_corrections, v_ids, v_revisions, p_who, p_reason,
            now_ms(), v_about);
    insert into correction_cursor (bucket, campaign, number)
    select h.bucket, p_campaign, v_campaign.n_corrections from feed_head h;
    insert into audit (who, what, subject, after)
    values (p_who, 'correct_campaign',
            format('%s/%s', v_campaign.slug, v_campaign.n_corrections),
            jsonb_build_object('questions', v_ids, 'revisions', v_revisions,
                               'reason', p_reason));
    perform pg_notify('jingda_change', '');
    return query select 1::smallint, v_campaign.n_corrections, null::text;
end $$;

-- Moves a cursor over attempts that were counted, to the last of them, and keeps those that
-- change; false: it was not there, or it is not this correction's turn.
create function count_corrected(p_bucket smallint, p_campaign integer, p_number integer,
                                p_from_person bigint, p_from_ordinal integer,
                                p_to_person bigint, p_to_ordinal integer, p_is_last boolean,
                                p_seen integer, p_affected integer, p_person bigint[],
                                p_ordinal integer[], p_old_score integer[],
                                p_new_score integer[], p_old_right smallint[],
                                p_new_right smallint[], p_score_before bigint[],
                                p_rank_before bigint[])
returns boolean language plpgsql as $$
begin
    update correction_cursor k
       set pass = case when p_is_last then 2 else 1 end,
           person = case when p_is_last then 0 else p_to_person end,
           ordinal = case when p_is_last then 0 else p_to_ordinal end,
           n_seen = k.n_seen + p_seen, n_affected = k.n_affected + p_affected,
           n_changed = k.n_changed + cardinality(p_person)
     where k.bucket = p_bucket and k.campaign = p_campaign and k.number = p_number
       and k.pass = 1 and k.person = p_from_person and k.ordinal = p_from_ordinal
       and not exists (select from correction_cursor e
                        where e.bucket = p_bucket and e.campaign = p_campaign
                          and e.number < p_number and e.pass < 3);
    if not found then
        return false;
    end if;
    insert into correction_change (bucket, campaign, number, person, ordinal, old_score,
                                   new_score, old_right, new_right, score_before, rank_before)
    select p_bucket, p_campaign, p_number, i.person, i.ordinal, i.old_score, i.new_score,
           i.old_right, i.new_right, nullif(i.score_before, -1), nullif(i.rank_before, 0)
      from unnest(p_person, p_ordinal, p_old_score, p_new_score, p_old_right, p_new_right,
                  p_score_before, p_rank_before)
           as i(person, ordinal, old_score, new_score, old_right, new_right, score_before,
                rank_before);
    return true;
end $$;

-- Applies the next changes behind where the cursor is said to be, and all of the last one's
-- person, whose figures are computed from all attempts; not is_moved: it was not there.  The
-- feed tells of each attempt that counts its person's overall figure as it is after all of
-- them, and with the last one those of the periods where it is another.  held_us: how long
-- nobody could hand in.
create function rescore_attempts(p_bucket smallint, p_campaign integer, p_number integer,
                                 p_from_person bigint, p_from_ordinal integer,
                                 p_limit integer)
returns table (is_moved boolean, is_over boolean, person bigint, ordinal integer,
               held_us integer)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_seq bigint;
    v_began timestamptz;
    v_now bigint;
    v_n integer;
    v_person bigint[]; -- of the changes; then of those that count
    v_ordinal integer[];
    v_old integer[];
    v_score integer[];
    v_right smallint[];
    v_duration integer[];
    v_last_person bigint;
    v_last_ordinal integer;
begin
    select h.seq into strict v_seq from feed_head h where h.bucket = p_bucket for update;
    v_began := clock_timestamp();
    perform 1
       from correction_cursor k
      where k.bucket = p_bucket and k.campaign = p_campaign and k.number = p_number
        and k.pass = 2 and k.person = p_from_person and k.ordinal = p_from_ordinal
        and not exists (select from correction_cursor e
                         where e.bucket = p_bucket and e.campaign = p_campaign
                           and e.number < p_number and e.pass < 3)
        for update;
    if not found then
        return query select false, false, p_from_person, p_from_ordinal, 0;
        return;
    end if;

    select count(*), array_agg(c.person order by c.person, c.ordinal),
           array_agg(c.ordinal order by c.person, c.ordinal),
           array_agg(c.old_score order by c.person, c.ordinal),
           array_agg(c.new_score order by c.person, c.ordinal),
           array_agg(c.new_right order by c.person, c.ordinal)
      into v_n, v_person, v_ordinal, v_old, v_score, v_right
      from (select * from correction_change c
             where c.bucket = p_bucket and c.campaign = p_campaign and c.number = p_number
               and (c.person, c.ordinal) > (p_from_person, p_from_ordinal)
             order by c.person fetch first (p_limit) rows with ties) c;
    v_last_person := coalesce(v_person[v_n], p_from_person);
    v_last_ordinal := coalesce(v_ordinal[v_n], p_from_ordinal);
    update correction_cursor k
       set person = v_last_person, ordinal = v_last_ordinal, n_applied = k.n_applied + v_n,
           pass = case when v_n < p_limit then 3 else 2 end,
           finished_at = case when v_n < p_limit then now_ms() end
     where k.bucket = p_bucket and k.campaign = p_campaign and k.number = p_number;
    if v_n > 0 then
        perform lock_people(p_bucket, array_fill(p_campaign, array[v_n]), v_person);
    end if;
    v_now := now_ms();

    with scored as (
        update attempt a
           set score = i.score, n_right = i.n_right, corrections = p_number
          from unnest(v_person, v_ordinal, v_old, v_score, v_right)
               as i(person, ordinal, old, score, n_right)
         where a.bucket = p_bucket and a.campaign = p_campaign and a.person = i.person
           and a.ordinal = i.ordinal and a.corrections < p_number
        returning a.person, a.ordinal, i.old, a.score, a.duration_ms, a.is_counted
    )
    select array_agg(s.person order by s.person, s.ordinal),
           array_agg(s.ordinal order by s.person, s.ordinal),
           array_agg(s.old order by s.person, s.ordinal),
           array_agg(s.score order by s.person, s.ordinal),
           array_agg(s.duration_ms order by s.person, s.ordinal)
      into v_person, v_ordinal, v_old, v_score, v_duration
      from scored s where s.is_counted;

    with both_ as (
        select p.person, 0 as period, p.score as old_score, p.duration_ms as old_duration,
               p.reached_at as old_reached, null::bigint as score,
               null::bigint as duration_ms, null::bigint as reached_at,
               null::integer as n_counted
          from participation p
         where p.bucket = p_bucket and p.campaign = p_campaign and p.person = any(v_person)
        union all
        select s.person, s.period, s.score, s.duration_ms, s.reached_at, null, null, null,
               null
          from standing s
         where s.bucket = p_bucket and s.campaign = p_campaign and s.person = any(v_person)
        union all
        select s.person, s.period, null, null, null, s.score, s.duration_ms, s.reached_at,
               s.n_counted
          from standing_computed s
         where s.bucket = p_bucket and s.campaign = p_campaign and s.person = any(v_person)
    ), figured as materialized (
        -- max: of two rows one has nothing there
        select b.person, b.period, max(b.old_score) as old_score,
               max(b.old_duration) as old_duration, max(b.score) as score,
               max(b.duration_ms) as duration_ms, max(b.reached_at) as reached_at,
               max(b.n_counted) as n_counted
          from both_ b
         group by b.person, b.period
        having b.period = 0
            or (max(b.old_score), max(b.old_duration), max(b.old_reached)) is distinct from
               (max(b.score), max(b.duration_ms), max(b.reached_at))
    ), overall as (
        update participation p
           set score = f.score, duration_ms = f.duration_ms, reached_at = f.reached_at
          from figured f
         where f.period = 0 and p.bucket = p_bucket and p.campaign = p_campaign
           and p.person = f.person
    ), stood as (
        update standing s
           set score = f.score, duration_ms = f.duration_ms, reached_at = f.reached_at
          from figured f
         where f.period <> 0 and s.bucket = p_bucket and s.campaign = p_campaign
           and s.person = f.person and s.period = f.period
    ), summed as (
        update union_standing u
           set score = u.score + m.score, duration_ms = u.duration_ms + m.duration_ms
          from (select f.period, p.union_id, sum(f.score - f.old_score)::bigint as score,
                       sum(f.duration_ms - f.old_duration)::bigint as duration_ms
                  from figured f
                  join participation p on p.bucket = p_bucket and p.campaign = p_campaign
                                      and p.person = f.person
                 group by f.period, p.union_id) m
         where u.bucket = p_bucket and u.campaign = p_campaign and u.period = m.period
           and u.union_id = m.union_id
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score,
                          duration_ms, figures, corrections, old_score)
        select p_bucket, v_seq + i.n, v_now, 5, p_campaign, i.person, i.ordinal, p.union_id,
               i.score, i.duration_ms, case when i.person = v_person[i.n + 1]
                                            then t.figures[1:5] else t.figures end,
               p_number, i.old
          from unnest(v_person, v_ordinal, v_old, v_score, v_duration) with ordinality
               as i(person, ordinal, old, score, duration_ms, n)
          join (select f.person, array_agg(e.v order by f.period, e.n) as figures
                  from figured f
                  cross join lateral unnest(array[f.period, f.score, f.duration_ms,
                      f.reached_at, f.n_counted]::bigint[]) with ordinality e(v, n)
                 group by f.person) t on t.person = i.person
          join participation p on p.bucket = p_bucket and p.campaign = p_campaign
                              and p.person = i.person
    )
    update feed_head h set seq = v_seq + cardinality(v_person)
     where h.bucket = p_bucket and cardinality(v_person) > 0;
    perform tell_feed(p_bucket, v_seq);
    return query select true, v_n < p_limit, v_last_person, v_last_ordinal,
                        (extract(epoch from clock_timestamp() - v_began) * 1e6)::integer;
end $$;

-- Who had an attempt that a correction changes, behind one of them, in order of bucket and
-- person.  Each page reads no more than a page of a bucket, whatever statistics the tables
-- have: the settings leave no other plan.
create function moved_people(p_campaign integer, p_number integer, p_bucket smallint,
                             p_person bigint, p_limit integer)
returns table (bucket smallint, person bigint, name text, union_id integer,
               n_attempts integer, score_before bigint, rank_before bigint)
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off set enable_hashagg = off
set enable_sort = off
as $$
#variable_conflict use_column
begin
    return query
    select h.bucket, m.person, n.name, p.union_id, m.n_attempts, m.score_before, m.rank_before
      from feed_head h
      cross join lateral (
          select c.person, count(*)::integer as n_attempts,
                 min(c.score_before) as score_before, min(c.rank_before) as rank_before
            from correction_change c
           where c.bucket = h.bucket and c.campaign = p_campaign and c.number = p_number
             and c.person > case when h.bucket = p_bucket then p_person else 0 end
           group by c.person order by c.person limit p_limit) m
      join person n on n.id = m.person
      join participation p on p.bucket = h.bucket and p.campaign = p_campaign
                          and p.person = m.person
     where h.bucket >= p_bucket
     order by h.bucket, m.person limit p_limit;
end $$;
