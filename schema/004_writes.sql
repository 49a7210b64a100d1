-- The writes: each is one call for one bucket with a batch in arrays, no person twice in a
-- campaign.  Rows are locked in one order (feed head, people by campaign and id, unions), so
-- that batches never deadlock; an outcome is returned for each row, in the order given, and
-- no row fails its neighbours.

--
-- Plans are made once for each connection, perhaps while the tables are still empty: the
-- settings at each function keep them on the indexes, by which they must work when the tables
-- have grown and the herd is there.

-- Locks the participations named; the statements after it see them as they now are.
create function lock_people(p_bucket smallint, p_campaign integer[], p_person bigint[])
returns void language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
begin
    perform 1
       from participation p
       join (select distinct * from unnest(p_campaign, p_person) as t(campaign, person)) i
         on p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
      order by p.campaign, p.person
        for update of p;
end $$;

-- Wakes those who follow the feed, with the bucket and how far it goes now.
create function tell_feed(p_bucket smallint, p_was bigint) returns void language plpgsql as $$
begin
    perform pg_notify('jingda_feed', h.bucket || ' ' || h.seq)
       from feed_head h where h.bucket = p_bucket and h.seq > p_was;
end $$;

-- Choosing the union for a campaign.  Outcome: 1 chosen, 2 the same as before, 3 changed,
-- 4 no change left.  A change takes the person's figures along to the new union.
create function choose_unions(p_bucket smallint, p_campaign integer[], p_person bigint[],
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
        select i.idx, i.campaign, i.person, i.union_id, f.figures,
               v_seq + row_number() over (order by i.idx) as seq
          from input i
          join (select m.idx, array_agg(e.v order by m.period, e.n) as figures
                  from moved m
                  cross join lateral unnest(array[m.period, m.score, m.duration_ms,
                      m.reached_at, m.n_counted]::bigint[]) with ordinality e(v, n)
                 group by m.idx) f on f.idx = i.idx
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, union_id, figures)
        select p_bucket, n.seq, v_now, 4, n.campaign, n.person, n.union_id, n.figures
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

-- Starting.  Outcome: 1 started, 2 the open one again, 3 the open one has run out and must
-- be closed first, 4 no union chosen, 5 not open yet, 6 closed, 7 quota of the day,
-- 8 quota of the campaign.
create function start_attempts(p_bucket smallint, p_campaign integer[], p_person bigint[])
returns table (idx integer, outcome smallint, ordinal integer, revision integer,
               started_at bigint, deadline_at bigint, now_at bigint, draft_version integer,
               draft_saved_at bigint, draft bytea)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_now bigint;
begin
    perform lock_people(p_bucket, p_campaign, p_person);
    v_now := now_ms();

    return query
    with input as materialized (
        select i.idx, i.campaign, i.person, p.open_ordinal, p.open_revision,
               p.open_started_at, p.open_deadline_at, p.n_started,
               case when p.start_day = d.day then p.n_start_day else 0 end as n_today,
               d.day, c.revision, least(v_now + c.limit_ms, c.closes_at) as deadline_at,
               case when p.person is null then 4
                    when p.open_ordinal is not null
                         and v_now <= p.open_deadline_at + c.grace_ms then 2
                    when p.open_ordinal is not null then 3
                    when v_now < c.opens_at then 5
                    when v_now >= c.closes_at then 6
                    when c.quota_total > 0 and p.n_started >= c.quota_total then 8
                    when c.quota_day > 0 and (p.start_day = d.day
                         and p.n_start_day >= c.quota_day or d.is_put_back) then 7
                    else 1 end::smallint as outcome
          from unnest(p_campaign, p_person) with ordinality as i(campaign, person, idx)
          join campaign c on c.id = i.campaign
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
          -- who has started after midnight, and the clock was put back a little over it,
          -- waits for it again: how many were started the day before is no longer known
          cross join lateral (
              select day_of(v_now, c.utc_offset_ms) as day,
                     p.start_day = day_of(v_now + 3600000, c.utc_offset_ms)
                         and p.start_day > day_of(v_now, c.utc_offset_ms) as is_put_back) d
    ), started as (
        update participation p
           set open_ordinal = i.n_started + 1, open_revision = i.revision,
               open_started_at = v_now, open_deadline_at = i.deadline_at,
               n_started = i.n_started + 1, start_day = i.day, n_start_day = i.n_today + 1
          from input i
         where p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
           and i.outcome = 1
    )
    select i.idx::integer, i.outcome,
           case i.outcome when 1 then i.n_started + 1 else i.open_ordinal end,
           case i.outcome when 1 then i.revision else i.open_revision end,
           case i.outcome when 1 then v_now else i.open_started_at end,
           case i.outcome when 1 then i.deadline_at else i.open_deadline_at end,
           v_now, d.version, d.saved_at, d.answers
      from input i
      left join lateral (select d.version, d.saved_at, d.answers from draft d
                          where i.outcome in (2, 3) and d.bucket = p_bucket
                            and d.campaign = i.campaign and d.person = i.person
                            and d.ordinal = i.open_ordinal) d on true
     order by i.idx;
