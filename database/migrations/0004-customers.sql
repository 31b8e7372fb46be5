-- Customers, what is known of them, what they agreed to share, and who read what.

-- A customer is known by the broker's opaque account key, never by name, phone or id number.
create table customers (
  id uuid not null,
  account_key text collate "C" not null,
  -- made up for partners in the sandbox, who may read no other
  synthetic boolean not null default false,
  created_at timestamptz not null default now(),
  constraint customers_pkey primary key (id),
  constraint customers_account_key_key unique (account_key),
  constraint customers_account_key_length check (char_length(account_key) between 1 and 128)
);

-- What a tag means, and in which granularities it may be shared. Its meaning never changes: consents refer to it.
create table tag_definitions (
  key text collate "C" not null,
  label_en text not null,
  label_zh text not null,
  category text not null,
  type text not null,
  -- the values of an ENUM, in their order
  values text[],
  unit text,
  sensitivity text not null,
  legal_basis text not null,
  granularities text[] not null,
  -- [{ "upTo": "…", "label": "…" }, …, { "label": "…" }]: ascending, inclusive, the last one open
  bands jsonb,
  -- { "atLeast": "…" } or { "in": ["…"] }
  flag jsonb,
  created_at timestamptz not null default now(),
  -- no new consents and no reads from then on
  retired_at timestamptz,
  constraint tag_definitions_pkey primary key (key),
  constraint tag_definitions_key_form check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint tag_definitions_type check (type in ('TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'ENUM', 'DATE')),
  constraint tag_definitions_values check ((type = 'ENUM') = (values is not null)),
  constraint tag_definitions_sensitivity check (sensitivity in ('NORMAL', 'HIGH')),
  constraint tag_definitions_granularities
    check (cardinality(granularities) > 0 and granularities <@ array['exact', 'band', 'flag']),
  constraint tag_definitions_bands check (('band' = any (granularities)) = (bands is not null)),
  constraint tag_definitions_flag check (('flag' = any (granularities)) = (flag is not null))
);
grant update (label_en, label_zh, category, legal_basis, retired_at) on tag_definitions to tributary_app;

-- What is known of a customer now. Tags are no records: they are replaced in place, hence room in each page.
-- Keyed by the customer first, so that the table can be spread over machines. There are no foreign keys, because an
-- import writes millions of rows by joining both tables, and neither customers nor definitions are ever deleted.
create table tags (
  customer_id uuid not null,
  tag_key text collate "C" not null,
  value text not null,
  source text not null,
  observed_at timestamptz not null,
  constraint tags_pkey primary key (customer_id, tag_key),
  constraint tags_value_length check (char_length(value) <= 500)
) with (fillfactor = 90);
grant update (value, source, observed_at) on tags to tributary_app;

-- What data may be asked for, and which tags may be asked for it.
create table purposes (
  key text collate "C" not null,
  name_en text not null,
  name_zh text not null,
  description text not null,
  tag_keys text[] not null,
  created_at timestamptz not null default now(),
  constraint purposes_pkey primary key (key),
  constraint purposes_key_form check (key ~ '^[A-Z][A-Z0-9_]{0,62}$')
);
grant update (name_en, name_zh, tag_keys) on purposes to tributary_app;

-- The pairwise pseudonym under which one partner knows one customer, made at the first consent.
create table subjects (
  subject text collate "C" not null,
  partner_id uuid not null,
  customer_id uuid not null,
  key_version smallint not null,
  created_at timestamptz not null default now(),
  constraint subjects_pkey primary key (subject),
  constraint subjects_customer_fkey foreign key (customer_id) references customers (id),
  constraint subjects_one_per_partner unique (partner_id, customer_id)
);
create index subjects_of_partner on subjects (partner_id, subject);

-- A projection of 'consent' records: who lets whom read, for what, until when.
-- A consent past its expiry may still stand here as AUTHORISED: whoever reads compares with the database's clock.
create table consents (
  id uuid not null,
  customer_id uuid not null,
  partner_id uuid not null,
  purpose text collate "C" not null,
  status text not null default 'AUTHORISED',
  granted_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- counts the changes
  version integer not null default 1,
  evidence jsonb not null,
  -- the record that made it what it is
  record_id uuid not null,
  constraint consents_pkey primary key (id),
  constraint consents_customer_fkey foreign key (customer_id) references customers (id),
  constraint consents_purpose_fkey foreign key (purpose) references purposes (key),
  constraint consents_status check (status in ('AUTHORISED', 'REVOKED', 'SUPERSEDED', 'EXPIRED')),
  constraint consents_ended check ((status = 'AUTHORISED') = (ended_at is null)),
  constraint consents_expire_later check (expires_at > granted_at)
);
-- At most one that counts for a customer, partner and purpose; it is also the way by which reads find it.
create unique index consents_one_authorised on consents (customer_id, partner_id, purpose) where status = 'AUTHORISED';
create index consents_of_customer on consents (customer_id, id);
grant update (status, ended_at, version, record_id) on consents to tributary_app;

-- A consent ends once. Nothing that was ended comes back to life: the customer gives a new one.
create function refuse_reviving() returns trigger language plpgsql as $$
begin
  raise exception 'consent % has ended and cannot change any more', old.id
    using errcode = 'restrict_violation', constraint = 'consents_end_once';
end
$$;
create trigger consents_end_once before update on consents
  for each row when (old.status <> 'AUTHORISED') execute function refuse_reviving();

-- What a consent covers. It never changes: narrowing is a new consent that supersedes the old one.
create table consent_tags (
  consent_id uuid not null,
  tag_key text collate "C" not null,
  granularity text not null,
  constraint consent_tags_pkey primary key (consent_id, tag_key),
  constraint consent_tags_consent_fkey foreign key (consent_id) references consents (id),
  constraint consent_tags_tag_fkey foreign key (tag_key) references tag_definitions (key),
  constraint consent_tags_granularity check (granularity in ('exact', 'band', 'flag'))
);
select guard_append_only('consent_tags');

-- The trace of every read of a customer's data, also of those that got nothing. Partitioned by month (UTC).
create table disclosures (
  id uuid not null,
  at timestamptz not null,
  -- order of commit for those who take disclosures into the log by batches, as in records
  tx_id xid8 not null default pg_current_xact_id(),
  partner_id uuid not null,
  client_id uuid not null,
  -- null when the subject is not one of this partner's
  customer_id uuid,
  subject text collate "C" not null,
  purpose text collate "C" not null,
  consent_id uuid,
  -- what the answer held, each 'key:granularity'
  tags text[] not null,
  outcome text not null,
  request_id text not null,
  constraint disclosures_pkey primary key (at, id),
  constraint disclosures_outcome check (outcome in ('disclosed', 'nothing')),
  constraint disclosures_under_consent
    check (outcome = 'nothing' or (customer_id is not null and consent_id is not null and cardinality(tags) > 0))
) partition by range (at);
create index disclosures_of_customer on disclosures (customer_id, at, id) where customer_id is not null;
select guard_append_only('disclosures');

-- Statement triggers fire on the table that is named only, so each partition has a guard of its own.
create table disclosures_other partition of disclosures default;
select guard_append_only('disclosures_other');

-- Makes the partitions of this month and of the months ahead that are missing; returns how many it made.
-- It acts with its owner's rights, since the application owns no table.
create function ensure_disclosure_partitions(months integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  this_month timestamp := date_trunc('month', now() at time zone 'UTC');
  first_day timestamp;
  partition_name text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('ensure_disclosure_partitions'));
  for ahead in 0..least(greatest(months, 0), 120) loop
    first_day := this_month + make_interval(months => ahead);
    partition_name := to_char(first_day, '"disclosures_"YYYY_MM');
    continue when to_regclass(partition_name) is not null;
    begin
      execute format('create table %I partition of disclosures for values from (%L) to (%L)',
        partition_name, first_day || '+00', (first_day + interval '1 month') || '+00');
      perform guard_append_only(partition_name::regclass);
      made := made + 1;
    exception when check_violation then
      null; -- rows of that month are in the default partition already, where the rest of it goes as well
    end;
  end loop;
  return made;
end
$$;
revoke execute on function ensure_disclosure_partitions(integer) from public;
grant execute on function ensure_disclosure_partitions(integer) to tributary_app;
select ensure_disclosure_partitions(24);

-- For the other folders.
create view customer_accounts as
  select id as customer_id, account_key, synthetic from customers;
create view partner_subjects as
  select subject, partner_id, customer_id from subjects;
