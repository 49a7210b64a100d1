-- Statistics of questions, and of attempts that look strange: counters that follow the feed.
--
-- A follower in the server (api/counting.c) reads the feed behind stat_head, draws the papers
-- again, adds up what they change, and stores it with the new head in one call, so that every
-- entry is counted once, whatever is killed when.  Counters belong to the union that a person
-- has chosen: with a change of it they move, as the boards do.

-- Kind 4, union changed: from which.
alter table feed add column old_union integer;
update feed f set old_union = w.union_id
  from (select bucket, seq, kind,
               lag(union_id) over (partition by bucket, campaign, person order by seq)
                   as union_id
          from feed) w
 where f.kind = 4 and w.kind = 4 and f.bucket = w.bucket and f.seq = w.seq;

-- What came between two entries of one person, but for the many hand-ins, which it costs
-- nothing.
create index feed_turns on feed (bucket, campaign, person, seq) where kind in (3, 4, 5);

create table stat_head (
    bucket smallint primary key,
    seq bigint not null,
    -- who counts on from here, that others need not try; by the wall's clock, since that of
    -- the house may be put forward in tests
    leased_by bigint not null default 0,
    leased_until timestamptz not null default '-infinity'
) with (fillfactor = 10);
insert into stat_head select b, 0 from setting, generate_series(0, buckets - 1) b;

-- What the counters mean stands in server/stats/tally.h; union_id 0 is the whole campaign.
create table question_stat (
    bucket smallint not null,
    campaign integer not null,
    union_id integer not null,
    question text not null,
    revision integer not null,
    shown integer not null,
    given integer not null,
    n_right integer not null,
    other integer not null,
    chosen_1 integer not null,
    chosen_2 integer not null,
    chosen_3 integer not null,
    chosen_4 integer not null,
    chosen_5 integer not null,
    chosen_6 integer not null,
    chosen_7 integer not null,
    chosen_8 integer not null,
    spent bigint not null,
    n_spent integer not null,
    score bigint not null,
    score_squares bigint not null,
    score_right bigint not null,
    rest bigint not null,
    rest_squares bigint not null,
    rest_right bigint not null,
    -- by the score, in one number (server/pg/packed.h), so that it costs no rows of its own
    histogram numeric not null,
    primary key (bucket, campaign, union_id, question, revision)
) with (fillfactor = 60);

-- Attempts that count.
create table turnout_stat (
    bucket smallint not null,
    campaign integer not null,
    union_id integer not null,
    attempts bigint not null,
    primary key (bucket, campaign, union_id)
) with (fillfactor = 60);

-- Who has handed in from which device.
create table device_person (
    bucket smallint not null,
    campaign integer not null,
    device bigint not null,
    person bigint not null,
    attempts bigint not null,
    primary key (bucket, campaign, device, person)
);

-- Attempts that were right faster than anybody reads (server/stats/haste.h).
create table hasty_attempt (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    ordinal integer not null,
    n_given smallint not null,
    n_quick smallint not null,    -- right in less than a second, as the client tells; -1: untold
    primary key (bucket, campaign, person, ordinal)
);

-- As in 004; its entry in the feed tells the union left too.
create or replace function choose_unions(p_bucket smallint, p_campaign integer[], p_person bigint[],
                              p_union integer[])
returns table (idx integer, outcome smallint, union_id integer, changes integer, seq bigint,
               figures bigint[])
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_seq bigint;
    v_now bigint := now_ms();
