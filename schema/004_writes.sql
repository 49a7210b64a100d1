-- The writes: each is one call for one bucket with a batch in arrays, no person twice in a
-- campaign.  Rows are locked in one order (feed head, people by campaign and id, unions), so
-- that batches never deadlock; an outcome is returned for each row, in the order given, and
-- no row fails its neighbours.

-- Locks the participations named; the statements after it see them as they now are.
create function lock_people(p_bucket smallint, p_campaign integer[], p_person bigint[])
returns void language plpgsql as $$
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
language plpgsql as $$
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
language plpgsql as $$
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
                    when c.quota_day > 0 and p.start_day = d.day
                         and p.n_start_day >= c.quota_day then 7
                    else 1 end::smallint as outcome
          from unnest(p_campaign, p_person) with ordinality as i(campaign, person, idx)
          join campaign c on c.id = i.campaign
          cross join lateral (select day_of(v_now, c.utc_offset_ms) as day) d
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
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
language plpgsql as $$
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

-- Handing in, and closing what has run out (p_is_closing; then answers are the draft's, which
-- was saved at p_draft_saved_at, 0 for none, and p_late are answers that came too late).
-- Outcome: 1 stored, 2 was stored before, 3 no such open attempt, 4 the time is over: close
-- it, 5 not over yet, 6 the draft is a newer one: read it again.
create function hand_in(p_bucket smallint, p_campaign integer[], p_person bigint[],
                        p_ordinal integer[], p_score integer[], p_right smallint[],
                        p_claimed integer[], p_answers bytea[], p_is_closing smallint[],
                        p_draft_saved_at bigint[], p_late bytea[])
returns table (idx integer, outcome smallint, state smallint, is_counted boolean,
               revision integer, started_at bigint, deadline_at bigint, finished_at bigint,
               duration_ms integer, score integer, n_right smallint, answers bytea,
               union_id integer, seq bigint, figures bigint[], draft_saved_at bigint,
               draft bytea)
language plpgsql as $$
#variable_conflict use_column
declare
    v_seq bigint;
    v_now bigint;