end $$;

-- Saving a draft.  A version of 0 is newer than anything; another must be higher than the
-- one saved.  Outcome: 1 saved, 2 a newer one is there, 3 the attempt is not open, 4 its time
-- is over.
create function save_drafts(p_bucket smallint, p_campaign integer[], p_person bigint[],
                            p_ordinal integer[], p_version integer[], p_answers bytea[])
returns table (idx integer, outcome smallint, version integer, saved_at bigint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_now bigint;
begin
    -- shared: a hand-in that closes the attempt waits for us, and then sees the draft
    perform 1
       from participation p
       join unnest(p_campaign, p_person) as i(campaign, person)
         on p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
      order by p.campaign, p.person
        for share of p;
    v_now := now_ms();

    return query
    with input as materialized (
        select i.*, d.version as old_version, d.saved_at as old_saved_at,
               case when i.version = 0 then coalesce(d.version, 0) + 1
                    else i.version end as new_version,
               case when p.open_ordinal is distinct from i.ordinal then 3
                    when v_now > p.open_deadline_at + c.grace_ms then 4
                    when i.version > 0 and i.version <= d.version then 2
                    else 1 end::smallint as outcome
          from unnest(p_campaign, p_person, p_ordinal, p_version, p_answers)
               with ordinality as i(campaign, person, ordinal, version, answers, idx)
          join campaign c on c.id = i.campaign
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
          left join draft d on d.bucket = p_bucket and d.campaign = i.campaign
                           and d.person = i.person and d.ordinal = i.ordinal
    ), saved as (
        insert into draft as d (bucket, campaign, person, ordinal, version, saved_at, answers)
        select p_bucket, i.campaign, i.person, i.ordinal, i.new_version, v_now, i.answers
          from input i where i.outcome = 1
         order by i.campaign, i.person
            on conflict (bucket, campaign, person) do update
           set ordinal = excluded.ordinal, version = excluded.version,
               saved_at = excluded.saved_at, answers = excluded.answers
    )
    select i.idx::integer, i.outcome,
           case i.outcome when 1 then i.new_version else i.old_version end,
           case i.outcome when 1 then v_now else i.old_saved_at end
      from input i order by i.idx;
end $$;

-- Does an attempt take the place of the figure that stood?  counts as in table campaign.
create function takes(counts smallint, duration_decides boolean, old_score bigint,
                      old_duration bigint, score integer, duration_ms integer)
returns boolean language sql immutable as $$
    select old_score is null or case counts
        when 1 then true when 2 then false when 3 then true
        else score > old_score
             or score = old_score and duration_decides and duration_ms < old_duration end
$$;

-- A sum or a figure after an attempt.  For the sum of daily bests, `gain` is what the best of
-- the day has gained; on the board of the day itself the best stands.
create function figure_after(counts smallint, is_day boolean, takes boolean, old bigint,
                             mine bigint, gain bigint)
returns bigint language sql immutable as $$
    select case when counts = 4 and not is_day then coalesce(old, 0) + gain
                when not takes then old
                when counts = 1 then coalesce(old, 0) + mine
                else mine end
$$;

-- Handing in, and closing what has run out (p_is_closing; then answers are the draft's, which
-- was saved at p_draft_saved_at, 0 for none, and p_late are answers that came too late).
-- Outcome: 1 stored, 2 was stored before, 3 no such open attempt, 4 the time is over: close
-- it, 5 not over yet, 6 the draft is a newer one: read it again.
--
-- Nobody else writes the row of a person whose attempt is open but under the feed head, so no
-- row need be locked before it is written; they are written in the common order.
--
-- Each step hands on whole rows, so that no step joins another: the planner knows nothing of
-- how many rows a batch has, and would join two steps row by row with every row.  The
-- look-ups behind `offset 0` are made only for the rows that need them.
create function hand_in(p_bucket smallint, p_campaign integer[], p_person bigint[],
                        p_ordinal integer[], p_score integer[], p_right smallint[],
                        p_claimed integer[], p_answers bytea[], p_is_closing smallint[],
                        p_draft_saved_at bigint[], p_late bytea[])
returns table (idx integer, outcome smallint, state smallint, is_counted boolean,
               revision integer, started_at bigint, deadline_at bigint, finished_at bigint,
               duration_ms integer, score integer, n_right smallint, answers bytea,
               union_id integer, seq bigint, figures bigint[], draft_saved_at bigint,
               draft bytea)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_seq bigint;
    v_now bigint;
begin
    select h.seq into strict v_seq from feed_head h where h.bucket = p_bucket for update;
    if 1 = any(p_is_closing) then
        -- a draft being saved holds its person: it is seen once that is over
        perform lock_people(p_bucket, p_campaign, p_person);
    end if;
    v_now := now_ms();

    return query
    with input as materialized (
        select i.*, p.union_id, p.open_revision, p.open_started_at, p.open_deadline_at,
               p.n_counted, p.score as o_score, p.duration_ms as o_duration,
               p.reached_at as o_reached, c.counts, c.duration_decides,
               c.has_days or c.counts = 4 as has_days, c.has_weeks, c.has_months,
               day_of(p.open_started_at, c.utc_offset_ms) as day,
               case when i.is_closing then p.open_deadline_at else v_now end as finished_at,
               greatest(least(v_now, p.open_deadline_at) - p.open_started_at, 0)::integer
                   as duration_ms,
               not i.is_closing or i.draft_saved_at > 0 as is_counted,
               a.state as a_state, a.is_counted as a_counted, a.revision as a_revision,
               a.started_at as a_started, a.deadline_at as a_deadline,
               a.finished_at as a_finished, a.duration_ms as a_duration,
               a.score as a_score, a.n_right as a_right, a.answers as a_answers,
               d.saved_at as d_saved_at, d.answers as d_answers,
               case when a.ordinal is not null then 2
                    when p.open_ordinal is distinct from i.ordinal then 3
                    when not i.is_closing and v_now > p.open_deadline_at + c.grace_ms then 4
                    when not i.is_closing then 1
                    when v_now <= p.open_deadline_at + c.grace_ms then 5
                    when coalesce(d.saved_at, 0) <> i.draft_saved_at then 6
                    else 1 end::smallint as outcome
          from (select u.*, u.closing = 1 as is_closing
                  from unnest(p_campaign, p_person, p_ordinal, p_score, p_right, p_claimed,
                              p_answers, p_is_closing, p_draft_saved_at, p_late)
                       with ordinality
                       as u(campaign, person, ordinal, score, n_right, claimed_ms, answers,
                            closing, draft_saved_at, late_answers, idx)) i
          join campaign c on c.id = i.campaign
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
          left join lateral (select * from attempt a
                              where p.open_ordinal is distinct from i.ordinal
                                and a.bucket = p_bucket and a.campaign = i.campaign
                                and a.person = i.person and a.ordinal = i.ordinal
                             offset 0) a on true
          left join lateral (select d.saved_at, d.answers from draft d
                              where v_now > p.open_deadline_at and d.bucket = p_bucket
                                and d.campaign = i.campaign and d.person = i.person
                                and d.ordinal = i.ordinal
                             offset 0) d on true
         order by i.campaign, i.person
    ), weighed as materialized (
        -- what stood in each period: o overall, d day, w week, m month
        select i.*, period_of(1, i.day) as d_period, period_of(2, i.day) as w_period,
               period_of(3, i.day) as m_period,
               d.score as d_score, d.duration_ms as d_duration, d.reached_at as d_reached,
               d.n_counted as d_counted, w.score as w_score, w.duration_ms as w_duration,
               w.reached_at as w_reached, w.n_counted as w_counted, m.score as m_score,
               m.duration_ms as m_duration, m.reached_at as m_reached,
               m.n_counted as m_counted,
               takes(i.counts, i.duration_decides, i.o_score, i.o_duration, i.score,
                     i.duration_ms) as o_takes,
               takes(i.counts, i.duration_decides, d.score, d.duration_ms, i.score,
                     i.duration_ms) as d_takes,
               takes(i.counts, i.duration_decides, w.score, w.duration_ms, i.score,
                     i.duration_ms) as w_takes,
               takes(i.counts, i.duration_decides, m.score, m.duration_ms, i.score,
                     i.duration_ms) as m_takes
          from input i
          left join lateral (select * from standing s
                              where i.has_days and s.bucket = p_bucket
                                and s.campaign = i.campaign and s.person = i.person
                                and s.period = period_of(1, i.day) offset 0) d on true
          left join lateral (select * from standing s
                              where i.has_weeks and s.bucket = p_bucket
                                and s.campaign = i.campaign and s.person = i.person
                                and s.period = period_of(2, i.day) offset 0) w on true
          left join lateral (select * from standing s
                              where i.has_months and s.bucket = p_bucket
                                and s.campaign = i.campaign and s.person = i.person
                                and s.period = period_of(3, i.day) offset 0) m on true
         where i.outcome = 1 and i.is_counted
    ), gained as materialized (
        select w.*,
               case when w.d_takes then w.score - coalesce(w.d_score, 0) else 0 end
                   as gain_score,
               case when w.d_takes then w.duration_ms - coalesce(w.d_duration, 0) else 0 end
                   as gain_duration,
               v_seq + row_number() over (order by w.campaign, w.person) as seq
          from weighed w
    ), figured as materialized (
        select g.*,
               figure_after(g.counts, false, g.o_takes, g.o_score, g.score, g.gain_score)
                   as o_score_new,
               figure_after(g.counts, false, g.o_takes, g.o_duration, g.duration_ms,
                            g.gain_duration) as o_duration_new,
               case when case g.counts when 4 then g.d_takes else g.o_takes end
                    then g.finished_at else g.o_reached end as o_reached_new,
               figure_after(g.counts, true, g.d_takes, g.d_score, g.score, 0)
                   as d_score_new,
               figure_after(g.counts, true, g.d_takes, g.d_duration, g.duration_ms, 0)
                   as d_duration_new,
               case when g.d_takes then g.finished_at else g.d_reached end as d_reached_new,
               figure_after(g.counts, false, g.w_takes, g.w_score, g.score, g.gain_score)
                   as w_score_new,
               figure_after(g.counts, false, g.w_takes, g.w_duration, g.duration_ms,
                            g.gain_duration) as w_duration_new,
               case when case g.counts when 4 then g.d_takes else g.w_takes end
                    then g.finished_at else g.w_reached end as w_reached_new,
               figure_after(g.counts, false, g.m_takes, g.m_score, g.score, g.gain_score)
                   as m_score_new,
               figure_after(g.counts, false, g.m_takes, g.m_duration, g.duration_ms,
                            g.gain_duration) as m_duration_new,
               case when case g.counts when 4 then g.d_takes else g.m_takes end
                    then g.finished_at else g.m_reached end as m_reached_new
          from gained g
    ), news as materialized (
        select f.*,
               array[0, f.o_score_new, f.o_duration_new, f.o_reached_new, f.n_counted + 1]
               || case when f.has_days then array[f.d_period, f.d_score_new,
                      f.d_duration_new, f.d_reached_new, coalesce(f.d_counted, 0) + 1] end
               || case when f.has_weeks then array[f.w_period, f.w_score_new,
                      f.w_duration_new, f.w_reached_new, coalesce(f.w_counted, 0) + 1] end
               || case when f.has_months then array[f.m_period, f.m_score_new,
                      f.m_duration_new, f.m_reached_new, coalesce(f.m_counted, 0) + 1] end
                   as figures
          from figured f
    ), stored as (
        insert into attempt (bucket, campaign, person, ordinal, revision, state, is_counted,
                             started_at, deadline_at, finished_at, duration_ms, score,
                             n_right, claimed_ms, answers, late_answers)
        select p_bucket, i.campaign, i.person, i.ordinal, i.open_revision,
               case when i.is_closing then 2 else 1 end, i.is_counted, i.open_started_at,
               i.open_deadline_at, i.finished_at, i.duration_ms, i.score, i.n_right,
               nullif(i.claimed_ms, -1), i.answers, i.late_answers
          from input i where i.outcome = 1
    ), freed as (
        update participation p
           set open_ordinal = null, open_revision = null, open_started_at = null,
               open_deadline_at = null, n_counted = f.n_counted + 1, score = f.o_score_new,
               duration_ms = f.o_duration_new, reached_at = f.o_reached_new
          from figured f
         where p.bucket = p_bucket and p.campaign = f.campaign and p.person = f.person
    ), freed_uncounted as (
        update participation p
           set open_ordinal = null, open_revision = null, open_started_at = null,
               open_deadline_at = null
          from input i
         where i.outcome = 1 and not i.is_counted
           and p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
    ), stood as (
        insert into standing as s (bucket, campaign, period, person, score, duration_ms,
                                   reached_at, n_counted)
        select p_bucket, f.campaign, k.period, f.person, k.score, k.duration_ms,
               k.reached_at, 1
          from figured f
          cross join lateral (values
              (f.has_days, f.d_period, f.d_score_new, f.d_duration_new, f.d_reached_new),
              (f.has_weeks, f.w_period, f.w_score_new, f.w_duration_new, f.w_reached_new),
              (f.has_months, f.m_period, f.m_score_new, f.m_duration_new, f.m_reached_new))
              k(is_board, period, score, duration_ms, reached_at)
         where k.is_board
            on conflict (bucket, campaign, person, period) do update
           set score = excluded.score, duration_ms = excluded.duration_ms,
               reached_at = excluded.reached_at, n_counted = s.n_counted + 1
    ), summed as (
        insert into union_standing as u (bucket, campaign, period, union_id, heads,
                                         attempts, score, duration_ms)
        select p_bucket, f.campaign, k.period, f.union_id,
               count(*) filter (where k.old_score is null), count(*),
               sum(k.score - coalesce(k.old_score, 0))::bigint,
               sum(k.duration_ms - coalesce(k.old_duration, 0))::bigint
          from figured f
          cross join lateral (values
              (true, 0, f.o_score_new, f.o_duration_new, f.o_score, f.o_duration),
              (f.has_days, f.d_period, f.d_score_new, f.d_duration_new, f.d_score,
               f.d_duration),
              (f.has_weeks, f.w_period, f.w_score_new, f.w_duration_new, f.w_score,
               f.w_duration),
              (f.has_months, f.m_period, f.m_score_new, f.m_duration_new, f.m_score,
               f.m_duration))
              k(is_board, period, score, duration_ms, old_score, old_duration)
         where k.is_board
         group by f.campaign, k.period, f.union_id
         order by f.campaign, k.period, f.union_id
            on conflict (bucket, campaign, period, union_id) do update
           set heads = u.heads + excluded.heads, attempts = u.attempts + excluded.attempts,
               score = u.score + excluded.score,
               duration_ms = u.duration_ms + excluded.duration_ms
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score,
                          duration_ms, figures)
        select p_bucket, n.seq, v_now, case when n.is_closing then 2 else 1 end, n.campaign,
               n.person, n.ordinal, n.union_id, n.score, n.duration_ms, n.figures
          from news n
    ), headed as (
        update feed_head h set seq = v_seq + (select count(*) from news)
         where h.bucket = p_bucket and exists (select from news)
    ), answer as (
        select n.idx, n.outcome, case when n.is_closing then 2 else 1 end::smallint,
               true, n.open_revision, n.open_started_at, n.open_deadline_at, n.finished_at,
               n.duration_ms, n.score, n.n_right, null::bytea, n.union_id, n.seq, n.figures,
               null::bigint, null::bytea
          from news n
        union all
        select i.idx, i.outcome,
               case i.outcome when 2 then i.a_state
                    else case when i.is_closing then 2 else 1 end::smallint end,
               case i.outcome when 2 then i.a_counted else i.is_counted end,
               case i.outcome when 2 then i.a_revision else i.open_revision end,
               case i.outcome when 2 then i.a_started else i.open_started_at end,
               case i.outcome when 2 then i.a_deadline else i.open_deadline_at end,
               case i.outcome when 2 then i.a_finished else i.finished_at end,
               case i.outcome when 2 then i.a_duration else i.duration_ms end,
               case i.outcome when 2 then i.a_score else i.score end,
               case i.outcome when 2 then i.a_right else i.n_right end,
               i.a_answers, i.union_id, null, null,
               case when i.outcome in (4, 6) then coalesce(i.d_saved_at, 0) end,
               case when i.outcome in (4, 6) then i.d_answers end
          from input i where i.outcome <> 1 or not i.is_counted
    )
    select a.idx::integer, a.outcome, a.state, a.is_counted, a.revision, a.started_at,
           a.deadline_at, a.finished_at, a.duration_ms, a.score, a.n_right, a.answers,
           a.union_id, a.seq, a.figures, a.draft_saved_at, a.draft
      from answer a(idx, outcome, state, is_counted, revision, started_at, deadline_at,
                    finished_at, duration_ms, score, n_right, answers, union_id, seq,
                    figures, draft_saved_at, draft)
     order by a.idx;
    perform tell_feed(p_bucket, v_seq);
