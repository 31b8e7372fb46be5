-- What banks say, and how it is tied to what we say (docs/reconciliation.md). Rows are projections of the records of the kinds
-- 'bank_statement', 'bank_match' and 'bank_break'. Who paid or was paid, and what they wrote, is sealed (AES-256-GCM).

-- One statement of a file. The same file again is the same statement.
create table bank_statements (
  id uuid not null,
  own_account_id uuid not null,
  asset text not null,
  -- the bank's own name and number of it
  reference text,
  sequence text,
  made_at timestamptz,
  opening_on date,
  opening numeric(38,0),
  closing_on date,
  closing numeric(38,0),
  -- SHA-256 of the file's bytes
  file_digest text not null,
  -- entries that it has, those of them that were not known before, and lines that are no booked money
  entries integer not null,
  added integer not null,
  passed_over integer not null,
  imported_by text not null,
  imported_at timestamptz not null,
  record_id uuid not null,
  constraint bank_statements_pkey primary key (id),
  constraint bank_statements_balances check (
    num_nonnulls(opening_on, opening) in (0, 2) and num_nonnulls(closing_on, closing) in (0, 2)
  ),
  constraint bank_statements_counts check (entries >= added and added >= 0 and passed_over >= 0)
);
create index bank_statements_by_closing on bank_statements (own_account_id, closing_on, id);
select guard_append_only('bank_statements');

-- One piece of money that moved at the bank, once however often it is told: an entry, a payment of an entry for many, or the
-- charges within it.
create table bank_entries (
  id uuid not null,
  own_account_id uuid not null,
  -- which told it first
  statement_id uuid not null,
  -- a keyed digest of what tells the bank's entry apart, and the place within it
  identity text collate "C" not null,
  part integer not null,
  kind text not null,
  asset text not null,
  -- positive came in
  amount numeric(38,0) not null,
  booked_on date not null,
  valued_on date,
  reversal boolean not null,
  bank_reference text,
  entry_reference text,
  bank_code text,
  end_to_end_id text,
  instruction_id text,
  message_id text,
  payment_information_id text,
  transaction_id text,
  return_reason text,
  -- the last characters of the other side's account, and a keyed digest of all of it
  counterparty_masked text,
  counterparty_digest text collate "C",
  sealed bytea not null,
  imported_at timestamptz not null,
  record_id uuid not null,
  constraint bank_entries_pkey primary key (id),
  constraint bank_entries_once unique (own_account_id, identity, part),
  constraint bank_entries_kind check (kind in ('PAYMENT', 'CHARGE')),
  constraint bank_entries_amount check (amount <> 0),
  constraint bank_entries_identity_form check (identity ~ '^[0-9a-f]{64}$' and part >= 0),
  constraint bank_entries_sealed check (octet_length(sealed) > 28)
);
create index bank_entries_in_time on bank_entries (own_account_id, booked_on, id);
create index bank_entries_of_statement on bank_entries (statement_id);
create index bank_entries_by_reference on bank_entries (own_account_id, bank_reference) where bank_reference is not null;
select guard_append_only('bank_entries');

-- What became of an entry. One without a row here is not in the journal.
create table bank_matches (
  entry_id uuid not null,
  how text not null,
  -- settled or returned by it
  payout_ids uuid[] not null default '{}',
  -- the account of the journal against which it was booked
  account text,
  break_id uuid,
  reason text,
  proposed_by text,
  decided_by text not null,
  decided_at timestamptz not null,
  record_id uuid not null,
  constraint bank_matches_pkey primary key (entry_id),
  constraint bank_matches_entry_fkey foreign key (entry_id) references bank_entries (id),
  constraint bank_matches_how check (how in (
    'END_TO_END', 'REFERENCE', 'BATCH', 'AMOUNT', 'BY_HAND', 'CHARGE', 'BOOKED', 'WRITTEN_OFF', 'LINKED', 'SET_ASIDE'
  )),
  constraint bank_matches_two_persons check (
    proposed_by <> decided_by and (how not in ('BOOKED', 'WRITTEN_OFF', 'SET_ASIDE') or proposed_by is not null)
  )
);
select guard_append_only('bank_matches');