begin
    select h.seq into strict v_seq from feed_head h where h.bucket = p_bucket for update;
    -- the batch that made a row is waited for here, so that one person is never made twice
    insert into participation (bucket, campaign, person, union_id, union_changes)
    select p_bucket, i.campaign, i.person, i.union_id, -1
      from unnest(p_campaign, p_person, p_union) as i(campaign, person, union_id)
     order by 2, 3
        on conflict do nothing;
    perform lock_people(p_bucket, p_campaign, p_person);

    return query
    with input as materialized (
        select i.*, p.union_id as old_union, p.union_changes as n_changes, p.score,
               p.duration_ms, p.reached_at, p.n_counted,
               case when p.union_changes = -1 then 1
                    when p.union_id = i.union_id then 2
                    when p.union_changes < c.union_changes then 3
                    else 4 end::smallint as outcome
          from unnest(p_campaign, p_person, p_union) with ordinality
               as i(campaign, person, union_id, idx)
          join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                              and p.person = i.person
          join campaign c on c.id = i.campaign
    ), chosen as (
        update participation p
           set union_id = i.union_id, union_changes = i.n_changes + 1
          from input i
         where p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
           and i.outcome in (1, 3)
    ), moved as (
        select i.idx, i.campaign, i.old_union, i.union_id, 0 as period, i.score,
               i.duration_ms, i.reached_at, i.n_counted
          from input i where i.outcome = 3 and i.score is not null
        union all
        select i.idx, i.campaign, i.old_union, i.union_id, s.period, s.score,
               s.duration_ms, s.reached_at, s.n_counted
          from input i join standing s on s.bucket = p_bucket and s.campaign = i.campaign
                                      and s.person = i.person
         where i.outcome = 3
    ), sums as (
        insert into union_standing as u (bucket, campaign, period, union_id, heads,
                                         attempts, score, duration_ms)
        select p_bucket, m.campaign, m.period, w.union_id, sum(w.sign),
               sum(w.sign * m.n_counted), sum(w.sign * m.score), sum(w.sign * m.duration_ms)
          from moved m
          cross join lateral (values (m.old_union, -1), (m.union_id, 1)) w(union_id, sign)
         group by m.campaign, m.period, w.union_id
         order by m.campaign, m.period, w.union_id
            on conflict (bucket, campaign, period, union_id) do update
           set heads = u.heads + excluded.heads,
               attempts = u.attempts + excluded.attempts,
               score = u.score + excluded.score,
               duration_ms = u.duration_ms + excluded.duration_ms
    ), news as (
        select i.idx, i.campaign, i.person, i.union_id, i.old_union, f.figures,
               v_seq + row_number() over (order by i.idx) as seq
          from input i
          join (select m.idx, array_agg(e.v order by m.period, e.n) as figures
                  from moved m
                  cross join lateral unnest(array[m.period, m.score, m.duration_ms,
                      m.reached_at, m.n_counted]::bigint[]) with ordinality e(v, n)
                 group by m.idx) f on f.idx = i.idx
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, union_id, figures,
                          old_union)
        select p_bucket, n.seq, v_now, 4, n.campaign, n.person, n.union_id, n.figures,
               n.old_union
          from news n
    ), headed as (
        update feed_head h set seq = v_seq + (select count(*) from news)
         where h.bucket = p_bucket and exists (select from news)
    )
    select i.idx::integer, i.outcome,
           case when i.outcome = 4 then i.old_union else i.union_id end,
           case when i.outcome in (1, 3) then i.n_changes + 1 else i.n_changes end,
           n.seq, n.figures
      from input i left join news n on n.idx = i.idx
     order by i.idx;
    perform tell_feed(p_bucket, v_seq);
end $$;

-- Adds what the entries behind p_from up to p_to change, and moves the head there.  False, and
-- nothing happens, if the head is no longer at p_from: others have counted them.
create function count_statistics(
    p_bucket smallint, p_from bigint, p_to bigint, p_campaign integer[], p_union integer[],
    p_question text[], p_revision integer[], p_shown bigint[], p_given bigint[],
    p_n_right bigint[], p_other bigint[], p_chosen_1 bigint[], p_chosen_2 bigint[],
    p_chosen_3 bigint[], p_chosen_4 bigint[], p_chosen_5 bigint[], p_chosen_6 bigint[],
    p_chosen_7 bigint[], p_chosen_8 bigint[], p_spent bigint[], p_n_spent bigint[],
    p_score bigint[], p_score_squares bigint[], p_score_right bigint[], p_rest bigint[],
    p_rest_squares bigint[], p_rest_right bigint[], p_histogram numeric[],
    p_turnout_campaign integer[],
    p_turnout_union integer[], p_turnout bigint[], p_device_campaign integer[],
    p_device bigint[], p_device_person bigint[], p_hasty_campaign integer[],
    p_hasty_person bigint[], p_hasty_ordinal integer[], p_hasty_given smallint[],
    p_hasty_quick smallint[])
