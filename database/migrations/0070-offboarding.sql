-- How partners leave (docs/offboarding.md, ADR 0047).

-- A projection of 'offboarding' records: the last version of each exit.
create table offboardings (
  id uuid not null,
  partner_id uuid not null,
  status text not null,
  -- from then on the partner is OFFBOARDING
  exit_at timestamptz not null,
  reason text not null,
  planned_by text not null,
  planned_at timestamptz not null,
  -- what was done, when, and to how many, in order
  steps jsonb not null,
  -- what was open when it was closed, and accepted so
  acknowledged text[] not null,
  version integer not null,
  changed_at timestamptz not null,
  record_id uuid not null,
  constraint offboardings_pkey primary key (id),
  constraint offboardings_partner_fkey foreign key (partner_id) references partners (id),
  constraint offboardings_status check (status in ('PLANNED', 'UNDER_WAY', 'CANCELLED', 'CLOSED'))
);
create unique index offboardings_one_at_a_time on offboardings (partner_id) where status <> 'CANCELLED';
create index offboardings_under_way on offboardings (exit_at) where status in ('PLANNED', 'UNDER_WAY');
grant update (status, exit_at, reason, steps, acknowledged, version, changed_at, record_id) on offboardings to tributary_app;
create trigger append_only before delete or truncate on offboardings for each statement execute function refuse_change();

-- Consents that end because the partner leaves, and the customers who are to be told of it.
alter table consent_events drop constraint consent_events_by;
alter table consent_events add constraint consent_events_by
  check (by in ('CUSTOMER', 'PARTNER', 'COMPLIANCE', 'CLOCK', 'READ', 'PARTNER_EXIT'));
create index consent_events_of_exits on consent_events (at, consent_id) where by = 'PARTNER_EXIT';
create index consents_standing_of_partner on consents (partner_id, id) where status in ('AUTHORISED', 'SUSPENDED');

-- A projection of 'reserve' records: what of an ended agreement's balance is not paid yet, because refunds may still take it
-- back. The last one counts, for months before `until_month`.
create table agreement_reserves (
  agreement_id uuid not null,
  -- counts the reserves of the agreement, from 1
  change integer not null,
  programme_id uuid not null,
  partner_id uuid not null,
  amount numeric(38,0) not null,
  until_month text collate "C" not null,
  reason text not null,
  set_by text not null,
  set_at timestamptz not null,
  record_id uuid not null,
  constraint agreement_reserves_pkey primary key (agreement_id, change),
  constraint agreement_reserves_amount check (amount >= 0),
  constraint agreement_reserves_month check (until_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);
select guard_append_only('agreement_reserves');