end $$;

-- Voiding one attempt.  Outcome: 1 voided, 2 was voided before, 3 no such attempt.  The
-- person's figures are computed anew from what still counts.
create function void_attempt(p_bucket smallint, p_campaign integer, p_person bigint,
                             p_ordinal integer, p_who text, p_reason text)
returns table (outcome smallint, union_id integer, seq bigint, figures bigint[])
language plpgsql as $$
#variable_conflict use_column
declare
    v_seq bigint;
    v_now bigint := now_ms();
    v_attempt attempt;
    v_person participation;
    v_figures bigint[];
begin
    select h.seq into strict v_seq from feed_head h where h.bucket = p_bucket for update;
    perform lock_people(p_bucket, array[p_campaign], array[p_person]);
    select * into v_attempt from attempt a
     where a.bucket = p_bucket and a.campaign = p_campaign and a.person = p_person
       and a.ordinal = p_ordinal;
    select * into v_person from participation p
     where p.bucket = p_bucket and p.campaign = p_campaign and p.person = p_person;
    if v_attempt.person is null or v_person.person is null then
        return query select 3::smallint, null::integer, null::bigint, null::bigint[];
        return;
    elsif v_attempt.state = 3 then
        return query select 2::smallint, v_person.union_id, null::bigint, null::bigint[];
        return;
    end if;
    update attempt a set state = 3, is_counted = false
     where a.bucket = p_bucket and a.campaign = p_campaign and a.person = p_person
       and a.ordinal = p_ordinal;
    insert into audit (who, what, subject, before, after)
    values (p_who, 'void_attempt', format('%s/%s/%s', p_campaign, p_person, p_ordinal),
            jsonb_build_object('state', v_attempt.state, 'score', v_attempt.score,
                               'is_counted', v_attempt.is_counted),
            jsonb_build_object('reason', p_reason));
    if not v_attempt.is_counted then
        return query select 1::smallint, v_person.union_id, null::bigint, null::bigint[];
        return;
    end if;

    -- every period this person stands in, as it was and as it is now
    with was as (
        select 0 as period, v_person.score, v_person.duration_ms, v_person.n_counted
        union all
        select s.period, s.score, s.duration_ms, s.n_counted from standing s
         where s.bucket = p_bucket and s.campaign = p_campaign and s.person = p_person
    ), now as materialized (
        select * from computed_standing(p_campaign, p_person)
    ), both_ as materialized (
        select w.period, w.score as old_score, w.duration_ms as old_duration,
               w.n_counted as old_counted, n.score, n.duration_ms, n.reached_at,
               coalesce(n.n_counted, 0) as n_counted
          from was w left join now n on n.period = w.period
    ), overall as (
        update participation p
           set score = b.score, duration_ms = b.duration_ms, reached_at = b.reached_at,
               n_counted = b.n_counted
          from both_ b
         where b.period = 0 and p.bucket = p_bucket and p.campaign = p_campaign
           and p.person = p_person
    ), kept as (
        update standing s
           set score = b.score, duration_ms = b.duration_ms, reached_at = b.reached_at,
               n_counted = b.n_counted
          from both_ b
         where b.score is not null and s.bucket = p_bucket and s.campaign = p_campaign
           and s.person = p_person and s.period = b.period
    ), gone as (
        delete from standing s using both_ b
         where b.score is null and s.bucket = p_bucket and s.campaign = p_campaign
           and s.person = p_person and s.period = b.period
    ), sums as (
        update union_standing u
           set heads = u.heads - case when b.score is null then 1 else 0 end,
               attempts = u.attempts + b.n_counted - b.old_counted,
               score = u.score + coalesce(b.score, 0) - b.old_score,
               duration_ms = u.duration_ms + coalesce(b.duration_ms, 0) - b.old_duration
          from both_ b
         where u.bucket = p_bucket and u.campaign = p_campaign and u.period = b.period
           and u.union_id = v_person.union_id
    )
    select array_agg(e.v order by b.period, e.n) into v_figures
      from both_ b
      cross join lateral unnest(array[b.period, coalesce(b.score, -1),
          coalesce(b.duration_ms, 0), coalesce(b.reached_at, 0), b.n_counted]::bigint[])
          with ordinality e(v, n);

    update feed_head h set seq = v_seq + 1 where h.bucket = p_bucket;
    insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score,
                      duration_ms, figures)
    values (p_bucket, v_seq + 1, v_now, 3, p_campaign, p_person, p_ordinal,
            v_person.union_id, v_attempt.score, v_attempt.duration_ms, v_figures);
    perform tell_feed(p_bucket, v_seq);
    return query select 1::smallint, v_person.union_id, v_seq + 1, v_figures;
end $$;
