-- People of the bench: the first :n on the roster and, with a union, in the campaign "bench";
-- :m who stand on the board of the campaign "crowd", with heavy ties.
insert into person (name)
select (array['王','李','张','刘','陈','杨','赵','黄','周','吴'])[1 + i % 10]
       || (array['伟','芳','娜','敏','静','丽','强','磊'])[1 + i / 10 % 8]
       || (array['军','洋','勇','艳','杰','涛','明'])[1 + i / 80 % 7]
  from generate_series(1, greatest(:n, :m)) i;
insert into identity (provider, subject, person)
select 'roster', '630102/' || p, p from generate_series(1, :n) p;
create temp table place as select id, row_number() over (order by id) - 1 as n from org_union;
insert into participation (bucket, campaign, person, union_id)
select 0, c.id, p, place.id
  from campaign c cross join generate_series(1, :n) p
  join place on place.n = p % (select count(*) from place)
 where c.slug = 'bench';
insert into participation (bucket, campaign, person, union_id, n_started, n_counted, score,
                           duration_ms, reached_at)
select 0, c.id, p, place.id, 1, 1, 100 * (hashint8(p) & 127), 1000 * (30 + (hashint8(-p) & 511)),
       now_ms() - (hashint8(p + 5000000000) & 268435455)
  from campaign c cross join generate_series(1, :m) p
  join place on place.n = p % (select count(*) from place)
 where c.slug = 'crowd';
insert into union_standing
select 0, campaign, 0, union_id, count(*), count(*), sum(score), sum(duration_ms)
  from participation where score is not null group by campaign, union_id;
-- not the tables still empty: a plan for an empty table would be kept while it fills
vacuum analyze person, identity, participation, union_standing;
checkpoint;
