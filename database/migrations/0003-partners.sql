-- What each status of a partner entails. It says in SQL what partners/duties.ts says in TypeScript; a test holds the two
-- together. Withdrawing a consent is not a duty of the partner: it works in every status.
create table partner_status_duties (
  status text not null,
  discloses boolean not null,
  synthetic_only boolean not null,
  consents boolean not null,
  reports boolean not null,
  accrues boolean not null,
  pays boolean not null,
  tokens boolean not null,
  webhooks boolean not null,
  constraint partner_status_duties_pkey primary key (status)
);
insert into partner_status_duties
  (status,        discloses, synthetic_only, consents, reports, accrues, pays,  tokens, webhooks) values
  ('APPLIED',     false,     false,          false,    false,   false,   false, false,  false),
  ('ASSESSING',   false,     false,          false,    false,   false,   false, false,  false),
  ('SANDBOX',     true,      true,           true,     true,    false,   false, true,   true),
  ('LIVE',        true,      false,          true,     true,    true,    true,  true,   true),
  ('SUSPENDED',   false,     false,          false,    false,   false,   false, false,  true),
  ('OFFBOARDING', false,     false,          false,    false,   true,    true,  true,   true),
  ('CLOSED',      false,     false,          false,    false,   false,   false, false,  false),
  ('REJECTED',    false,     false,          false,    false,   false,   false, false,  false);
revoke insert on partner_status_duties from tributary_app;

-- The projection of the records of kind 'partner': a row changes only in the transaction that appends its record.
create table partners (
  id uuid not null,
  -- bytewise: it breaks ties wherever partners share
  code text collate "C" not null,
  name text not null,
  kind text not null,
  status text not null,
  synthetic boolean not null default false,
  created_at timestamptz not null,
  constraint partners_pkey primary key (id),
  constraint partners_code_key unique (code),
  constraint partners_code_form check (code ~ '^[a-z][a-z0-9-]{1,39}$'),
  constraint partners_name_length check (length(name) between 1 and 200),
  constraint partners_kind_known check (kind in ('BANK', 'INSURER', 'SCENARIO', 'DATA', 'SERVICE')),
  constraint partners_status_known foreign key (status) references partner_status_duties (status)
);
grant update (status) on partners to tributary_app;

-- An OAuth client of a partner: public keys only. The projection of the records of kind 'client'.
create table clients (
  id uuid not null,
  partner_id uuid not null,
  name text not null,
  jwks jsonb not null,
  scopes text[] not null,
  status text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint clients_pkey primary key (id),
  constraint clients_partner_known foreign key (partner_id) references partners (id),
  constraint clients_name_length check (length(name) between 1 and 200),
  constraint clients_jwks_count check (coalesce(jsonb_array_length(jwks -> 'keys'), 0) between 1 and 10),
  -- the code refuses private keys with a sentence; this is for whatever goes round the code
  constraint clients_jwks_public check (not jsonb_path_exists(jwks,
    '$.keys[*] ? (exists (@.d) || exists (@.p) || exists (@.q) || exists (@.dp) || exists (@.dq) || exists (@.qi) || exists (@.oth) || exists (@.k))')),
  constraint clients_scopes_some check (cardinality(scopes) > 0),
  constraint clients_status_known check (status in ('ACTIVE', 'REVOKED')),
  constraint clients_revoked_when check ((status = 'REVOKED') = (revoked_at is not null))
);
create index clients_of_partner on clients (partner_id, id);
grant update (status, revoked_at) on clients to tributary_app;

-- Published: what each partner may do and is owed at the moment the statement runs.
create view partner_duties as
  select p.id as partner_id, p.code, p.status, d.discloses, d.synthetic_only, d.consents, d.reports, d.accrues, d.pays,
         d.tokens, d.webhooks
  from partners p join partner_status_duties d on d.status = p.status;
