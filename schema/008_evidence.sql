-- What a hand-in tells besides its answers, and by which keys it was scored.
--
-- An organizer may correct a wrong key while a campaign runs.  The campaign counts its
-- corrections, under the feed heads of all buckets; a hand-in, which holds a feed head, says how
-- many its score takes account of, and is not stored if that is not all.  So every attempt is
-- either there before a correction, and re-scored by it, or was scored with it.

alter table campaign add column n_corrections integer not null default 0;

-- Evidence, as the client tells it: how long each question took, two bytes each in tenths of a
-- second, and a keyed hash of what it calls its device.
alter table attempt add column spent bytea, add column device bigint;

-- The last correction that the score of an attempt takes account of, and that concerned it.
alter table attempt add column corrections integer not null default 0;

-- corrections: how many the entry's score takes account of.  Kind 5, re-scored: old_score is
-- what it was with one less.
alter table feed add column corrections integer not null default 0,
                 add column old_score integer;

drop function hand_in(smallint, integer[], bigint[], integer[], integer[], smallint[],
                      integer[], bytea[], smallint[], bigint[], bytea[]);

-- As in 004 and 005, and outcome 7: scored by older keys; score it again.
create function hand_in(p_bucket smallint, p_campaign integer[], p_person bigint[],
                        p_ordinal integer[], p_score integer[], p_right smallint[],
                        p_claimed integer[], p_answers bytea[], p_is_closing smallint[],
                        p_draft_saved_at bigint[], p_late bytea[], p_corrections integer[],
                        p_spent bytea[], p_device bigint[])
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
        select i.idx::integer as idx, i.campaign, i.person, i.ordinal, i.score, i.n_right,
               i.claimed_ms, i.answers, i.late_answers, i.spent, i.device, i.is_closing,
               c.n_corrections, p.ctid as place,
               p.union_id, p.open_revision, p.open_started_at, p.open_deadline_at,
               p.n_counted, p.score as o_score, p.duration_ms as o_duration,
               p.reached_at as o_reached, c.counts, c.duration_decides,
               c.has_days or c.counts = 4 as has_days, c.has_weeks, c.has_months,
               day_of(p.open_started_at, c.utc_offset_ms) as day,
               case when i.is_closing then p.open_deadline_at else v_now end as finished_at,
               greatest(least(v_now, p.open_deadline_at) - p.open_started_at, 0)::integer
                   as duration_ms,
               not i.is_closing or i.draft_saved_at > 0 as is_counted,
               a.row as attempt, d.saved_at as d_saved_at, d.answers as d_answers,
               case when a.ordinal is not null then 2
                    when p.open_ordinal is distinct from i.ordinal then 3
                    when not i.is_closing and v_now > p.open_deadline_at + c.grace_ms then 4
                    when i.corrections <> c.n_corrections then 7
                    when not i.is_closing then 1
                    when v_now <= p.open_deadline_at + c.grace_ms then 5
                    when coalesce(d.saved_at, 0) <> i.draft_saved_at then 6
                    else 1 end::smallint as outcome
          from (select u.*, u.closing = 1 as is_closing
                  from unnest(p_campaign, p_person, p_ordinal, p_score, p_right, p_claimed,
                              p_answers, p_is_closing, p_draft_saved_at, p_late,
                              p_corrections, p_spent, p_device)
                       with ordinality
                       as u(campaign, person, ordinal, score, n_right, claimed_ms, answers,
                            closing, draft_saved_at, late_answers, corrections, spent,
                            device, idx)) i
          join campaign c on c.id = i.campaign
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
          left join lateral (select a as row, a.ordinal from attempt a
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
    ), news as materialized (
        -- o overall, d day, w week, m month: what stood, whether this takes its place, what
        -- the best of the day gains by it, and what stands now
        select f.*,
               array[0, f.o_score_new, f.o_duration_new, f.o_reached_new, f.n_counted + 1]
               || case when f.has_days then array[f.d_period, f.d_score_new,
                      f.d_duration_new, f.d_reached_new, coalesce(f.d_counted, 0) + 1] end
               || case when f.has_weeks then array[f.w_period, f.w_score_new,
                      f.w_duration_new, f.w_reached_new, coalesce(f.w_counted, 0) + 1] end
               || case when f.has_months then array[f.m_period, f.m_score_new,
                      f.m_duration_new, f.m_reached_new, coalesce(f.m_counted, 0) + 1] end
                   as figures
          from (
            select g.*,
                   figure_after(g.counts, false, g.o_takes, g.o_score, g.score,
                                g.gain_score) as o_score_new,
                   figure_after(g.counts, false, g.o_takes, g.o_duration, g.duration_ms,
                                g.gain_duration) as o_duration_new,
                   case when case g.counts when 4 then g.d_takes else g.o_takes end
                        then g.finished_at else g.o_reached end as o_reached_new,
                   figure_after(g.counts, true, g.d_takes, g.d_score, g.score, 0)
                       as d_score_new,
                   figure_after(g.counts, true, g.d_takes, g.d_duration, g.duration_ms, 0)
                       as d_duration_new,
                   case when g.d_takes then g.finished_at else g.d_reached end
                       as d_reached_new,
                   figure_after(g.counts, false, g.w_takes, g.w_score, g.score,
                                g.gain_score) as w_score_new,
                   figure_after(g.counts, false, g.w_takes, g.w_duration, g.duration_ms,
                                g.gain_duration) as w_duration_new,
                   case when case g.counts when 4 then g.d_takes else g.w_takes end
                        then g.finished_at else g.w_reached end as w_reached_new,
                   figure_after(g.counts, false, g.m_takes, g.m_score, g.score,
                                g.gain_score) as m_score_new,
                   figure_after(g.counts, false, g.m_takes, g.m_duration, g.duration_ms,
                                g.gain_duration) as m_duration_new,
                   case when case g.counts when 4 then g.d_takes else g.m_takes end
                        then g.finished_at else g.m_reached end as m_reached_new
              from (
                select t.*,
                       case when t.d_takes then t.score - coalesce(t.d_score, 0) else 0 end
                           as gain_score,
                       case when t.d_takes then t.duration_ms - coalesce(t.d_duration, 0)
                            else 0 end as gain_duration
                  from (
                    select i.*, d.place as d_place, d.score as d_score,
                           d.duration_ms as d_duration, d.reached_at as d_reached,
                           d.n_counted as d_counted, w.place as w_place,
                           w.score as w_score, w.duration_ms as w_duration,
                           w.reached_at as w_reached, w.n_counted as w_counted,
                           m.place as m_place, m.score as m_score,
                           m.duration_ms as m_duration, m.reached_at as m_reached,
                           m.n_counted as m_counted,
                           takes(i.counts, i.duration_decides, i.o_score, i.o_duration,
                                 i.score, i.duration_ms) as o_takes,
                           takes(i.counts, i.duration_decides, d.score, d.duration_ms,
                                 i.score, i.duration_ms) as d_takes,
                           takes(i.counts, i.duration_decides, w.score, w.duration_ms,
                                 i.score, i.duration_ms) as w_takes,
                           takes(i.counts, i.duration_decides, m.score, m.duration_ms,
                                 i.score, i.duration_ms) as m_takes
                      from (select i.*, v_seq + row_number() over () as seq,
                                   period_of(1, i.day) as d_period,
                                   period_of(2, i.day) as w_period,
                                   period_of(3, i.day) as m_period
                              from input i
                             where i.outcome = 1 and i.is_counted offset 0) i
                      left join lateral (
                          select s.ctid as place, s.* from standing s
                           where i.has_days and s.bucket = p_bucket
                             and s.campaign = i.campaign and s.person = i.person
                             and s.period = i.d_period offset 0) d on true
                      left join lateral (
                          select s.ctid as place, s.* from standing s
                           where i.has_weeks and s.bucket = p_bucket
                             and s.campaign = i.campaign and s.person = i.person
                             and s.period = i.w_period offset 0) w on true
                      left join lateral (
                          select s.ctid as place, s.* from standing s
                           where i.has_months and s.bucket = p_bucket
                             and s.campaign = i.campaign and s.person = i.person
                             and s.period = i.m_period offset 0) m on true
                    offset 0) t
                offset 0) g
            offset 0) f
    ), changes as materialized (
        -- each board that a hand-in is on; the overall standing is in participation
        select f.campaign, f.person, f.union_id, k.*
          from news f
          cross join lateral (values
              (true, 0, null::tid, f.o_score_new, f.o_duration_new, f.o_reached_new,
               f.o_score, f.o_duration),
              (f.has_days, f.d_period, f.d_place, f.d_score_new, f.d_duration_new,
               f.d_reached_new, f.d_score, f.d_duration),
              (f.has_weeks, f.w_period, f.w_place, f.w_score_new, f.w_duration_new,
               f.w_reached_new, f.w_score, f.w_duration),
              (f.has_months, f.m_period, f.m_place, f.m_score_new, f.m_duration_new,
               f.m_reached_new, f.m_score, f.m_duration))
              k(is_board, period, place, score, duration_ms, reached_at, old_score,
                old_duration)
         where k.is_board
    ), stored as (
        insert into attempt (bucket, campaign, person, ordinal, revision, state, is_counted,
                             started_at, deadline_at, finished_at, duration_ms, score,
                             n_right, claimed_ms, answers, late_answers, spent, device,
                             corrections)
        select p_bucket, i.campaign, i.person, i.ordinal, i.open_revision,
               case when i.is_closing then 2 else 1 end, i.is_counted, i.open_started_at,
               i.open_deadline_at, i.finished_at, i.duration_ms, i.score, i.n_right,
               nullif(i.claimed_ms, -1), i.answers, i.late_answers, i.spent,
               nullif(i.device, 0), i.n_corrections
          from input i where i.outcome = 1
    ), freed as (
        update participation p
           set open_ordinal = null, open_revision = null, open_started_at = null,
               open_deadline_at = null, n_counted = f.n_counted + 1, score = f.o_score_new,
               duration_ms = f.o_duration_new, reached_at = f.o_reached_new
          from news f
         where p.ctid = f.place
    ), freed_uncounted as (
        update participation p
           set open_ordinal = null, open_revision = null, open_started_at = null,
               open_deadline_at = null
          from input i
         where p.ctid = i.place and i.outcome = 1 and not i.is_counted
    ), stood as (
        insert into standing (bucket, campaign, period, person, score, duration_ms,
                              reached_at, n_counted)
        select p_bucket, k.campaign, k.period, k.person, k.score, k.duration_ms,
               k.reached_at, 1
          from changes k where k.period <> 0 and k.place is null
    ), stood_before as (
        update standing s
           set score = k.score, duration_ms = k.duration_ms, reached_at = k.reached_at,
               n_counted = s.n_counted + 1
          from changes k
         where s.ctid = k.place
    ), summed as (
        insert into union_standing as u (bucket, campaign, period, union_id, heads,
                                         attempts, score, duration_ms)
        select p_bucket, k.campaign, k.period, k.union_id,
               count(*) filter (where k.old_score is null), count(*),
               sum(k.score - coalesce(k.old_score, 0))::bigint,
               sum(k.duration_ms - coalesce(k.old_duration, 0))::bigint
          from changes k
         group by k.campaign, k.period, k.union_id
         order by k.campaign, k.period, k.union_id
            on conflict (bucket, campaign, period, union_id) do update
           set heads = u.heads + excluded.heads, attempts = u.attempts + excluded.attempts,
               score = u.score + excluded.score,
               duration_ms = u.duration_ms + excluded.duration_ms
    ), told as (
        insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score,
                          duration_ms, figures, corrections)
        select p_bucket, n.seq, v_now, case when n.is_closing then 2 else 1 end, n.campaign,
               n.person, n.ordinal, n.union_id, n.score, n.duration_ms, n.figures,
               n.n_corrections
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
               case i.outcome when 2 then (i.attempt).state
                    else case when i.is_closing then 2 else 1 end::smallint end,
               case i.outcome when 2 then (i.attempt).is_counted else i.is_counted end,
               case i.outcome when 2 then (i.attempt).revision else i.open_revision end,
               case i.outcome when 2 then (i.attempt).started_at else i.open_started_at end,
               case i.outcome when 2 then (i.attempt).deadline_at else i.open_deadline_at end,
               case i.outcome when 2 then (i.attempt).finished_at else i.finished_at end,
               case i.outcome when 2 then (i.attempt).duration_ms else i.duration_ms end,
               case i.outcome when 2 then (i.attempt).score else i.score end,
               case i.outcome when 2 then (i.attempt).n_right else i.n_right end,
               (i.attempt).answers, i.union_id, null, null,
               case when i.outcome in (4, 6) then coalesce(i.d_saved_at, 0) end,
               case when i.outcome in (4, 6) then i.d_answers end
          from input i where i.outcome <> 1 or not i.is_counted
    )
    select a.idx, a.outcome, a.state, a.is_counted, a.revision, a.started_at,
           a.deadline_at, a.finished_at, a.duration_ms, a.score, a.n_right, a.answers,
           a.union_id, a.seq, a.figures, a.draft_saved_at, a.draft
      from answer a(idx, outcome, state, is_counted, revision, started_at, deadline_at,
                    finished_at, duration_ms, score, n_right, answers, union_id, seq,
                    figures, draft_saved_at, draft);
    perform tell_feed(p_bucket, v_seq);
end $$;

-- As in 004; its entry in the feed tells by which keys the attempt was scored.
create or replace function void_attempt(p_bucket smallint, p_campaign integer, p_person bigint,
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
                      duration_ms, figures, corrections)
    values (p_bucket, v_seq + 1, v_now, 3, p_campaign, p_person, p_ordinal,
            v_person.union_id, v_attempt.score, v_attempt.duration_ms, v_figures,
            v_attempt.corrections);
    perform tell_feed(p_bucket, v_seq);
    return query select 1::smallint, v_person.union_id, v_seq + 1, v_figures;
end $$;
