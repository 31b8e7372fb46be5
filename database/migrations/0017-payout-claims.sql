-- Payouts that partners claim on a chain (docs/payout-claims.md): where they want the money, and the rounds in which it is
-- given out. Rows are projections of the records of the kinds 'payout_address', 'payout_round' and 'payout_claim'.

-- An account on a chain that one person entered and another one verified. A new one is a new row, verified anew.
create table payout_addresses (
  id uuid not null,
  partner_id uuid not null,
  -- with its checksum in upper and lower case (EIP-55)
  account text not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  verified_by text,
  verified_at timestamptz,
  -- the last record about it
  record_id uuid not null,
  constraint payout_addresses_pkey primary key (id),
  constraint payout_addresses_account check (account ~ '^0x[0-9a-fA-F]{40}$'),
  constraint payout_addresses_verified check (num_nonnulls(verified_by, verified_at) in (0, 2)),
  constraint payout_addresses_two_persons check (verified_by <> proposed_by)
);
create index payout_addresses_of_partner on payout_addresses (partner_id, id);
grant update (verified_by, verified_at, record_id) on payout_addresses to tributary_app;
create trigger append_only before delete or truncate on payout_addresses
  for each statement execute function refuse_change();
create trigger append_only_columns before update of id, partner_id, account, proposed_by, proposed_at on payout_addresses
  for each statement execute function refuse_change();
create trigger verified_once before update on payout_addresses for each row
  when (old.verified_at is not null) execute function refuse_change();

-- The account that is in force for each partner: the one verified last.
create view verified_payout_addresses as
  select distinct on (partner_id) partner_id, id as address_id, account
  from payout_addresses where verified_at is not null order by partner_id, id desc;

-- A round: which statements are given out, as the root that stands in the contract.
create table payout_rounds (
  id uuid not null,
  asset text not null,
  chain_id numeric(38,0) not null,
  -- the distributor
  contract text not null,
  token text not null,
  -- the round in that contract: never given twice, also when a round is cancelled
  number bigint not null,
  root bytea not null,
  total numeric(38,0) not null,
  claims integer not null,
  -- last second in which the contract pays
  deadline timestamptz not null,
  status text not null default 'PLANNED',
  planned_by text not null,
  planned_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  -- every event of the round up to this block has been booked
  seen_block bigint not null,
  -- the last record about it
  record_id uuid not null,
  constraint payout_rounds_pkey primary key (id),
  constraint payout_rounds_number_key unique (chain_id, contract, number),
  constraint payout_rounds_addresses check (contract ~ '^0x[0-9a-fA-F]{40}$' and token ~ '^0x[0-9a-fA-F]{40}$'),
  constraint payout_rounds_amounts check (total > 0 and claims > 0 and number > 0),
  constraint payout_rounds_root_length check (octet_length(root) = 32),
  constraint payout_rounds_status check (
    status in ('PLANNED', 'APPROVED', 'FUNDING', 'FUNDED', 'CLOSED', 'SWEPT', 'CANCELLED')
  ),
  constraint payout_rounds_approved check (
    num_nonnulls(approved_by, approved_at) in (0, 2)
    and (approved_at is not null or status in ('PLANNED', 'CANCELLED'))
  ),
  constraint payout_rounds_two_persons check (approved_by <> planned_by)
);
create index payout_rounds_open on payout_rounds (chain_id, contract) where status in ('FUNDING', 'FUNDED');
grant update (status, approved_by, approved_at, seen_block, record_id) on payout_rounds to tributary_app;
create trigger append_only before delete or truncate on payout_rounds for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, asset, chain_id, contract, token, number, root, total, claims, deadline, planned_by, planned_at on payout_rounds
  for each statement execute function refuse_change();

-- A leaf: one statement that is given out in a round.
create table payout_claims (
  round_id uuid not null,
  -- the leaf's place, from 0
  index integer not null,
  statement_id uuid not null,
  partner_id uuid not null,
  account text not null,
  amount numeric(38,0) not null,
  salt bytea not null,
  -- the siblings from the leaf up, 32 bytes each
  proof bytea not null,
  -- given out, or to be: false once the round is cancelled or the money came back
  live boolean not null default true,
  claimed_at timestamptz,
  claimed_tx text,
  returned_at timestamptz,
  constraint payout_claims_pkey primary key (round_id, index),
  constraint payout_claims_round_fkey foreign key (round_id) references payout_rounds (id),
  constraint payout_claims_amount check (amount > 0 and index >= 0),
  constraint payout_claims_salt_length check (octet_length(salt) = 32 and octet_length(proof) % 32 = 0),
  constraint payout_claims_ends check (
    num_nonnulls(claimed_at, claimed_tx) in (0, 2) and num_nonnulls(claimed_at, returned_at) < 2
    and (returned_at is null or not live) and (claimed_at is null or live)
  )
);
create unique index payout_claims_once on payout_claims (statement_id) where live;
create index payout_claims_of_statement on payout_claims (statement_id, round_id);
grant update (live, claimed_at, claimed_tx, returned_at) on payout_claims to tributary_app;
create trigger append_only before delete or truncate on payout_claims for each statement execute function refuse_change();
create trigger append_only_columns before update of
  round_id, index, statement_id, partner_id, account, amount, salt, proof on payout_claims
  for each statement execute function refuse_change();

-- Transactions of a round, signed and kept before they are sent. What is true is what the contract says: nothing here is a
-- record, and losing it costs a transaction that the contract refuses.
create table payout_attempts (
  round_id uuid not null,
  step text not null,
  -- counts from 1: of two processes that sign at once, one keeps its transaction
  number integer not null,
  nonce bigint not null,
  max_fee numeric(38,0) not null,
  priority_fee numeric(38,0) not null,
  hash text not null,
  signed bytea not null,
  signed_at timestamptz not null,
  constraint payout_attempts_pkey primary key (round_id, step, number),
  constraint payout_attempts_round_fkey foreign key (round_id) references payout_rounds (id),
  constraint payout_attempts_step check (step in ('APPROVE', 'OPEN', 'SWEEP')),
  constraint payout_attempts_hash check (hash ~ '^0x[0-9a-f]{64}$')
);
select guard_append_only('payout_attempts');
