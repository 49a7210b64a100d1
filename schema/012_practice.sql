-- What people practise: what each remembers of each question, what they have starred, and by
-- week what was predicted of their memory and what came.

-- A card: one person's memory of one question in one campaign (server/recall/recall.h).
create table recall (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    question text collate "C" not null,
    revision integer not null,    -- that was answered last
    stability double precision not null,
    difficulty double precision not null,
    due_at bigint not null,       -- the beginning of a day of the campaign
    made_at bigint not null,
    last_at bigint not null,
    last_turn integer not null,
    is_right boolean not null,    -- the last answer
    predicted double precision,   -- the chance to recall just before it; null: the first
    n_right integer not null,
    n_wrong integer not null,
    lapses integer not null,      -- wrong answers but for the first
    answer bytea not null,        -- the last one, packed
    primary key (bucket, campaign, person, question)
) with (fillfactor = 70);

create table favourite (
    bucket smallint not null,
    person bigint not null,
    question text collate "C" not null,
    at bigint not null,
    primary key (bucket, person, question)
);

-- A week begins on Monday, and is counted in days since 1970.  A review is an answer to a card
-- on a later day than the answer before: only of these is anything predicted.
create table review_week (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    week integer not null,
    union_id integer not null,    -- theirs at the first answer of the week; 0: none chosen
    n_answers integer not null,
    spent_ms bigint not null,     -- as claimed
    n_reviews integer not null,
    n_right integer not null,     -- of the reviews
    predicted double precision not null, -- the sum of their chances
    primary key (bucket, campaign, person, week)
) with (fillfactor = 70);

-- The reviews of a week by union, so that an organizer's question reads unions, not people.
-- Who changes unions is counted in the new one from the next week on.
create table retention (
    bucket smallint not null,
    campaign integer not null,
    week integer not null,
    union_id integer not null,
    people integer not null,
    n_reviews bigint not null,
    n_right bigint not null,
    predicted double precision not null,
    primary key (bucket, campaign, week, union_id)
) with (fillfactor = 50);

-- How much there is to review, as counted last, so that who asks again need not be counted
-- again (server/api/reviews.c): of these cards and favourites, after so many attempts, by these
-- campaigns, and until then.  Who has no row has no card and no favourite, or was never counted.
create table reviewing (
    bucket smallint not null,
    person bigint not null,
    version integer not null,         -- of the cards and favourites; each change is one more
    counted_version integer not null default -1,
    n_finished integer not null default 0, -- attempts
    campaigns bigint not null default 0,   -- a hash of what the server knew of them
    holds_until bigint not null default 0,
    n_due integer not null default 0,
    n_new integer not null default 0,
    n_done integer not null default 0,
    primary key (bucket, person)
) with (fillfactor = 70);

-- Remembering what was answered; turn and memory were worked out from the card as it was read.
-- Outcome: 1 remembered, 2 the card has moved on: read it again, 3 no room for a new card.
create function remember_answers(p_bucket smallint, p_campaign integer[], p_person bigint[],
                                 p_question text[], p_revision integer[], p_turn integer[],
                                 p_at bigint[], p_due_at bigint[],
                                 p_stability double precision[],
                                 p_difficulty double precision[], p_is_right smallint[],
                                 p_predicted double precision[], p_answer bytea[],
                                 p_week integer[], p_is_review smallint[],
                                 p_spent_ms integer[])
