-- What partners are told of as it happens (docs/webhooks.md, ADR 0033), and what they attest of data that they have deleted.

-- A projection of 'webhook_endpoint' records: where a partner wants to be told, and of what.
create table webhook_endpoints (
  id uuid not null,
  partner_id uuid not null,
  url text not null,
  types text[] not null,
  status text not null,
  version integer not null,
  created_at timestamptz not null,
  record_id uuid not null,
  constraint webhook_endpoints_pkey primary key (id),
  constraint webhook_endpoints_partner_fkey foreign key (partner_id) references partners (id),
  constraint webhook_endpoints_status check (status in ('ACTIVE', 'REMOVED'))
);
create index webhook_endpoints_of_partner on webhook_endpoints (partner_id);
grant update (url, types, status, version, record_id) on webhook_endpoints to tributary_app;

-- With what deliveries are signed, sealed. One is the newest; those before it sign beside it until they end.
create table webhook_secrets (
  endpoint_id uuid not null,
  version integer not null,
  sealed bytea not null,
  made_at timestamptz not null default now(),
  ends_at timestamptz,
  constraint webhook_secrets_pkey primary key (endpoint_id, version),
  constraint webhook_secrets_endpoint_fkey foreign key (endpoint_id) references webhook_endpoints (id)
);
grant update (ends_at), delete on webhook_secrets to tributary_app;

-- How far the sealed log was read for what partners are told of.
create table webhook_cursor (
  one boolean not null default true,
  seq bigint not null,
  constraint webhook_cursor_pkey primary key (one),
  constraint webhook_cursor_one check (one)
);
grant update (seq) on webhook_cursor to tributary_app;

-- One message to one endpoint, until it was taken. Those with one order key arrive in the order of the log.
create table webhook_deliveries (
  id uuid not null,
  endpoint_id uuid not null,
  partner_id uuid not null,
  seq bigint not null,
  type text not null,
  -- the consent, statement or payout that it is about
  about text collate "C",
  order_key text collate "C" not null,
  body text not null,
  status text not null default 'PENDING',
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  first_sent_at timestamptz,
  delivered_at timestamptz,
  -- why the last attempt was none: a status of HTTP, or a word
  last_error text,
  constraint webhook_deliveries_pkey primary key (id),
  constraint webhook_deliveries_endpoint_fkey foreign key (endpoint_id) references webhook_endpoints (id),
  constraint webhook_deliveries_status check (status in ('PENDING', 'DELIVERED', 'DEAD')),
  constraint webhook_deliveries_delivered check ((status = 'DELIVERED') = (delivered_at is not null))
);
create index webhook_deliveries_waiting on webhook_deliveries (endpoint_id, order_key, seq) where status = 'PENDING';
create index webhook_deliveries_due on webhook_deliveries (next_at) where status = 'PENDING';
create index webhook_deliveries_listed on webhook_deliveries (partner_id, id);
create index webhook_deliveries_about on webhook_deliveries (about, type) where about is not null;
grant update (status, attempts, next_at, first_sent_at, delivered_at, last_error), delete on webhook_deliveries to tributary_app;

-- Published: under which subject a partner knows the customer of a consent.
create view consent_subjects as
  select c.id as consent_id, c.partner_id, s.subject
  from consents c join subjects s on s.customer_id = c.customer_id and s.partner_id = c.partner_id;

-- Published: when a partner was told that a consent ended, and when it said that it had heard.
create view consent_endings_told as
  select d.about as consent, min(d.first_sent_at) as told_at, min(d.delivered_at) as acknowledged_at
  from webhook_deliveries d
  where d.type in ('consent.revoked', 'consent.expired', 'consent.consumed', 'consent.superseded')
  group by d.about;

-- A projection of 'deletion' records: that a partner says that it has deleted what it read under a consent that ended.
create table deletions (
  consent_id uuid not null,
  attested_at timestamptz not null,
  record_id uuid not null,
  constraint deletions_pkey primary key (consent_id),
  constraint deletions_consent_fkey foreign key (consent_id) references consents (id)
);

-- By when a partner has to have deleted what it read under a consent: what the customer revoked within 15 days, what
-- ended otherwise when the time is over for which it may be kept. What was amended goes on under the next version.
create view consent_deletions as
  select c.id as consent_id, c.partner_id, c.customer_id, c.purpose, c.status, c.ended_at,
         c.ended_at + make_interval(days => case
           when c.status = 'REVOKED' then least(coalesce(c.retention_days, 15), 15)
           else coalesce(c.retention_days, 30) end) as due_at,
         d.attested_at
  from consents c left join deletions d on d.consent_id = c.id
  where c.status in ('REVOKED', 'EXPIRED', 'CONSUMED') and c.purpose <> 'SETTLEMENT';
create index consents_ended on consents (ended_at) where status in ('REVOKED', 'EXPIRED', 'CONSUMED');
