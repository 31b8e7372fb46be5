-- Disclosures enter the log as the roots of their batches, in commit order.

-- The order in which batches take them; each partition, also one that is made later, gets its own.
create index disclosures_order on disclosures (tx_id, id);

-- Where the batches stand: its lock is the turn, which readers of customers' data never take.
-- What stands before the head is done: nothing of it is looked at again.
create table disclosure_head (
  one boolean not null default true,
  batch bigint not null default 0,
  -- the last disclosure taken, in the order
  tx_id xid8 not null default '0',
  disclosure_id uuid not null default '00000000-0000-0000-0000-000000000000',
  constraint disclosure_head_pkey primary key (one),
  constraint disclosure_head_one check (one)
);
insert into disclosure_head default values;
grant update (batch, tx_id, disclosure_id) on disclosure_head to tributary_app;
create trigger disclosure_head_stays before delete or truncate on disclosure_head
  for each statement execute function refuse_change();

-- Each batch: from behind the one before it through its last disclosure.
create table disclosure_batches (
  batch bigint not null,
  through_tx xid8 not null,
  through_id uuid not null,
  count integer not null,
  -- RFC 9162, over SHA-256(salt || row) of each disclosure
  root bytea not null,
  record_id uuid not null,
  constraint disclosure_batches_pkey primary key (batch),
  constraint disclosure_batches_order unique (through_tx, through_id),
  constraint disclosure_batches_record_key unique (record_id),
  constraint disclosure_batches_positive check (batch > 0 and count > 0),
  constraint disclosure_batches_root_length check (octet_length(root) = 32)
);
select guard_append_only('disclosure_batches');
