-- What start_attempts and hand_in write for one person, in a transaction each and a statement
-- for each table.  Easier than the server has it: feed numbers come from a sequence (no lock
-- on feed_head until the commit), nobody is notified, and no late, closing or repeated
-- hand-in is thought of.
\set person random(1, :people)
\set score 100 * random(0, 100)
update participation p
   set open_ordinal = p.n_started + 1, open_revision = c.revision, open_started_at = now_ms(),
       open_deadline_at = now_ms() + c.limit_ms, n_started = p.n_started + 1,
       start_day = :day, n_start_day = case when p.start_day = :day then p.n_start_day else 0 end + 1
  from campaign c
 where c.id = :campaign and p.bucket = 0 and p.campaign = :campaign and p.person = :person
returning p.open_ordinal as ordinal \gset
begin;
select union_id as union, coalesce(score, 0) as old_score, coalesce(duration_ms, 0) as old_duration,
       (score is null)::integer as fresh, now_ms() as now,
       least(now_ms() - coalesce(open_started_at, now_ms()), 600000) as duration
  from participation
 where bucket = 0 and campaign = :campaign and person = :person for update \gset
insert into attempt (bucket, campaign, person, ordinal, revision, state, is_counted, started_at,
                     deadline_at, finished_at, duration_ms, score, n_right, answers)
values (0, :campaign, :person, :ordinal, 1, 1, true, (:now)::bigint - (:duration)::integer, (:now)::bigint + 600000, :now, :duration,
        :score, 10, '\x010101010201040108010101020104010801010102010401080101010201040109020ce5b7a5e4bc9ae4bc9ae59198020ce58ab3e58aa8e4bf9de99a9c');
update participation
   set open_ordinal = null, open_revision = null, open_started_at = null, open_deadline_at = null,
       n_counted = n_counted + 1, score = greatest(score, (:score)::bigint), duration_ms = :duration,
       reached_at = :now
 where bucket = 0 and campaign = :campaign and person = :person;
insert into standing as s (bucket, campaign, period, person, score, duration_ms, reached_at, n_counted)
values (0, :campaign, :day_period, :person, :score, :duration, :now, 1),
       (0, :campaign, :week_period, :person, :score, :duration, :now, 1),
       (0, :campaign, :month_period, :person, :score, :duration, :now, 1)
    on conflict (bucket, campaign, person, period) do update
   set score = greatest(s.score, excluded.score), duration_ms = excluded.duration_ms,
       reached_at = excluded.reached_at, n_counted = s.n_counted + 1;
insert into feed (bucket, seq, at, kind, campaign, person, ordinal, union_id, score, duration_ms, figures)
values (0, nextval('bench_feed'), :now, 1, :campaign, :person, :ordinal, :union, :score, :duration,
        array[0, :score, :duration, :now, 1, :day_period, :score, :duration, :now, 1,
              :week_period, :score, :duration, :now, 1, :month_period, :score, :duration, :now, 1]::bigint[]);
insert into union_standing as u (bucket, campaign, period, union_id, heads, attempts, score, duration_ms)
select 0, :campaign, period, :union, :fresh, 1, greatest((:score)::bigint - (:old_score)::bigint, 0),
       (:duration)::bigint - (:old_duration)::bigint
  from unnest(array[0, :day_period, :week_period, :month_period]::integer[]) p(period)
    on conflict (bucket, campaign, period, union_id) do update
   set heads = u.heads + excluded.heads, attempts = u.attempts + excluded.attempts,
       score = u.score + excluded.score, duration_ms = u.duration_ms + excluded.duration_ms;
commit;
