-- Periods and figures: what the write functions and verify share.

create function day_of(ms bigint, utc_offset_ms integer) returns integer
language sql immutable as $$
    select floor((ms + utc_offset_ms) / 86400000.0)::integer
$$;

-- kind: 0 overall, 1 day, 2 week (by its Monday), 3 month.
create function period_of(kind integer, day integer) returns integer
language sql immutable as $$
    select case kind
        when 0 then 0
        when 1 then (1 << 24) | day
        when 2 then (2 << 24) | (day - (day + 3) % 7)
        when 3 then (3 << 24) | (extract(year from date '1970-01-01' + day)::integer * 12
                               + extract(month from date '1970-01-01' + day)::integer - 1)
    end
$$;

-- The boards computed from attempt alone: every person's figure in every period.  With a
-- person given, only that person's.
create function computed_standing(p_campaign integer, p_person bigint default null)
returns table (bucket smallint, person bigint, period integer, score bigint,
               duration_ms bigint, reached_at bigint, n_counted integer)
language sql stable as $$
    with counted as (
        select a.bucket, a.person, a.ordinal, a.score, a.duration_ms, a.finished_at,
               c.counts, c.duration_decides, c.has_days, c.has_weeks, c.has_months,
               day_of(a.started_at, c.utc_offset_ms) as day
          from attempt a join campaign c on c.id = a.campaign
         where a.campaign = p_campaign and a.is_counted
           and (p_person is null or a.person = p_person and a.bucket =
                (select (p_person % buckets)::smallint from setting))
    ), expanded as (
        select x.*, period_of(k.kind, x.day) as period
          from counted x
          cross join lateral (values (0, true), (1, has_days or counts = 4),
                                     (2, has_weeks), (3, has_months)) k(kind, is_on)
         where k.is_on
    ), placed as (
        -- by_worth 1 is the best of the period, day_worth 1 the best of the day in it
        select e.*,
               row_number() over (partition by e.person, e.period order by e.score desc,
                   case when duration_decides then e.duration_ms else 0 end, ordinal)
                   as by_worth,
               row_number() over (partition by e.person, e.period, e.day
                   order by e.score desc,
                   case when duration_decides then e.duration_ms else 0 end, ordinal)
                   as day_worth,
               row_number() over (partition by e.person, e.period order by ordinal)
                   as by_first,
               row_number() over (partition by e.person, e.period order by ordinal desc)
                   as by_last
          from expanded e
    )
    select p.bucket, p.person, p.period,
           sum(p.score) filter (where takes)::bigint,
           sum(p.duration_ms) filter (where takes)::bigint,
           max(p.finished_at) filter (where takes),
           count(*)::integer
      from placed p
      cross join lateral (select case counts when 0 then by_worth = 1 when 1 then true
                                 when 2 then by_first = 1 when 3 then by_last = 1
                                 else day_worth = 1 end as takes) t
     group by p.bucket, p.person, p.period
$$;
