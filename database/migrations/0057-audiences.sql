-- Counts over customers who consented, without anybody in them (docs/audiences.md, ADR 0037).

-- Who is counted for one partner and purpose, frozen for a while: nobody who joins later changes a count.
create table audience_cohorts (
  id uuid not null,
  partner_id uuid not null,
  purpose text collate "C" not null,
  size integer not null,
  frozen_at timestamptz not null default now(),
  ends_at timestamptz not null,
  constraint audience_cohorts_pkey primary key (id),
  constraint audience_cohorts_purpose_fkey foreign key (purpose) references purposes (key)
);
create index audience_cohorts_newest on audience_cohorts (partner_id, purpose, frozen_at desc);
grant update (ends_at), delete on audience_cohorts to tributary_app;

create table audience_members (
  cohort_id uuid not null,
  -- place in the sets of members, from 0
  ordinal integer not null,
  customer_id uuid not null,
  -- the consent under which they are counted: once it counts no more, neither do they
  consent_id uuid not null,
  constraint audience_members_pkey primary key (cohort_id, ordinal),
  constraint audience_members_cohort_fkey foreign key (cohort_id) references audience_cohorts (id) on delete cascade
);
create index audience_members_of_customer on audience_members (customer_id);
grant delete on audience_members to tributary_app;

-- Which members have a value, as the consents let it be told: one bit for each of them.
create table audience_facets (
  cohort_id uuid not null,
  tag_key text collate "C" not null,
  granularity text not null,
  value text collate "C" not null,
  members bytea not null,
  constraint audience_facets_pkey primary key (cohort_id, tag_key, granularity, value),
  constraint audience_facets_cohort_fkey foreign key (cohort_id) references audience_cohorts (id) on delete cascade,
  constraint audience_facets_coarse check (granularity in ('band', 'flag'))
);
grant delete on audience_facets to tributary_app;

-- What was asked and answered: the trace of each count, and what the next ones are compared with.
create table audience_questions (
  id uuid not null,
  cohort_id uuid not null,
  partner_id uuid not null,
  purpose text collate "C" not null,
  client_id uuid not null,
  fingerprint text not null,
  conditions jsonb not null,
  -- as it was told; null where it was suppressed
  count integer,
  -- who was counted; gone with the cohort, the question stays
  members bytea,
  asked_at timestamptz not null default now(),
  request_id text not null,
  constraint audience_questions_pkey primary key (id)
);
create index audience_questions_of_cohort on audience_questions (cohort_id, fingerprint);
create index audience_questions_of_partner on audience_questions (partner_id, id);
grant update (members) on audience_questions to tributary_app;
