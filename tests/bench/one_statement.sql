-- The same rows as one_by_one.sql, but a hand-in is one statement, which spares the ways
-- between client and server: the best that one transaction a hand-in can be.
\set person random(1, :people)
\set score 100 * random(0, 100)
update participation p
   set open_ordinal = p.n_started + 1, open_revision = c.revision, open_started_at = now_ms(),
       open_deadline_at = now_ms() + c.limit_ms, n_started = p.n_started + 1,
       start_day = :day, n_start_day = case when p.start_day = :day then p.n_start_day else 0 end + 1
  from campaign c
 where c.id = :campaign and p.bucket = 0 and p.campaign = :campaign and p.person = :person
returning p.open_ordinal as ordinal \gset
with old as materialized (
    select union_id, coalesce(score, 0) as score, coalesce(duration_ms, 0) as duration_ms,
           (score is null)::integer as fresh, now_ms() as now,
           least(now_ms() - coalesce(open_started_at, now_ms()), 600000)::integer as took
      from participation
     where bucket = 0 and campaign = :campaign and person = :person for update
), stored as (
    insert into attempt (bucket, campaign, person, ordinal, revision, state, is_counted, started_at,
                         deadline_at, finished_at, duration_ms, score, n_right, answers)
    select 0, :campaign, :person, :ordinal, 1, 1, true, now - took, now + 600000, now, took, :score, 10,
           '\x010101010201040108010101020104010801010102010401080101010201040109020ce5b7a5e4bc9ae4bc9ae59198020ce58ab3e58aa8e4bf9de99a9c'
      from old
), freed as (
    update participation p
       set open_ordinal = null, open_revision = null, open_started_at = null, open_deadline_at = null,
           n_counted = p.n_counted + 1, score = greatest(p.score, (:score)::bigint), duration_ms = old.took,
           reached_at = old.now
      from old where p.bucket = 0 and p.campaign = :campaign and p.person = :person
), stood as (
    insert into standing as s (bucket, campaign, period, person, score, duration_ms, reached_at, n_counted)
    select 0, :campaign, period, :person, :score, took, now, 1
      from old cross join unnest(array[:day_period, :week_period, :month_period]::integer[]) p(period)
        on conflict (bucket, campaign, person, period) do update
       set score = greatest(s.score, excluded.score), duration_ms = excluded.duration_ms,
           reached_at = excluded.reached_at, n_counted = s.n_counted + 1
), told as (
    insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score, duration_ms, figures)
    select 0, nextval('bench_feed'), now, 1, :campaign, :person, :ordinal, union_id, :score, took,
           array[0, :score, took, now, 1, :day_period, :score, took, now, 1,
                 :week_period, :score, took, now, 1, :month_period, :score, took, now, 1]::bigint[]
      from old
)
insert into union_standing as u (bucket, campaign, period, union_id, heads, attempts, score, duration_ms)
select 0, :campaign, period, union_id, fresh, 1, greatest((:score)::bigint - score, 0), took - duration_ms
  from old cross join unnest(array[0, :day_period, :week_period, :month_period]::integer[]) p(period)
    on conflict (bucket, campaign, period, union_id) do update
   set heads = u.heads + excluded.heads, attempts = u.attempts + excluded.attempts,
       score = u.score + excluded.score, duration_ms = u.duration_ms + excluded.duration_ms;
