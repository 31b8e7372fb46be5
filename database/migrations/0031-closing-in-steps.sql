-- A month is calculated as often as wanted, looked at, locked by whoever decides it (another day, in another process), and
-- closed when nothing of it is left open.

-- One calculation of a period: how far it is, and what the lock has to know of it. No fact: nothing here is in the log.
create table period_runs (
  period_id uuid not null,
  run integer not null,
  started_by text not null,
  started_at timestamptz not null,
  -- how far it is, told every few seconds apart from all that counts
  step text not null default 'SPLITTING',
  done integer not null default 0,
  total integer,
  told_at timestamptz not null,
  -- what came of it, once its drafts are complete
  finished_at timestamptz,
  facts integer,
  late_facts integer,
  not_accruing uuid[],
  uncorrected text[],
  -- events that were left out, by asset
  other_assets jsonb,
  -- SHA-256 of what decides beside facts: terms, memberships, balances
  basis text,
  constraint period_runs_pkey primary key (period_id, run),
  constraint period_runs_period_fkey foreign key (period_id) references periods (id),
  constraint period_runs_step check (step in ('SPLITTING', 'CORRECTING', 'WRITING', 'LOCKING')),
  constraint period_runs_counts check (least(done, total, facts, late_facts) >= 0),
  constraint period_runs_finished check (
    num_nonnulls(finished_at, facts, late_facts, not_accruing, uncorrected, other_assets, basis) in (0, 7)
  )
);
grant update (step, done, total, told_at, finished_at, facts, late_facts, not_accruing, uncorrected, other_assets, basis)
  on period_runs to tributary_app;
create trigger append_only before delete or truncate on period_runs for each statement execute function refuse_change();
create trigger append_only_begin before update of period_id, run, started_by, started_at on period_runs
  for each statement execute function refuse_change();
create trigger finished_once before update on period_runs for each row
  when (old.finished_at is not null) execute function refuse_change();

-- Points that the lock of a run gives. What another run drafted counts for nothing.
create table drafted_points (
  period_id uuid not null,
  run integer not null,
  -- from 1, in the order of the facts' keys
  no integer not null,
  contribution_id uuid not null,
  terms_id uuid not null,
  -- place within the terms' rules, from 0
  rule_place smallint not null,
  beneficiary text not null,
  -- who gets them: one of the two
  customer_id uuid,
  partner_id uuid,
  agreement_id uuid not null,
  points numeric(38,0) not null,
  -- minor units of the asset
  asset text collate "C" not null,
  money numeric(38,0) not null,
  referred_at timestamptz not null,
  expires_after_days integer not null,
  constraint drafted_points_pkey primary key (period_id, run, no),
  constraint drafted_points_run_fkey foreign key (period_id, run) references period_runs (period_id, run),
  constraint drafted_points_holder check (num_nonnulls(customer_id, partner_id) = 1),
  constraint drafted_points_amounts check (points > 0 and money >= 0)
);
select guard_append_only('drafted_points');

-- Referrals whose points the lock of a run takes back first: an earlier one holds in their place.
create table displaced_referrals (
  period_id uuid not null,
  run integer not null,
  contribution_id uuid not null,
  constraint displaced_referrals_pkey primary key (period_id, run, contribution_id),
  constraint displaced_referrals_run_fkey foreign key (period_id, run) references period_runs (period_id, run)
);
select guard_append_only('displaced_referrals');

-- Who locked a month, and what of the checklist was open then and acknowledged: both null for months locked before that
-- was asked. When it was closed, and the record that says so.
alter table periods add column locked_by text;
alter table periods add column acknowledged text[];
alter table periods add column closed_at timestamptz;
alter table periods add column closing_record_id uuid;
alter table periods add constraint periods_locked_by check (
  num_nonnulls(locked_by, acknowledged) in (0, 2) and (locked_by is null or locked_at is not null)
);
alter table periods add constraint periods_closed check (
  (status = 'CLOSED') = (closed_at is not null) and num_nonnulls(closed_at, closing_record_id) in (0, 2)
);
grant update (locked_by, acknowledged, closed_at, closing_record_id) on periods to tributary_app;
create trigger periods_keep_their_lock before update on periods for each row
  when (old.locked_at is not null and (new.locked_by is distinct from old.locked_by
    or new.acknowledged is distinct from old.acknowledged or new.record_id is distinct from old.record_id))
  execute function refuse_unlocking();

create function refuse_reopening() returns trigger language plpgsql as $$
begin
  raise exception 'period % of % is closed', old.month, old.programme_id
    using errcode = 'restrict_violation', constraint = 'periods_close_once';
end
$$;
create trigger periods_close_once before update on periods for each row
  when (old.closed_at is not null and (new.status <> 'CLOSED' or new.closed_at is distinct from old.closed_at
    or new.closing_record_id is distinct from old.closing_record_id))
  execute function refuse_reopening();
