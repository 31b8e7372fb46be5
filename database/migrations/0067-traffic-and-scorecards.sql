-- What the gateway measures of partners, and how they are rated by it each month (docs/rating.md, ADR 0042).

-- One row for each partner and hour in which something was counted. Numbers only grow.
create table partner_traffic (
  partner_id uuid not null,
  hour timestamptz not null,
  -- at our doors: all that named the partner, of it what it did wrong, what was too much, and what was sent a second time
  requests bigint not null default 0,
  refused bigint not null default 0,
  throttled bigint not null default 0,
  replays bigint not null default 0,
  -- at its own: messages that were tried, of them taken, and of those within a second
  attempts bigint not null default 0,
  taken bigint not null default 0,
  prompt bigint not null default 0,
  constraint partner_traffic_pkey primary key (partner_id, hour),
  constraint partner_traffic_partner_fkey foreign key (partner_id) references partners (id),
  constraint partner_traffic_counts check (least(requests, refused, throttled, replays, attempts, taken, prompt) >= 0)
);
create index partner_traffic_old on partner_traffic (hour);
grant update (requests, refused, throttled, replays, attempts, taken, prompt), delete on partner_traffic to tributary_app;

-- A projection of 'scorecard' records: what a partner was found to be in a month (UTC), each version of it.
create table scorecards (
  id uuid not null,
  partner_id uuid not null,
  month text collate "C" not null,
  -- 1, or one more for each correction
  version integer not null,
  grade text not null,
  -- of 100; none where too little was measured
  score integer,
  -- of each measure: how many of how many were good, the points, the weight
  measures jsonb not null,
  -- why it was rated anew
  reason text,
  rated_at timestamptz not null,
  record_id uuid not null,
  constraint scorecards_pkey primary key (id),
  constraint scorecards_partner_fkey foreign key (partner_id) references partners (id),
  constraint scorecards_version_key unique (partner_id, month, version),
  constraint scorecards_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  constraint scorecards_grade check (grade in ('A', 'B', 'C', 'D', 'NOT_RATED')),
  constraint scorecards_score check ((score is null) = (grade = 'NOT_RATED') and score between 0 and 100),
  constraint scorecards_corrected check ((version = 1) = (reason is null))
);
select guard_append_only('scorecards');

-- Published: how the ends of consents went on at each partner: told, heard, and the data deleted or not.
create view partner_consent_ends as
  select d.partner_id, d.consent_id, d.due_at, d.attested_at, t.told_at, t.acknowledged_at
  from consent_deletions d
  left join consent_endings_told t on t.consent = 'cns_' || replace(d.consent_id::text, '-', '');
