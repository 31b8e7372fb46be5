-- Payouts by bank (docs/payouts.md): statements that are paid together from one account of ours, and each attempt to pay a
-- statement or a part of one. Rows are projections of the records of the kinds 'payout_batch' and 'payout'.

create table payout_batches (
  id uuid not null,
  asset text not null,
  -- code of the account of ours that pays
  own_account text not null,
  execution_date date not null,
  -- how many payouts there are in it, and the sum of their transfers
  payouts integer not null,
  total numeric(38,0) not null,
  status text not null default 'DRAFT',
  -- counts the records about it, from 0
  step integer not null default 0,
  prepared_by text not null,
  prepared_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  instructed_by text,
  instructed_at timestamptz,
  sent_by text,
  sent_at timestamptz,
  -- why it was cancelled
  reason text,
  -- the last record about it
  record_id uuid not null,
  constraint payout_batches_pkey primary key (id),
  constraint payout_batches_amounts check (total > 0 and payouts > 0),
  constraint payout_batches_status check (status in ('DRAFT', 'APPROVED', 'INSTRUCTED', 'SENT', 'DONE', 'CANCELLED')),
  constraint payout_batches_steps check (
    num_nonnulls(approved_by, approved_at) in (0, 2) and num_nonnulls(instructed_by, instructed_at) in (0, 2)
    and num_nonnulls(sent_by, sent_at) in (0, 2)
    and (approved_at is not null or status in ('DRAFT', 'CANCELLED'))
    and (instructed_at is not null) = (status in ('INSTRUCTED', 'SENT', 'DONE'))
    and (sent_at is not null or status <> 'SENT') and (sent_at is null or status in ('SENT', 'DONE'))
    and (reason is not null) = (status = 'CANCELLED')
  ),
  constraint payout_batches_two_persons check (approved_by <> prepared_by)
);
create index payout_batches_by_status on payout_batches (status, id);
grant update (status, step, approved_by, approved_at, instructed_by, instructed_at, sent_by, sent_at, reason, record_id)
  on payout_batches to tributary_app;
create trigger append_only before delete or truncate on payout_batches for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, asset, own_account, execution_date, payouts, total, prepared_by, prepared_at on payout_batches
  for each statement execute function refuse_change();
create trigger payout_batches_end before update on payout_batches for each row
  when (old.status in ('DONE', 'CANCELLED')) execute function refuse_change();

-- One attempt to pay a statement, or a part of it while the rest is disputed.
create table payouts (
  id uuid not null,
  batch_id uuid not null,
  -- place within the batch, from 1
  place integer not null,
  statement_id uuid not null,
  partner_id uuid not null,
  asset text not null,
  -- counts over the statement, from 1
  attempt integer not null,
  -- before tax
  gross numeric(38,0) not null,
  vat numeric(38,0) not null,
  withholding numeric(38,0) not null,
  -- what goes to the bank
  transfer numeric(38,0) not null,
  -- the partner's bank account
  account_id uuid not null,
  end_to_end_id text collate "C" not null,
  status text not null default 'DRAFT',
  -- paid, or may yet be: what is not may be paid by another attempt
  live boolean not null generated always as (status not in ('REJECTED', 'RETURNED', 'CANCELLED')) stored,
  -- counts the records about it, from 0
  step integer not null default 0,
  prepared_by text not null,
  prepared_at timestamptz not null,
  -- the bank's time, and its entry
  settled_at timestamptz,
  settled_entry_id uuid,
  -- rejected or returned: the bank's time, and its entry where there is one
  ended_at timestamptz,
  ended_entry_id uuid,
  -- why it is unknown, was rejected, returned or cancelled
  reason text,
  -- of an unknown one: what a person found out from the bank, until another person agrees
  found_outcome text,
  found_evidence text,
  found_by text,
  found_at timestamptz,
  -- the last record about it
  moved_at timestamptz not null,
  record_id uuid not null,
  constraint payouts_pkey primary key (id),
  constraint payouts_batch_fkey foreign key (batch_id) references payout_batches (id),
  constraint payouts_place_key unique (batch_id, place),
  constraint payouts_attempt_key unique (statement_id, attempt),
  constraint payouts_end_to_end_key unique (end_to_end_id),
  constraint payouts_end_to_end_form check (end_to_end_id ~ '^[0-9A-Za-z]{1,35}$'),
  constraint payouts_amounts check (
    gross > 0 and vat >= 0 and withholding >= 0 and transfer > 0 and transfer = gross + vat - withholding
    and attempt between 1 and 999 and place > 0
  ),
  constraint payouts_status check (status in (
    'DRAFT', 'APPROVED', 'INSTRUCTED', 'SENT', 'SETTLED', 'REJECTED', 'RETURNED', 'UNKNOWN', 'CANCELLED'
  )),
  constraint payouts_ends check (
    num_nonnulls(settled_at, settled_entry_id) in (0, 2)
    and (settled_at is null or status in ('SETTLED', 'RETURNED')) and (settled_at is not null or status <> 'SETTLED')
    and (ended_at is not null) = (status in ('REJECTED', 'RETURNED')) and (ended_entry_id is null or ended_at is not null)
    and (status <> 'RETURNED' or ended_entry_id is not null)
    and (reason is not null) = (status in ('UNKNOWN', 'REJECTED', 'RETURNED', 'CANCELLED'))
  ),
  constraint payouts_findings check (
    num_nonnulls(found_outcome, found_evidence, found_by, found_at) in (0, 4)
    and (found_outcome is null or found_outcome in ('EXECUTED', 'NOT_EXECUTED'))
    and (found_at is null or status = 'UNKNOWN')
  )
);
create index payouts_of_statement on payouts (statement_id) include (gross, vat, withholding) where live;
create index payouts_of_partner on payouts (partner_id, id);
create index payouts_under_way on payouts (moved_at) where status in ('INSTRUCTED', 'SENT', 'UNKNOWN');
grant update (status, step, settled_at, settled_entry_id, ended_at, ended_entry_id, reason, found_outcome, found_evidence,
  found_by, found_at, moved_at, record_id) on payouts to tributary_app;
