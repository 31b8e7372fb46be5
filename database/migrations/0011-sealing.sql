-- The place of each record in the log: gapless, in commit order, drawn by the sealer alone.
-- No foreign key to records: it would lock every record's row again. The verifier looks instead.
create table seals (
  -- counts from 1; the leaf's index in the tree is seq - 1
  seq bigint not null,
  record_id uuid not null,
  -- SHA-256(salt || body), the entry of the public log
  commitment bytea not null,
  constraint seals_pkey primary key (seq),
  constraint seals_record_key unique (record_id),
  constraint seals_seq_positive check (seq > 0),
  constraint seals_commitment_length check (octet_length(commitment) = 32)
);
select guard_append_only('seals');

-- Full tiles of the Merkle tree (C2SP tlog-tiles, height 8): 256 hashes of subtrees of 256^level leaves each.
create table tree_tiles (
  level smallint not null,
  index bigint not null,
  hashes bytea not null,
  constraint tree_tiles_pkey primary key (level, index),
  constraint tree_tiles_full check (octet_length(hashes) = 8192)
);
-- hashes do not compress
alter table tree_tiles alter column hashes set storage external;
select guard_append_only('tree_tiles');

-- Where the sealer stands: its lock is the sealer's turn, which writers never take.
create table seal_head (
  one boolean not null default true,
  size bigint not null default 0,
  -- the last record sealed, in the log's order
  tx_id xid8 not null default '0',
  record_id uuid not null default '00000000-0000-0000-0000-000000000000',
  -- the tiles that are not full yet, one for each level from 0 up
  edge bytea[] not null default '{}',
  constraint seal_head_pkey primary key (one),
  constraint seal_head_one check (one)
);
alter table seal_head alter column edge set storage external;
insert into seal_head default values;
grant update (size, tx_id, record_id, edge) on seal_head to tributary_app;
create trigger seal_head_stays before delete or truncate on seal_head for each statement execute function refuse_change();

-- The key that signs checkpoints, under the name of the log.
create table log_keys (
  name text not null,
  public_key bytea not null,
  -- the private key, encrypted under the keyring
  wrapped bytea not null,
  created_at timestamptz not null,
  constraint log_keys_pkey primary key (name),
  constraint log_keys_public_length check (octet_length(public_key) = 32)
);
select guard_append_only('log_keys');

-- Signed heads of the tree (C2SP tlog-checkpoint).
create table checkpoints (
  size bigint not null,
  root bytea not null,
  signed_note text not null,
  at timestamptz not null,
  constraint checkpoints_pkey primary key (size),
  constraint checkpoints_size check (size >= 0),
  constraint checkpoints_root_length check (octet_length(root) = 32)
);
select guard_append_only('checkpoints');
