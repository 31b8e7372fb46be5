-- btree_gist lets an exclusion constraint compare ids as well as spans of time. It is part of PostgreSQL's contrib (the
-- embedded server has it) and trusted since version 13: the owner of a database may create it without being superuser.
create extension if not exists btree_gist;

-- Keys are compared bytewise (collation "C"): ties in settlement are broken by them, on every server alike.
create table programmes (
  id uuid not null,
  code text collate "C" not null,
  name text not null,
  asset text not null,
  time_zone text not null,
  record_id uuid not null,
  created_at timestamptz not null,
  constraint programmes_pkey primary key (id),
  constraint programmes_code_key unique (code)
);
select guard_append_only('programmes');

-- Terms are immutable, so a version cannot be closed when the next one begins: its end is the start of its successor.
-- Each version names the start of the one before. With that, versions are one ascending chain, and two of them cannot
-- be in force at once; an exclusion constraint over open-ended spans would refuse every second version.
create table terms (
  id uuid not null,
  programme_id uuid not null,
  version integer not null,
  effective_from timestamptz not null,
  follows_version integer generated always as (nullif(version - 1, 0)) stored,
  follows_from timestamptz,
  body text not null,
  hash text not null,
  record_id uuid not null,
  published_at timestamptz not null,
  constraint terms_pkey primary key (id),
  constraint terms_programme_fkey foreign key (programme_id) references programmes (id),
  constraint terms_version_key unique (programme_id, version),
  constraint terms_start_key unique (programme_id, version, effective_from),
  constraint terms_follows_fkey foreign key (programme_id, follows_version, follows_from)
    references terms (programme_id, version, effective_from),
  constraint terms_version_positive check (version > 0),
  constraint terms_do_not_overlap check (
    (version = 1 and follows_from is null) or (version > 1 and follows_from is not null and effective_from > follows_from)
  )
);
select guard_append_only('terms');

-- A period is a calendar month in the programme's zone. Truncating and converting back also finds the start of a month
-- whose midnight a change of clocks leaves out.
create function refuse_terms_within_period() returns trigger language plpgsql as $$
declare
  zone text;
begin
  select p.time_zone into zone from programmes p where p.id = new.programme_id;
  if date_trunc('month', new.effective_from at time zone zone) at time zone zone is distinct from new.effective_from then
    raise exception 'terms start at the boundary of a period in %', zone
      using errcode = 'check_violation', constraint = 'terms_start_a_period';
  end if;
  return new;
end
$$;
create trigger terms_start_a_period before insert on terms for each row execute function refuse_terms_within_period();

-- Each version with the span in which it is in force.
create view terms_in_force as
  select id as terms_id, programme_id, version, effective_from,
    lead(effective_from) over (partition by programme_id order by version) as effective_to
  from terms;

create table agreements (
  id uuid not null,
  programme_id uuid not null,
  partner_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  status text not null,
  record_id uuid not null,
  created_at timestamptz not null,
  constraint agreements_pkey primary key (id),
  constraint agreements_programme_fkey foreign key (programme_id) references programmes (id),
  constraint agreements_dates check (ends_at is null or ends_at > starts_at),
  constraint agreements_status check (status in ('ACTIVE', 'ENDED')),
  constraint agreements_do_not_overlap exclude using gist
    (programme_id with =, partner_id with =, tstzrange(starts_at, ends_at) with &&)
);
create index agreements_of_partner on agreements (partner_id, starts_at);