returns table (idx integer, outcome smallint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
begin
    return query
    with input as materialized (
        select i.*,
               case when i.turn > 1
                    then exists (select from recall r
                                  where r.bucket = p_bucket and r.campaign = i.campaign
                                    and r.person = i.person and r.question = i.question
                                    and r.last_turn = i.turn - 1)
                    else (select count(*) < 5000
                            from (select from recall r
                                   where r.bucket = p_bucket and r.campaign = i.campaign
                                     and r.person = i.person limit 5000) c) end as fits
          from unnest(p_campaign, p_person, p_question, p_revision, p_turn, p_at, p_due_at,
                      p_stability, p_difficulty, p_is_right, p_predicted, p_answer, p_week,
                      p_is_review, p_spent_ms) with ordinality
               as i(campaign, person, question, revision, turn, at, due_at, stability,
                    difficulty, is_right, predicted, answer, week, is_review, spent_ms, idx)
    ), kept as (
        insert into recall as r (bucket, campaign, person, question, revision, stability,
                                 difficulty, due_at, made_at, last_at, last_turn, is_right,
                                 predicted, n_right, n_wrong, lapses, answer)
        select p_bucket, i.campaign, i.person, i.question, i.revision, i.stability,
               i.difficulty, i.due_at, i.at, i.at, i.turn, i.is_right = 1,
               nullif(i.predicted, -1), i.is_right, 1 - i.is_right, 0, i.answer
          from input i where i.fits
         order by i.campaign, i.person
            on conflict (bucket, campaign, person, question) do update
           set revision = excluded.revision, stability = excluded.stability,
               difficulty = excluded.difficulty, due_at = excluded.due_at,
               last_at = excluded.last_at, last_turn = excluded.last_turn,
               is_right = excluded.is_right, predicted = excluded.predicted,
               n_right = r.n_right + excluded.n_right,
               n_wrong = r.n_wrong + excluded.n_wrong,
               lapses = r.lapses + excluded.n_wrong, answer = excluded.answer
         where r.last_turn = excluded.last_turn - 1
        returning r.campaign, r.person
    ), counted as (
        insert into review_week as w (bucket, campaign, person, week, union_id, n_answers,
                                      spent_ms, n_reviews, n_right, predicted)
        select p_bucket, i.campaign, i.person, i.week, coalesce(p.union_id, 0), 1, i.spent_ms,
               i.is_review, i.is_review * i.is_right, i.is_review * i.predicted
          from input i
          join kept k on k.campaign = i.campaign and k.person = i.person
          left join participation p on p.bucket = p_bucket and p.campaign = i.campaign
                                   and p.person = i.person
         order by i.campaign, i.person
            on conflict (bucket, campaign, person, week) do update
           set n_answers = w.n_answers + 1, spent_ms = w.spent_ms + excluded.spent_ms,
               n_reviews = w.n_reviews + excluded.n_reviews,
               n_right = w.n_right + excluded.n_right,
               predicted = w.predicted + excluded.predicted
        returning w.campaign, w.person, w.week, w.union_id, w.n_reviews
    ), gathered as (
        -- the first review of the week makes one person more
        insert into retention as t (bucket, campaign, week, union_id, people, n_reviews,
                                    n_right, predicted)
        select p_bucket, c.campaign, c.week, c.union_id,
               count(*) filter (where c.n_reviews = 1), count(*), sum(i.is_right),
               sum(i.predicted)
          from counted c
          join input i on i.campaign = c.campaign and i.person = c.person
         where i.is_review = 1
         group by c.campaign, c.week, c.union_id
         order by c.campaign, c.week, c.union_id
            on conflict (bucket, campaign, week, union_id) do update
           set people = t.people + excluded.people,
               n_reviews = t.n_reviews + excluded.n_reviews,
               n_right = t.n_right + excluded.n_right,
               predicted = t.predicted + excluded.predicted
    ), changed as (
        insert into reviewing as v (bucket, person, version)
        select distinct p_bucket, k.person, 1 from kept k order by k.person
            on conflict (bucket, person) do update set version = v.version + 1
    )
    select i.idx::integer, case when k.person is not null then 1
                                when i.turn = 1 and not i.fits then 3
                                else 2 end::smallint
      from input i left join kept k on k.campaign = i.campaign and k.person = i.person
     order by i.idx;
end $$;

-- Starring a question, or no longer.  Outcome: 1 done, 2 no room for another.
create function star_questions(p_bucket smallint, p_person bigint[], p_question text[],
                               p_is_starred smallint[])
returns table (idx integer, outcome smallint)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
declare
    v_now bigint := now_ms();
begin
    return query
    with input as materialized (
        select i.*, i.is_starred = 0
                    or exists (select from favourite f
                                where f.bucket = p_bucket and f.person = i.person
                                  and f.question = i.question)
                    or (select count(*) < 1000
                          from (select from favourite f
                                 where f.bucket = p_bucket and f.person = i.person
                                 limit 1000) c) as fits
          from unnest(p_person, p_question, p_is_starred) with ordinality
               as i(person, question, is_starred, idx)
    ), starred as (
        insert into favourite (bucket, person, question, at)
        select p_bucket, i.person, i.question, v_now
          from input i where i.is_starred = 1 and i.fits
         order by i.person
            on conflict do nothing
        returning person
    ), unstarred as (
        delete from favourite f using input i
         where f.bucket = p_bucket and f.person = i.person and f.question = i.question
           and i.is_starred = 0
        returning f.person
    ), changed as (
        insert into reviewing as v (bucket, person, version)
        select p_bucket, c.person, 1
          from (select s.person from starred s union select u.person from unstarred u) c
         order by c.person
            on conflict (bucket, person) do update set version = v.version + 1
    )
    select i.idx::integer, case when i.fits then 1 else 2 end::smallint
      from input i order by i.idx;
end $$;

-- What is kept of some people's counts, and what it is to be compared with; version 0: nothing.
create function look_reviewing(p_bucket smallint, p_person bigint[])
returns table (idx integer, version integer, n_finished integer, counted_version integer,
               counted_finished integer, campaigns bigint, holds_until bigint, n_due integer,
               n_new integer, n_done integer)
language plpgsql stable
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
begin
    return query
    select i.idx::integer, coalesce(v.version, 0), coalesce(f.n, 0)::integer,
           coalesce(v.counted_version, -1), coalesce(v.n_finished, 0),
           coalesce(v.campaigns, 0), coalesce(v.holds_until, 0), coalesce(v.n_due, 0),
           coalesce(v.n_new, 0), coalesce(v.n_done, 0)
      from unnest(p_person) with ordinality as i(person, idx)
      left join reviewing v on v.bucket = p_bucket and v.person = i.person
      cross join lateral (
          select sum(p.n_started - case when p.open_ordinal is null then 0 else 1 end) as n
            from campaign c
            join participation p on p.bucket = p_bucket and p.campaign = c.id
                                and p.person = i.person) f
     order by i.idx;
end $$;

-- Keeps counts, unless the cards and favourites are no longer those that were counted.
create function keep_reviewing(p_bucket smallint, p_person bigint[], p_version integer[],
                               p_finished integer[], p_campaigns bigint[], p_until bigint[],
                               p_due integer[], p_new integer[], p_done integer[])
returns table (idx integer)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off
as $$
#variable_conflict use_column
begin
    insert into reviewing as v (bucket, person, version, counted_version, n_finished, campaigns,
                                holds_until, n_due, n_new, n_done)
    select p_bucket, i.person, i.version, i.version, i.finished, i.campaigns, i.until, i.due,
           i.new, i.done
      from unnest(p_person, p_version, p_finished, p_campaigns, p_until, p_due, p_new, p_done)
           as i(person, version, finished, campaigns, until, due, new, done)
     order by i.person
        on conflict (bucket, person) do update
       set counted_version = excluded.version, n_finished = excluded.n_finished,
           campaigns = excluded.campaigns, holds_until = excluded.holds_until,
           n_due = excluded.n_due, n_new = excluded.n_new, n_done = excluded.n_done
     where v.version = excluded.version;
    return query select generate_series(1, cardinality(p_person));
end $$;