-- Entries of the journal on an account Bank:<code> that stand for what the bank said: each for one thing.
create table bank_postings (
  journal_entry_id uuid not null,
  own_account_id uuid not null,
  entry_id uuid,
  -- a gap between balances that was booked
  break_id uuid,
  amount numeric(38,0) not null,
  constraint bank_postings_pkey primary key (journal_entry_id),
  constraint bank_postings_for_one check (num_nonnulls(entry_id, break_id) = 1),
  constraint bank_postings_amount check (amount <> 0)
);
create index bank_postings_of_account on bank_postings (own_account_id);
create index bank_postings_of_entry on bank_postings (entry_id) where entry_id is not null;
select guard_append_only('bank_postings');

-- What does not fit, until somebody or something resolves it.
create table bank_breaks (
  id uuid not null,
  -- counts the records about it, from 0
  step integer not null default 0,
  kind text not null,
  own_account_id uuid not null,
  asset text not null,
  entry_id uuid,
  payout_id uuid,
  -- of a gap: at which closing balance
  gap_on date,
  amount numeric(38,0) not null,
  about text not null,
  owner text,
  status text not null default 'OPEN',
  opened_at timestamptz not null,
  -- what one person proposes, until another one decides
  proposal text,
  proposed_account text,
  proposed_reason text,
  proposed_by text,
  proposed_at timestamptz,
  resolution text,
  resolved_by text,
  resolved_at timestamptz,
  -- the last record about it
  record_id uuid not null,
  constraint bank_breaks_pkey primary key (id),
  constraint bank_breaks_kind check (kind in (
    'AMOUNT_DIFFERS', 'ACCOUNT_DIFFERS', 'AMBIGUOUS', 'DUPLICATE', 'NOT_IN_LEDGER', 'RETURN_UNMATCHED', 'NOT_AT_BANK',
    'BALANCE_GAP'
  )),
  constraint bank_breaks_about_one check (
    case kind when 'BALANCE_GAP' then gap_on is not null and entry_id is null
      when 'NOT_AT_BANK' then payout_id is not null and entry_id is null
      else entry_id is not null end
  ),
  constraint bank_breaks_status check (status in ('OPEN', 'RESOLVED')),
  constraint bank_breaks_resolved check (
    num_nonnulls(resolution, resolved_by, resolved_at) = case status when 'RESOLVED' then 3 else 0 end
  ),
  constraint bank_breaks_proposed check (
    num_nonnulls(proposal, proposed_reason, proposed_by, proposed_at) in (0, 4)
    and (proposal is null or proposal in ('BOOKED', 'WRITTEN_OFF', 'SET_ASIDE'))
    and (proposed_account is not null) = coalesce(proposal = 'BOOKED', false)
  )
);
create unique index bank_breaks_one_of_entry on bank_breaks (entry_id) where status = 'OPEN' and entry_id is not null;
create unique index bank_breaks_one_of_payout on bank_breaks (payout_id)
  where status = 'OPEN' and kind = 'NOT_AT_BANK';
create unique index bank_breaks_one_of_gap on bank_breaks (own_account_id, gap_on)
  where status = 'OPEN' and kind = 'BALANCE_GAP';
create index bank_breaks_open on bank_breaks (own_account_id, id) where status = 'OPEN';
create trigger append_only before delete or truncate on bank_breaks for each statement execute function refuse_change();
create trigger append_only_columns before update of id, own_account_id, asset, entry_id, gap_on, opened_at on bank_breaks
  for each statement execute function refuse_change();
create trigger bank_breaks_resolved_once before update on bank_breaks for each row
  when (old.status = 'RESOLVED') execute function refuse_change();
grant update (step, kind, payout_id, amount, about, owner, status, proposal, proposed_account, proposed_reason, proposed_by,
  proposed_at, resolution, resolved_by, resolved_at, record_id) on bank_breaks to tributary_app;

-- Published: payouts about which a break is open.
create view payouts_in_break as
  select distinct payout_id from bank_breaks where status = 'OPEN' and payout_id is not null;
