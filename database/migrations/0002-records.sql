-- The append-only log under everything. Its order is (tx_id, id), which is drawn by the sealer, never by writers.
create table records (
  id uuid not null,
  tx_id xid8 not null default pg_current_xact_id(),
  kind text not null,
  -- canonical JSON (RFC 8785) of version, id, kind, actor, time, data and what is personal (as ciphertext)
  body text not null,
  salt bytea not null,
  -- the partner who may have the body and salt
  partner_id uuid,
  recorded_at timestamptz not null,
  constraint records_pkey primary key (id),
  constraint records_salt_length check (octet_length(salt) = 16)
);
create index records_order on records (tx_id, id);
create index records_of_partner on records (partner_id, id) where partner_id is not null;
select guard_append_only('records');

-- One key for each customer: destroying it makes unreadable what is personal in the customer's records.
create table customer_keys (
  customer_id uuid not null,
  wrapped bytea,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  constraint customer_keys_pkey primary key (customer_id),
  constraint customer_keys_erased check ((wrapped is null) = (erased_at is not null))
);
grant update (wrapped, erased_at) on customer_keys to tributary_app;
