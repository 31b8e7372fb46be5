-- Anchors of the log on a chain (docs/anchoring.md). These tables say what was intended and sent; what is true is what the
-- contract says. Nothing here is a record: losing it costs a few transactions, never the log.

-- One row for each contract: whose turn it is, and what was last seen there.
create table anchor_contracts (
  contract text not null,
  -- the chain that it was first found on; the node must be of that one ever after
  chain_id numeric(38,0),
  -- no process takes a turn before
  next_turn_at timestamptz not null,
  -- turns in a row that ended with the node silent
  failures integer not null default 0,
  -- the head that was seen last: numeric, because somebody else may have written there what no int8 holds
  seen_sequence numeric(20,0) not null default 0,
  seen_size numeric(20,0) not null default 0,
  seen_root bytea not null default '\x0000000000000000000000000000000000000000000000000000000000000000',
  confirmed_size numeric(20,0) not null default 0,
  seen_at timestamptz,
  -- how the last turn ended, and what is in the way
  state text not null default 'CURRENT',
  why text,
  constraint anchor_contracts_pkey primary key (contract),
  constraint anchor_contracts_address check (contract ~ '^0x[0-9a-f]{40}$'),
  constraint anchor_contracts_state check (state in ('CURRENT', 'EARLY', 'SENT', 'PENDING', 'WAITING', 'STOPPED')),
  constraint anchor_contracts_root_length check (octet_length(seen_root) = 32)
);
grant update (chain_id, next_turn_at, failures, seen_sequence, seen_size, seen_root, confirmed_size, seen_at, state,
  why) on anchor_contracts to tributary_app;

-- What is to be published next. Once intended, it does not change: however often it is sent, it says the same.
create table anchor_intents (
  id uuid not null,
  contract text not null,
  sequence numeric(20,0) not null,
  size bigint not null,
  root bytea not null,
  previous_root bytea not null,
  intended_at timestamptz not null,
  -- the contract's head turned out to be another one than it was intended to follow
  superseded_at timestamptz,
  constraint anchor_intents_pkey primary key (id),
  constraint anchor_intents_contract foreign key (contract) references anchor_contracts (contract),
  constraint anchor_intents_size check (size > 0),
  constraint anchor_intents_root_lengths check (octet_length(root) = 32 and octet_length(previous_root) = 32)
);
create unique index anchor_intents_next on anchor_intents (contract, sequence) where superseded_at is null;
create index anchor_intents_by_time on anchor_intents (contract, intended_at, id);
grant update (superseded_at) on anchor_intents to tributary_app;

-- Transactions that publish an intent, signed and kept here before they are sent.
create table anchor_attempts (
  intent_id uuid not null,
  -- counts from 1: of two processes that sign at once, one keeps its transaction
  number integer not null,
  -- the account, and its transactions' count
  publisher text not null,
  nonce bigint not null,
  gas_limit numeric(38,0) not null,
  -- wei for each unit of gas
  max_fee numeric(38,0) not null,
  priority_fee numeric(38,0) not null,
  hash text not null,
  signed bytea not null,
  signed_at timestamptz not null,
  -- when it was last handed to the node, and what the node had against it
  sent_at timestamptz,
  refused text,
  constraint anchor_attempts_pkey primary key (intent_id, number),
  constraint anchor_attempts_intent foreign key (intent_id) references anchor_intents (id),
  constraint anchor_attempts_publisher check (publisher ~ '^0x[0-9a-f]{40}$'),
  constraint anchor_attempts_number check (number > 0),
  constraint anchor_attempts_hash check (hash ~ '^0x[0-9a-f]{64}$')
);
create index anchor_attempts_by_nonce on anchor_attempts (publisher, nonce);
grant update (sent_at, refused) on anchor_attempts to tributary_app;
