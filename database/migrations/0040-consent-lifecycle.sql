-- The life of a consent: asked for, given or refused, suspended and resumed, used up, amended, ended (docs/consents.md).
-- Rows are projections of the records of the kinds 'consent' and 'notice', but for what counts uses, and for receipts' keys.

-- Every move that there is. The code has the same table (customers/consent-moves.ts), and a test compares the two.
create table consent_moves (
  from_status text not null,
  to_status text not null,
  constraint consent_moves_pkey primary key (from_status, to_status)
);
insert into consent_moves values
  ('AWAITING', 'AUTHORISED'), ('AWAITING', 'REJECTED'), ('AWAITING', 'LAPSED'),
  ('AUTHORISED', 'SUSPENDED'), ('AUTHORISED', 'CONSUMED'), ('AUTHORISED', 'EXPIRED'), ('AUTHORISED', 'REVOKED'),
  ('AUTHORISED', 'SUPERSEDED'),
  ('SUSPENDED', 'AUTHORISED'), ('SUSPENDED', 'CONSUMED'), ('SUSPENDED', 'EXPIRED'), ('SUSPENDED', 'REVOKED'),
  ('SUSPENDED', 'SUPERSEDED');
revoke insert on consent_moves from tributary_app;

create function refuse_other_moves() returns trigger language plpgsql as $$
begin
  if not exists (select from consent_moves m where m.from_status = old.status and m.to_status = new.status) then
    raise exception 'a consent does not go from % to %: %', old.status, new.status, old.id
      using errcode = 'restrict_violation', constraint = 'consents_move_by_table';
  end if;
  return new;
end
$$;

-- What customers are told about a purpose, by version. Where a version changes something that matters, consents given under
-- earlier ones count until a time that it sets; without one they go on.
create table notices (
  purpose text collate "C" not null,
  version integer not null,
  earlier_until timestamptz,
  published_at timestamptz not null,
  record_id uuid not null,
  constraint notices_pkey primary key (purpose, version),
  constraint notices_purpose_fkey foreign key (purpose) references purposes (key),
  constraint notices_version check (version > 0)
);
select guard_append_only('notices');

create table notice_texts (
  purpose text collate "C" not null,
  version integer not null,
  locale text collate "C" not null,
  text text not null,
  -- SHA-256 of the text in UTF-8
  hash text not null,
  constraint notice_texts_pkey primary key (purpose, version, locale),
  constraint notice_texts_notice_fkey foreign key (purpose, version) references notices (purpose, version),
  constraint notice_texts_hash check (hash ~ '^[0-9a-f]{64}$')
);
select guard_append_only('notice_texts');