-- What partners report. The fact itself never changes; who the customer is may become known later, once.
create table contributions (
  id uuid not null,
  partner_id uuid not null,
  external_id text collate "C" not null,
  kind text not null,
  subject text collate "C",
  lead text collate "C",
  customer_id uuid,
  -- the one agreement that it was reported for; without one it counts in every programme of the partner
  agreement_id uuid,
  occurred_at timestamptz not null,
  quantity numeric(38,0) not null,
  -- what the contribution was worth (a course's price, a service's fee), in minor units
  asset text,
  amount numeric(38,0),
  campaign text,
  market text,
  product_source text collate "C",
  product_external_id text collate "C",
  status text not null,
  fingerprint text not null,
  record_id uuid not null,
  recorded_at timestamptz not null,
  constraint contributions_pkey primary key (id),
  constraint contributions_external_id_key unique (partner_id, external_id),
  constraint contributions_agreement_fkey foreign key (agreement_id) references agreements (id),
  constraint contributions_kind check (kind in ('REFERRAL', 'COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'SERVICE_OUTCOME')),
  constraint contributions_status check (status in ('REPORTED', 'CONFIRMED', 'REJECTED')),
  constraint contributions_name_one_customer check (num_nonnulls(subject, lead) = 1),
  constraint contributions_confirmed_customer check (status <> 'CONFIRMED' or customer_id is not null),
  constraint contributions_quantity check (quantity >= 0),
  constraint contributions_amount check (num_nulls(asset, amount) in (0, 2) and amount >= 0),
  constraint contributions_product check (num_nulls(product_source, product_external_id) in (0, 2))
);
create index contributions_of_partner on contributions (partner_id, id);
create index contributions_waiting_for_customer on contributions (partner_id, lead) where customer_id is null;
create index contributions_referrals on contributions (customer_id, occurred_at)
  where kind = 'REFERRAL' and status = 'CONFIRMED';
create index contributions_by_time on contributions (partner_id, occurred_at);
grant update (customer_id, status) on contributions to tributary_app;

create trigger append_only before delete or truncate on contributions
  for each statement execute function refuse_change();
create trigger append_only_facts before update of
  id, partner_id, external_id, kind, subject, lead, agreement_id, occurred_at, quantity, asset, amount, campaign, market,
  product_source, product_external_id, fingerprint, record_id, recorded_at on contributions
  for each statement execute function refuse_change();
create trigger append_only_customer before update of customer_id on contributions
  for each row when (old.customer_id is not null and new.customer_id is distinct from old.customer_id)
  execute function refuse_change();

-- A broker's fact that says which customer a partner's lead is. The first one holds.
create table lead_bindings (
  id uuid not null,
  partner_id uuid not null,
  lead text collate "C" not null,
  customer_id uuid not null,
  bound_at timestamptz not null,
  source text collate "C" not null,
  external_id text collate "C" not null,
  fingerprint text not null,
  record_id uuid not null,
  recorded_at timestamptz not null,
  constraint lead_bindings_pkey primary key (id),
  constraint lead_bindings_lead_key unique (partner_id, lead),
  constraint lead_bindings_external_id_key unique (source, external_id)
);
create index lead_bindings_of_customer on lead_bindings (customer_id);
select guard_append_only('lead_bindings');

-- What the broker's own systems say was earned, traded, held or paid; a refund is a negative amount.
create table revenue_events (
  id uuid not null,
  source text collate "C" not null,
  external_id text collate "C" not null,
  base text not null,
  asset text not null,
  amount numeric(38,0) not null,
  customer_id uuid not null,
  occurred_at timestamptz not null,
  product_source text collate "C",
  product_external_id text collate "C",
  -- as given, else the product's at the time of recording: a later change of the catalogue moves no settled money
  category text,
  market text,
  -- external id, in the same source, of the event that is refunded
  refund_of text collate "C",
  fingerprint text not null,
  record_id uuid not null,
  recorded_at timestamptz not null,
  constraint revenue_events_pkey primary key (id),
  constraint revenue_events_external_id_key unique (source, external_id),
  constraint revenue_events_base check (base in ('COMMISSION', 'VOLUME', 'ASSETS', 'FEE')),
  constraint revenue_events_refund check (refund_of is null or amount < 0),
  constraint revenue_events_product check (num_nulls(product_source, product_external_id) in (0, 2))
);
create index revenue_events_of_customer on revenue_events (customer_id, occurred_at);
create index revenue_events_by_time on revenue_events (occurred_at, asset);
create index revenue_events_refunds on revenue_events (source, refund_of) where refund_of is not null;
select guard_append_only('revenue_events');
