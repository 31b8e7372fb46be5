-- What the edge must remember for a while, agreed between processes. None of it is a record: the application's role may
-- change it and sweeps it when it has expired.

-- State of the authorization server, one row for each thing that it keeps (replayed assertions, requests, grants…).
create table oauth_state (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  user_code text,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  constraint oauth_state_pkey primary key (model, id)
);
create index oauth_state_of_grant on oauth_state (grant_id) where grant_id is not null;
create index oauth_state_by_uid on oauth_state (model, uid) where uid is not null;
create index oauth_state_by_user_code on oauth_state (model, user_code) where user_code is not null;
create index oauth_state_expiry on oauth_state (expires_at);
grant update, delete on oauth_state to tributary_app;

-- DPoP proofs that were used at our APIs (RFC 9449 §11.1): SHA-256 over the proof's key and its jti.
create table dpop_replays (
  proof bytea not null,
  expires_at timestamptz not null,
  constraint dpop_replays_pkey primary key (proof),
  constraint dpop_replays_digest check (octet_length(proof) = 32)
);
create index dpop_replays_expiry on dpop_replays (expires_at);
grant update, delete on dpop_replays to tributary_app;

-- Keys with which this installation signs tokens. The private half is wrapped under the keyring.
create table signing_keys (
  kid text not null,
  use text not null,
  wrapped bytea not null,
  public_jwk jsonb not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  constraint signing_keys_pkey primary key (kid),
  constraint signing_keys_use check (use in ('oauth', 'development-issuer'))
);
-- One key signs at a time, also when two processes start together.
create unique index signing_keys_current on signing_keys (use) where retired_at is null;
grant update (retired_at) on signing_keys to tributary_app;