returns boolean language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    update stat_head h set seq = p_to, leased_until = clock_timestamp()
     where h.bucket = p_bucket and h.seq = p_from;
    if not found then
        return false;
    end if;
    insert into question_stat as s (
        bucket, campaign, union_id, question, revision, shown, given, n_right, other,
        chosen_1, chosen_2, chosen_3, chosen_4, chosen_5, chosen_6, chosen_7, chosen_8,
        spent, n_spent, score, score_squares, score_right, rest, rest_squares, rest_right,
        histogram)
    select p_bucket, u.*
      from unnest(
          p_campaign, p_union, p_question, p_revision, p_shown, p_given, p_n_right,
          p_other, p_chosen_1, p_chosen_2, p_chosen_3, p_chosen_4, p_chosen_5, p_chosen_6,
          p_chosen_7, p_chosen_8, p_spent, p_n_spent, p_score, p_score_squares,
          p_score_right, p_rest, p_rest_squares, p_rest_right, p_histogram) u
        on conflict (bucket, campaign, union_id, question, revision) do update set
        shown = s.shown + excluded.shown, given = s.given + excluded.given,
        n_right = s.n_right + excluded.n_right, other = s.other + excluded.other,
        chosen_1 = s.chosen_1 + excluded.chosen_1,
        chosen_2 = s.chosen_2 + excluded.chosen_2,
        chosen_3 = s.chosen_3 + excluded.chosen_3,
        chosen_4 = s.chosen_4 + excluded.chosen_4,
        chosen_5 = s.chosen_5 + excluded.chosen_5,
        chosen_6 = s.chosen_6 + excluded.chosen_6,
        chosen_7 = s.chosen_7 + excluded.chosen_7,
        chosen_8 = s.chosen_8 + excluded.chosen_8, spent = s.spent + excluded.spent,
        n_spent = s.n_spent + excluded.n_spent, score = s.score + excluded.score,
        score_squares = s.score_squares + excluded.score_squares,
        score_right = s.score_right + excluded.score_right, rest = s.rest + excluded.rest,
        rest_squares = s.rest_squares + excluded.rest_squares,
        rest_right = s.rest_right + excluded.rest_right,
        histogram = s.histogram + excluded.histogram;
    insert into turnout_stat as s (bucket, campaign, union_id, attempts)
    select p_bucket, u.* from unnest(p_turnout_campaign, p_turnout_union, p_turnout) u
        on conflict (bucket, campaign, union_id) do update
       set attempts = s.attempts + excluded.attempts;
    insert into device_person as s (bucket, campaign, device, person, attempts)
    select p_bucket, u.campaign, u.device, u.person, count(*)
      from unnest(p_device_campaign, p_device, p_device_person) u(campaign, device, person)
     group by u.campaign, u.device, u.person
     order by u.campaign, u.device, u.person
        on conflict (bucket, campaign, device, person) do update
       set attempts = s.attempts + excluded.attempts;
    -- an attempt that was re-scored may stand here twice
    insert into hasty_attempt as s (bucket, campaign, person, ordinal, n_given, n_quick)
    select distinct on (2, 3, 4) p_bucket, u.*
      from unnest(p_hasty_campaign, p_hasty_person, p_hasty_ordinal, p_hasty_given,
                  p_hasty_quick) u(campaign, person, ordinal, n_given, n_quick)
     order by 2, 3, 4, u.n_quick desc
        on conflict (bucket, campaign, person, ordinal) do update
       set n_given = excluded.n_given, n_quick = excluded.n_quick;
    return true;
end $$;
