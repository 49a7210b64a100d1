-- Questions, campaigns, and what people did in them.  Tables keyed by a person have the
-- bucket (person % buckets) first, so that they can be spread over machines by it.

create table question (
    id text not null,
    revision integer not null,
    body jsonb not null,
    saved_at bigint not null default now_ms(),
    primary key (id, revision)
);

create table campaign (
    id integer generated always as identity primary key,
    slug text not null unique,
    revision integer not null,
    -- what the write functions read, taken from the rules of the revision
    opens_at bigint not null,
    closes_at bigint not null,
    utc_offset_ms integer not null,
    quota_total integer not null, -- 0: no limit
    quota_day integer not null,
    limit_ms bigint not null,
    grace_ms bigint not null,
    counts smallint not null,     -- 0 best, 1 sum, 2 first, 3 last, 4 sum of daily best
    duration_decides boolean not null, -- of two attempts with the same score
    has_days boolean not null,
    has_weeks boolean not null,
    has_months boolean not null,
    union_changes integer not null
);

create table campaign_revision (
    campaign integer not null references campaign,
    revision integer not null,
    rules jsonb not null,
    question_ids text[] not null,
    question_revisions integer[] not null,
    saved_at bigint not null default now_ms(),
    primary key (campaign, revision)
);

-- One person in one campaign: union, counters, the open attempt, the overall standing.
create table participation (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    union_id integer not null,
    union_changes integer not null default 0,
    n_started integer not null default 0,
    start_day integer not null default 0, -- days since 1970 of the last start
    n_start_day integer not null default 0,
    open_ordinal integer,
    open_revision integer,
    open_started_at bigint,
    open_deadline_at bigint,
    n_counted integer not null default 0,
    score bigint,
    duration_ms bigint,
    reached_at bigint,
    primary key (bucket, campaign, person)
) with (fillfactor = 70);

-- Standings of days, weeks and months; the period is packed as util/moment.h says.
create table standing (
    bucket smallint not null,
    campaign integer not null,
    period integer not null,
    person bigint not null,
    score bigint not null,
    duration_ms bigint not null,
    reached_at bigint not null,
    n_counted integer not null,
    primary key (bucket, campaign, person, period)
) with (fillfactor = 60);

-- Written once, when the attempt is over.
create table attempt (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    ordinal integer not null,
    revision integer not null,
    state smallint not null,      -- 1 handed in, 2 expired, 3 voided
    is_counted boolean not null,
    started_at bigint not null,
    deadline_at bigint not null,
    finished_at bigint not null,
    duration_ms integer not null,
    score integer not null,
    n_right smallint not null,
    claimed_ms integer,           -- what the client says it took: evidence only
    answers bytea not null,
    late_answers bytea,
    primary key (bucket, campaign, person, ordinal)
);

-- What is saved of the open attempt; of another ordinal it is old and means nothing.
create table draft (
    bucket smallint not null,
    campaign integer not null,
    person bigint not null,
    ordinal integer not null,
    version integer not null,
    saved_at bigint not null,
    answers bytea not null,
    primary key (bucket, campaign, person)
) with (fillfactor = 50);

-- Sums of a union's own people; they merge by addition over buckets and up the tree.
create table union_standing (
    bucket smallint not null,
    campaign integer not null,
    period integer not null,
    union_id integer not null,
    heads bigint not null,
    attempts bigint not null,
    score bigint not null,
    duration_ms bigint not null,
    primary key (bucket, campaign, period, union_id)
) with (fillfactor = 50);

-- What changed a board, in commit order without gaps within a bucket.
create table feed (
    bucket smallint not null,
    seq bigint not null,
    at bigint not null,
    kind smallint not null,       -- 1 handed in, 2 expired, 3 voided, 4 union changed
    campaign integer not null,
    person bigint not null,
    ordinal integer,
    union_id integer not null,
    score integer,
    duration_ms integer,
    figures bigint[] not null,    -- five for each period: period, score (-1: no longer on
                                  -- the board), duration, reached, attempts that count
    primary key (bucket, seq)
);

create table feed_head (
    bucket smallint primary key,
    seq bigint not null
) with (fillfactor = 10);
insert into feed_head select b, 0 from setting, generate_series(0, buckets - 1) b;
