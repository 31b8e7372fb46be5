-- Who calls, and whom a partner knows under which name (docs/authorization.md, docs/consents.md).

-- What a client's access tokens are bound to: a key of its own by DPoP (RFC 9449), or the certificate with which it connects
-- (RFC 8705). There is no client whose tokens are bound to neither.
alter table clients add column binding text not null default 'DPOP';
alter table clients add constraint clients_binding_known check (binding in ('DPOP', 'MTLS'));
grant update (binding) on clients to tributary_app;

-- Published: whether tokens of a client are good at the moment the statement runs, and what they are bound to.
create view client_duties as
  select c.id as client_id, c.partner_id, c.binding, d.tokens and c.status = 'ACTIVE' as tokens
  from clients c join partner_duties d on d.partner_id = c.partner_id;

-- Where a partner is (ISO 3166-1 alpha-2). What it is given leaves the country when it is not here; a customer agrees to that by
-- itself, and to that place. The code has the same home (kernel/jurisdiction.ts), and a test compares the two.
create function home_jurisdiction() returns text language sql immutable as $$ select 'CN' $$;
alter table partners add column jurisdiction text not null default home_jurisdiction();
alter table partners add constraint partners_jurisdiction_form check (jurisdiction ~ '^[A-Z]{2}$');
grant update (jurisdiction) on partners to tributary_app;

-- Published: which partners data crosses the border for, at the moment the statement runs.
create view partner_borders as
  select id as partner_id, jurisdiction, jurisdiction <> home_jurisdiction() as abroad from partners;

-- Where the customer agreed that the data may go; null where that was not asked, since the partner was here.
alter table consents add column cross_border text;
alter table consents add constraint consents_cross_border_form check (cross_border ~ '^[A-Z]{2}$');

create or replace view settlement_consents as
  select c.partner_id, c.customer_id, c.id as consent_id, t.tags
  from consents c
  join partner_duties d on d.partner_id = c.partner_id and d.discloses
  join partner_borders b on b.partner_id = c.partner_id and (not b.abroad or b.jurisdiction = c.cross_border)
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

-- What a customer chose for all partners at once; without a row, as everybody begins. The projection of the records of the kind
-- 'preference'.
create table customer_preferences (
  customer_id uuid not null,
  recommendations boolean not null,
  changed_at timestamptz not null,
  -- counts the changes
  version integer not null,
  record_id uuid not null,
  constraint customer_preferences_pkey primary key (customer_id),
  constraint customer_preferences_customer_fkey foreign key (customer_id) references customers (id),
  constraint customer_preferences_version check (version > 0)
);
grant update (recommendations, changed_at, version, record_id), delete on customer_preferences to tributary_app;
create trigger erasure_alone before delete on customer_preferences
  for each row execute function refuse_unless_erased('customer_id');

-- Published: whom nothing is recommended to.
create view customers_without_recommendations as
  select customer_id from customer_preferences where not recommendations;