begin
    select h.seq into strict v_seq from feed_head h where h.bucket = p_bucket for update;
    perform lock_people(p_bucket, p_campaign, p_person);
    v_now := now_ms();

    return query
    with input as materialized (
        select i.*, p.union_id, p.open_revision, p.open_started_at, p.open_deadline_at,
               p.n_counted, p.score as o_score, p.duration_ms as o_duration,
               p.reached_at as o_reached, c.counts, c.duration_decides, c.has_days,
               c.has_weeks, c.has_months,
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
                                and a.person = i.person and a.ordinal = i.ordinal) a on true
          left join lateral (select d.saved_at, d.answers from draft d
                              where v_now > p.open_deadline_at and d.bucket = p_bucket
                                and d.campaign = i.campaign and d.person = i.person
                                and d.ordinal = i.ordinal) d on true
    ), counted as (
        -- a line for each period; the figure that stood, and the attempt's place in it
        select i.idx, i.campaign, i.person, i.union_id, i.counts, i.score, i.duration_ms,
               i.finished_at, k.kind, k.is_board, k.period,
               case k.kind when 0 then i.o_score else s.score end as old_score,
               case k.kind when 0 then i.o_duration else s.duration_ms end as old_duration,
               case k.kind when 0 then i.o_reached else s.reached_at end as old_reached,
               case k.kind when 0 then i.n_counted else coalesce(s.n_counted, 0) end
                   as old_counted,
               i.duration_decides
          from input i
          cross join lateral (values
                (0, true, 0), (1, i.has_days or i.counts = 4, period_of(1, i.day)),
                (2, i.has_weeks, period_of(2, i.day)),
                (3, i.has_months, period_of(3, i.day))) k(kind, is_board, period)
          left join standing s on k.kind > 0 and s.bucket = p_bucket
                              and s.campaign = i.campaign and s.person = i.person
                              and s.period = k.period
         where i.outcome = 1 and i.is_counted and k.is_board
    ), weighed as (
        select c.*,
               c.old_score is null or case c.counts
                   when 1 then true when 2 then false when 3 then true
                   else c.score > c.old_score or c.score = c.old_score
                        and c.duration_decides and c.duration_ms < c.old_duration
               end as takes,
               -- of the day, for the sum of daily bests
               coalesce(bool_or(c.kind = 1 and (c.old_score is null or c.score > c.old_score
                   or c.score = c.old_score and c.duration_decides
                   and c.duration_ms < c.old_duration)) over day, false) as day_takes,
               coalesce(max(c.old_score) filter (where c.kind = 1) over day, 0)
                   as day_score,
               coalesce(max(c.old_duration) filter (where c.kind = 1) over day, 0)
                   as day_duration
          from counted c
        window day as (partition by c.idx)
    ), figured as materialized (
        select w.*,
               case when w.counts = 4 and w.kind <> 1 then
                        coalesce(w.old_score, 0)
                        + case when w.day_takes then w.score - w.day_score else 0 end
                    when not w.takes then w.old_score
                    when w.counts = 1 then coalesce(w.old_score, 0) + w.score
                    else w.score end as new_score,
               case when w.counts = 4 and w.kind <> 1 then
                        coalesce(w.old_duration, 0)
                        + case when w.day_takes then w.duration_ms - w.day_duration
                               else 0 end
                    when not w.takes then w.old_duration
                    when w.counts = 1 then coalesce(w.old_duration, 0) + w.duration_ms
                    else w.duration_ms end as new_duration,
               case when w.counts = 4 and w.kind <> 1 then
                        case when w.day_takes then w.finished_at else w.old_reached end
                    when not w.takes then w.old_reached
                    else w.finished_at end as new_reached
          from weighed w
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
               open_deadline_at = null,
               n_counted = p.n_counted + case when i.is_counted then 1 else 0 end,
               score = coalesce(f.new_score, p.score),
               duration_ms = coalesce(f.new_duration, p.duration_ms),
               reached_at = coalesce(f.new_reached, p.reached_at)
          from input i left join figured f on f.idx = i.idx and f.kind = 0
         where p.bucket = p_bucket and p.campaign = i.campaign and p.person = i.person
           and i.outcome = 1
    ), stood as (
        insert into standing as s (bucket, campaign, period, person, score, duration_ms,
                                   reached_at, n_counted)
        select p_bucket, f.campaign, f.period, f.person, f.new_score, f.new_duration,
               f.new_reached, 1
          from figured f where f.kind > 0
            on conflict (bucket, campaign, person, period) do update
           set score = excluded.score, duration_ms = excluded.duration_ms,
               reached_at = excluded.reached_at, n_counted = s.n_counted + 1
    ), summed as (
        insert into union_standing as u (bucket, campaign, period, union_id, heads,
                                         attempts, score, duration_ms)
        select p_bucket, f.campaign, f.period, f.union_id,
               count(*) filter (where f.old_score is null), count(*),
               sum(f.new_score - coalesce(f.old_score, 0)),
               sum(f.new_duration - coalesce(f.old_duration, 0))
          from figured f
         group by f.campaign, f.period, f.union_id
         order by f.campaign, f.period, f.union_id
            on conflict (bucket, campaign, period, union_id) do update
           set heads = u.heads + excluded.heads, attempts = u.attempts + excluded.attempts,
               score = u.score + excluded.score,
               duration_ms = u.duration_ms + excluded.duration_ms
    ), news as materialized (
        select f.idx, v_seq + row_number() over (order by f.idx) as seq,
               array_agg(e.v order by f.kind, e.n) as figures
          from figured f
          cross join lateral unnest(array[f.period, f.new_score, f.new_duration,
              f.new_reached, f.old_counted + 1]::bigint[]) with ordinality e(v, n)
         group by f.idx
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score,
                          duration_ms, figures)
        select p_bucket, n.seq, v_now, case when i.is_closing then 2 else 1 end, i.campaign,
               i.person, i.ordinal, i.union_id, i.score, i.duration_ms, n.figures
          from news n join input i on i.idx = n.idx
    ), headed as (
        update feed_head h set seq = v_seq + (select count(*) from news)
         where h.bucket = p_bucket and exists (select from news)
    )
    select i.idx::integer, i.outcome,
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
           case i.outcome when 2 then i.a_answers end,
           i.union_id, n.seq, n.figures,
           case when i.outcome in (4, 6) then coalesce(i.d_saved_at, 0) end,
           case when i.outcome in (4, 6) then i.d_answers end
      from input i left join news n on n.idx = i.idx
     order by i.idx;
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