create trigger append_only before delete or truncate on payouts for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, batch_id, place, statement_id, partner_id, asset, attempt, gross, vat, withholding, transfer, account_id,
  end_to_end_id, prepared_by, prepared_at on payouts
  for each statement execute function refuse_change();
-- what ended stays so: another attempt is another row
create trigger payouts_end before update on payouts for each row
  when (old.status in ('REJECTED', 'RETURNED', 'CANCELLED') and new.status <> old.status) execute function refuse_change();

-- A statement is never paid more than it says, nor by bank and on a chain at once. Its row is held, so that of two that pay
-- it at once the second sees what the first did.
create function refuse_overpayment() returns trigger language plpgsql as $$
declare
  found uuid;
begin
  perform from statements s where s.id in (select statement_id from added) order by s.id for no key update;
  select a.statement_id into found from (select distinct statement_id from added) a
  left join statements s on s.id = a.statement_id and s.issued_at is not null
  where coalesce(s.payout, -1) < (select sum(p.gross) from payouts p where p.statement_id = a.statement_id and p.live)
    or exists (
      select from payouts p join payout_claims c on c.statement_id = p.statement_id and c.live
      where p.statement_id = a.statement_id and p.live
    )
  limit 1;
  if found is not null then
    raise exception 'the statement % would be paid more than once', found
      using errcode = 'restrict_violation', constraint = 'statements_are_paid_once';
  end if;
  return null;
end
$$;
create trigger statements_are_paid_once after insert on payouts
  referencing new table as added for each statement execute function refuse_overpayment();
create trigger statements_are_paid_once after insert on payout_claims
  referencing new table as added for each statement execute function refuse_overpayment();

-- Who had a batch's file made, and when. What the file holds is kept nowhere: `fingerprint` is its HMAC under a key of ours,
-- by which it is known again.
create table payout_files (
  batch_id uuid not null,
  format text not null,
  fingerprint text not null,
  made_by text not null,
  made_at timestamptz not null,
  record_id uuid not null,
  constraint payout_files_pkey primary key (record_id),
  constraint payout_files_format check (format in ('PAIN_001', 'CSV')),
  constraint payout_files_fingerprint check (fingerprint ~ '^[0-9a-f]{64}$')
);
create index payout_files_of_batch on payout_files (batch_id, made_at);
select guard_append_only('payout_files');

create index statements_to_pay on statements (asset, id) where issued_at is not null and payout > 0;

-- How much of a statement's payout (before tax) is in payouts that are paid or may yet be, and is settled.
create view statement_payments as
  select statement_id, coalesce(sum(gross) filter (where live), 0) as given,
    coalesce(sum(gross) filter (where status = 'SETTLED'), 0) as settled,
    count(*) filter (where status in ('INSTRUCTED', 'SENT', 'UNKNOWN')) as under_way
  from payouts group by statement_id;

-- What tax of a statement the journal has, whoever paid it: it is posted once, in parts where it is paid in parts.
create view statement_tax_posted as
  select s.id as statement_id, t.vat, t.withholding
  from statements s
  cross join lateral (
    select coalesce(sum(p.amount) filter (where a.path = 'Tax:InputVAT'), 0) as vat,
      coalesce(-sum(p.amount) filter (where a.path = 'Tax:Withholding'), 0) as withholding
    from (values ('vat'), ('withholding')) as tax (name)
    join journal_entries e on e.reference >= 'statement:sta_' || replace(s.id::text, '-', '') || ':' || tax.name
      and e.reference < 'statement:sta_' || replace(s.id::text, '-', '') || ':' || tax.name || ';'
    join postings p on p.entry_id = e.id
    join accounts a on a.id = p.account_id
  ) t;

-- By bank as well: see 0033.
create or replace view statements_in_payment as
  select c.statement_id from payout_claims c where c.live
  union all
  select p.statement_id from payouts p where p.live;

-- Payouts by bank are on their way beside those on a chain.
create or replace view statements_in_payment as
  select c.statement_id from payout_claims c where c.live
  union all select p.statement_id from payouts p where p.live;
