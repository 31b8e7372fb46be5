-- What moves an agreement's balance beside its statements: receivables that are written off or paid back, and balances that
-- are brought along from another system. Rows are projections of the records of the kinds 'write_off', 'repayment' and
-- 'opening_balance'.

-- What a partner owes and will not pay. One person proposes, another one decides.
create table write_offs (
  id uuid not null,
  agreement_id uuid not null,
  programme_id uuid not null,
  partner_id uuid not null,
  asset text collate "C" not null,
  amount numeric(38,0) not null,
  reason text not null,
  status text not null default 'PROPOSED',
  proposed_by text not null,
  proposed_at timestamptz not null,
  record_id uuid not null,
  decided_by text,
  decided_at timestamptz,
  decision_record_id uuid,
  -- why it was rejected
  decision_reason text,
  constraint write_offs_pkey primary key (id),
  constraint write_offs_amount check (amount > 0),
  constraint write_offs_status check (status in ('PROPOSED', 'APPROVED', 'REJECTED')),
  constraint write_offs_decided check (
    num_nonnulls(decided_by, decided_at, decision_record_id) = case status when 'PROPOSED' then 0 else 3 end
    and (decision_reason is not null) = (status = 'REJECTED')
  ),
  constraint write_offs_two_persons check (decided_by <> proposed_by)
);
create index write_offs_of_agreement on write_offs (agreement_id) where status = 'APPROVED';
create trigger append_only before delete or truncate on write_offs for each statement execute function refuse_change();
create trigger append_only_proposal before update of
  id, agreement_id, programme_id, partner_id, asset, amount, reason, proposed_by, proposed_at, record_id on write_offs
  for each statement execute function refuse_change();
create trigger write_offs_decided_once before update on write_offs
  for each row when (old.status <> 'PROPOSED') execute function refuse_change();
grant update (status, decided_by, decided_at, decision_record_id, decision_reason) on write_offs to tributary_app;

-- What a partner paid of what it owed, by which entry of which bank account of ours.
create table repayments (
  bank_entry_id uuid not null,
  agreement_id uuid not null,
  programme_id uuid not null,
  partner_id uuid not null,
  asset text collate "C" not null,
  amount numeric(38,0) not null,
  own_account text collate "C" not null,
  at timestamptz not null,
  record_id uuid not null,
  constraint repayments_pkey primary key (bank_entry_id),
  constraint repayments_amount check (amount > 0)
);
create index repayments_of_agreement on repayments (agreement_id);
select guard_append_only('repayments');

-- Balances out of another system, as one person brought them and another one approved them: all lines of a file or none.
create table openings (
  id uuid not null,
  -- from this instant on we keep the books
  cut_over timestamptz not null,
  reason text not null,
  status text not null default 'PROPOSED',
  proposed_by text not null,
  proposed_at timestamptz not null,
  record_id uuid not null,
  decided_by text,
  decided_at timestamptz,
  decision_record_id uuid,
  decision_reason text,
  constraint openings_pkey primary key (id),
  constraint openings_status check (status in ('PROPOSED', 'APPROVED', 'REJECTED')),
  constraint openings_decided check (
    num_nonnulls(decided_by, decided_at, decision_record_id) = case status when 'PROPOSED' then 0 else 3 end
    and (decision_reason is not null) = (status = 'REJECTED')
  ),
  constraint openings_two_persons check (decided_by <> proposed_by)
);
create trigger append_only before delete or truncate on openings for each statement execute function refuse_change();
create trigger append_only_proposal before update of id, cut_over, reason, proposed_by, proposed_at, record_id on openings
  for each statement execute function refuse_change();
create trigger openings_decided_once before update on openings
  for each row when (old.status <> 'PROPOSED') execute function refuse_change();
grant update (status, decided_by, decided_at, decision_record_id, decision_reason) on openings to tributary_app;

-- One balance: of an account (positive is debit), or of an agreement: what is carried (above zero we owe it, below zero the
-- partner does), or what is held back until a month.
create table opening_lines (
  opening_id uuid not null,
  -- place in the file, from 1
  line integer not null,
  kind text not null,
  account text collate "C",
  agreement_id uuid,
  programme_id uuid,
  partner_id uuid,
  asset text collate "C" not null,
  amount numeric(38,0) not null,
  release_month text collate "C",
  constraint opening_lines_pkey primary key (opening_id, line),
  constraint opening_lines_opening_fkey foreign key (opening_id) references openings (id),
  constraint opening_lines_kind check (kind in ('ACCOUNT', 'CARRIED', 'HOLDBACK')),
  constraint opening_lines_about check (
    (account is not null) = (kind = 'ACCOUNT')
    and num_nonnulls(agreement_id, programme_id, partner_id) = case kind when 'ACCOUNT' then 0 else 3 end
    and (release_month is not null) = (kind = 'HOLDBACK')
  ),
  constraint opening_lines_amount check (amount <> 0 and (kind <> 'HOLDBACK' or amount > 0)),
  constraint opening_lines_month check (release_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);
create index opening_lines_of_agreement on opening_lines (agreement_id) where agreement_id is not null;
select guard_append_only('opening_lines');

-- Lines that count: of files that two persons agree on.
create view approved_opening_lines as
  select l.*, o.cut_over, o.decision_record_id from opening_lines l join openings o on o.id = l.opening_id and o.status = 'APPROVED';

-- By how much agreements' balances moved beside their statements, in the order of their records; above zero the partner owes
-- less, or is owed more. The time is that of the journal's entry.
create view balance_changes as
  select agreement_id, programme_id, partner_id, asset, amount, 'WRITTEN_OFF' as kind, decided_at as at,
    decision_record_id as record_id
  from write_offs where status = 'APPROVED'
  union all
  select agreement_id, programme_id, partner_id, asset, amount, 'REPAID', at, record_id from repayments
  union all
  select agreement_id, programme_id, partner_id, asset, amount, 'OPENING', cut_over - interval '1 millisecond',
    decision_record_id
  from approved_opening_lines where kind = 'CARRIED';