alter table consents
  add column usage text not null default 'RECURRING',
  add column max_per_day integer,
  add column retention_days integer,
  -- 0 where none had been published
  add column notice_version integer not null default 0,
  -- the consent that this one took the place of, and its number in that chain
  add column amends uuid,
  add column edition integer not null default 1,
  add column suspended_by text,
  -- gone when the customer is erased
  alter column evidence drop not null,
  drop constraint consents_status,
  drop constraint consents_ended,
  add constraint consents_status
    check (status in ('AUTHORISED', 'SUSPENDED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'SUPERSEDED')),
  add constraint consents_ended check ((status in ('AUTHORISED', 'SUSPENDED')) = (ended_at is null)),
  add constraint consents_suspended check ((status = 'SUSPENDED') = (suspended_by is not null)),
  add constraint consents_suspended_by check (suspended_by in ('CUSTOMER', 'COMPLIANCE')),
  add constraint consents_usage check (usage in ('RECURRING', 'ONCE')),
  add constraint consents_limits check (
    (max_per_day is null or (max_per_day > 0 and usage = 'RECURRING'))
    and (retention_days is null or retention_days > 0)
  ),
  add constraint consents_amends check ((amends is null) = (edition = 1) and edition > 0);
grant update (suspended_by, evidence) on consents to tributary_app;

-- One that is suspended keeps its place.
drop index consents_one_authorised;
create unique index consents_one_in_place on consents (customer_id, partner_id, purpose)
  where status in ('AUTHORISED', 'SUSPENDED');
create index consents_to_expire on consents (expires_at) where status in ('AUTHORISED', 'SUSPENDED');
create index consents_under_notice on consents (purpose, notice_version) where status in ('AUTHORISED', 'SUSPENDED');

drop trigger consents_end_once on consents;
create trigger consents_end_once before update of status, ended_at, version, record_id, suspended_by on consents
  for each row when (old.status not in ('AUTHORISED', 'SUSPENDED')) execute function refuse_reviving();
create trigger consents_move_by_table before update of status on consents
  for each row when (old.status <> new.status) execute function refuse_other_moves();
create trigger erasure_alone before update of evidence on consents
  for each row execute function refuse_unless_erased('customer_id');
create trigger erasure_names_nobody before update of evidence on consents
  for each row when (new.evidence is not null) execute function refuse_names();

-- What a partner asked a customer for. It has the id of the consent that comes of it, and no customer until one signs in.
create table consent_requests (
  id uuid not null,
  partner_id uuid not null,
  client_id uuid not null,
  purpose text collate "C" not null,
  status text not null,
  -- each 'key:granularity'
  tags text[] not null,
  expires_at timestamptz not null,
  usage text not null,
  max_per_day integer,
  retention_days integer not null,
  notice_version integer not null,
  requested_at timestamptz not null,
  lapses_at timestamptz not null,
  -- who signed in to look at it; no record tells of that
  customer_id uuid,
  decided_at timestamptz,
  version integer not null,
  record_id uuid not null,
  constraint consent_requests_pkey primary key (id),
  constraint consent_requests_customer_fkey foreign key (customer_id) references customers (id),
  constraint consent_requests_purpose_fkey foreign key (purpose) references purposes (key),
  constraint consent_requests_status check (status in ('AWAITING', 'AUTHORISED', 'REJECTED', 'LAPSED')),
  constraint consent_requests_decided check ((status = 'AWAITING') = (decided_at is null)),
  constraint consent_requests_usage check (usage in ('RECURRING', 'ONCE')),
  constraint consent_requests_limits check (
    cardinality(tags) > 0 and retention_days > 0
    and (max_per_day is null or (max_per_day > 0 and usage = 'RECURRING'))
  )
);
create index consent_requests_awaiting on consent_requests (lapses_at) where status = 'AWAITING';
grant update (status, customer_id, decided_at, version, record_id) on consent_requests to tributary_app;
create trigger append_only before delete or truncate on consent_requests
  for each statement execute function refuse_change();
create trigger append_only_request before update of
  id, partner_id, client_id, purpose, tags, expires_at, usage, max_per_day, retention_days, notice_version,
  requested_at, lapses_at on consent_requests
  for each statement execute function refuse_change();
create trigger requests_move_by_table before update of status on consent_requests
  for each row execute function refuse_other_moves();
create trigger requests_bound_once before update of customer_id on consent_requests
  for each row when (old.customer_id is not null and new.customer_id is distinct from old.customer_id)
  execute function refuse_change();

-- Each step of a consent's life, from the first.
create table consent_events (
  consent_id uuid not null,
  change integer not null,
  status text not null,
  by text not null,
  at timestamptz not null,
  record_id uuid not null,
  constraint consent_events_pkey primary key (consent_id, change),
  constraint consent_events_by check (by in ('CUSTOMER', 'PARTNER', 'COMPLIANCE', 'CLOCK', 'READ')),
  constraint consent_events_change check (change > 0)
);
select guard_append_only('consent_events');
insert into consent_events (consent_id, change, status, by, at, record_id)
select id, case status when 'AUTHORISED' then 1 else 2 end, status,
       case status when 'EXPIRED' then 'CLOCK' else 'CUSTOMER' end, at, record_id
from (
  select replace(body::jsonb -> 'data' ->> 'consent', 'cns_', '')::uuid as id, body::jsonb -> 'data' ->> 'status' as status,
         (body::jsonb ->> 'at')::timestamptz as at, r.id as record_id
  from records r where kind = 'consent'
) as told;

-- How often a consent with a limit gave something. Like disclosures, uses are in no record: who reads counts them in the
-- statement that reads.
create table consent_uses (
  consent_id uuid not null,
  most integer not null,
  -- whether the count begins anew each day (UTC); otherwise it is for life
  daily boolean not null,
  day date not null default 'epoch',
  used integer not null default 0,
  last_at timestamptz,
  -- whether the one use is in a record
  recorded boolean not null default false,
  constraint consent_uses_pkey primary key (consent_id),
  constraint consent_uses_within check (used between 0 and most)
) with (fillfactor = 50);
grant update (day, used, last_at, recorded) on consent_uses to tributary_app;
create trigger append_only before delete or truncate on consent_uses
  for each statement execute function refuse_change();
create trigger append_only_limit before update of consent_id, most, daily on consent_uses
  for each statement execute function refuse_change();
create index consent_uses_to_record on consent_uses (consent_id) where not daily and used > 0 and not recorded;

-- How a consent stands at a moment, whatever its row says yet: used up by its one use, or over by its own time or by a notice.
create function consent_standing(c consents, moment timestamptz) returns table (status text, ended_at timestamptz)
language sql stable as $$
  select case when u.last_at is not null then 'CONSUMED' when e.at <= moment then 'EXPIRED' else c.status end,
         case when u.last_at is not null then u.last_at when e.at <= moment then e.at end
  from (
    select least(c.expires_at, (
      select min(n.earlier_until) from notices n where n.purpose = c.purpose and n.version > c.notice_version
    )) as at
  ) as e
  left join lateral (
    select u.last_at from consent_uses u where u.consent_id = c.id and not u.daily and u.used > 0
  ) as u on true
  where c.status in ('AUTHORISED', 'SUSPENDED')
  union all
  select c.status, c.ended_at where c.status not in ('AUTHORISED', 'SUSPENDED')
$$;

create or replace view settlement_consents as
  select c.partner_id, c.customer_id, c.id as consent_id, t.tags
  from consents c
  join partner_duties d on d.partner_id = c.partner_id and d.discloses
  join customer_accounts a on a.customer_id = c.customer_id and (a.synthetic or not d.synthetic_only)
  cross join lateral (
    select array_agg(ct.tag_key || ':' || ct.granularity order by ct.tag_key) as tags
    from consent_tags ct join tag_definitions d on d.key = ct.tag_key and d.retired_at is null
    where ct.consent_id = c.id and ct.granularity = 'exact'
  ) t
  where c.purpose = 'SETTLEMENT' and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp() and t.tags is not null
    -- a statement is looked at as often as it takes: what has a limit is never counted here, and so gives nothing
    and c.usage = 'RECURRING' and c.max_per_day is null
    and not exists (
      select from notices n
      where n.purpose = c.purpose and n.version > c.notice_version and n.earlier_until <= clock_timestamp()
    );

-- Keys that sign receipts. A receipt is looked at for years: what was ever published stays so.
create table receipt_keys (
  kid text not null,
  wrapped bytea not null,
  public_jwk jsonb not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  constraint receipt_keys_pkey primary key (kid)
);
create unique index receipt_keys_current on receipt_keys ((true)) where retired_at is null;
grant update (retired_at) on receipt_keys to tributary_app;
