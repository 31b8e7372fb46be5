-- What each partner reads, hour by hour, as alarms look at it; the alerts that they open; and incidents
-- (docs/incidents.md). Alerts and incidents are projections of their records. The counts are not: like disclosures, from which
-- they are made in the order of commits, they are in no record.

create table read_hours (
  partner_id uuid not null,
  -- its beginning (UTC)
  hour timestamptz not null,
  reads integer not null,
  -- those that got nothing
  misses integer not null,
  -- different customers of whom something was given in this hour
  customers integer not null,
  -- those of them who were the day's first (a day of the installation's time zone)
  day_customers integer not null,
  -- and who had consented a week or more before
  old_customers integer not null,
  -- customers of whom the partner had never read, though they had consented a week or more before
  first_reads integer not null,
  clients uuid[] not null,
  constraint read_hours_pkey primary key (partner_id, hour),
  constraint read_hours_counts check (
    misses between 0 and reads and customers between 0 and reads - misses and day_customers between 0 and customers
    and old_customers between 0 and day_customers and first_reads between 0 and old_customers
  )
);
grant update (reads, misses, customers, day_customers, old_customers, first_reads, clients) on read_hours to tributary_app;

-- Of which customers a partner has read, and when last.
create table customers_read (
  partner_id uuid not null,
  customer_id uuid not null,
  last_hour timestamptz not null,
  constraint customers_read_pkey primary key (partner_id, customer_id)
) with (fillfactor = 70);
grant update (last_hour) on customers_read to tributary_app;

-- Up to where disclosures are counted: its lock is the turn.
create table read_watch_head (
  one boolean not null default true,
  tx_id xid8 not null default '0',
  disclosure_id uuid not null default '00000000-0000-0000-0000-000000000000',
  constraint read_watch_head_pkey primary key (one),
  constraint read_watch_head_one check (one)
);
insert into read_watch_head default values;
grant update (tx_id, disclosure_id) on read_watch_head to tributary_app;
create trigger read_watch_head_stays before delete or truncate on read_watch_head
  for each statement execute function refuse_change();

create table alerts (
  id uuid not null,
  partner_id uuid not null,
  kind text not null,
  status text not null default 'OPEN',
  opened_at timestamptz not null,
  -- over what was counted, and what came of it
  span text not null,
  span_from timestamptz not null,
  span_to timestamptz not null,
  measured integer not null,
  expected integer not null,
  allowed integer not null,
  clients uuid[] not null,
  raised_at timestamptz not null,
  -- to how much of itself the quota was lowered, until when
  quota_permille integer,
  quota_until timestamptz,
  assignee text,
  closed_at timestamptz,
  closed_by text,
  resolution text,
  reason text,
  -- counts the records
  version integer not null default 1,
  record_id uuid not null,
  constraint alerts_pkey primary key (id),
  constraint alerts_kind check (kind in ('BULK_EXPORT', 'SLOW_SCRAPING', 'UNUSUAL_HOURS', 'MANY_MISSES')),
  constraint alerts_span check (span in ('HOUR', 'DAY', 'WEEK', 'MONTH') and span_from < span_to),
  constraint alerts_above check (measured > allowed and allowed > 0 and expected >= 0),
  constraint alerts_quota check (
    (quota_permille is null) = (quota_until is null) and quota_permille between 1 and 999
  ),
  constraint alerts_status check (status in ('OPEN', 'CLOSED')),
  constraint alerts_closed check (
    (status = 'CLOSED') = (closed_at is not null) and (closed_at is null) = (closed_by is null)
    and (closed_at is null) = (resolution is null) and (closed_at is null) = (reason is null)
  ),
  constraint alerts_resolution check (resolution in ('FALSE_ALARM', 'EXPLAINED', 'INCIDENT'))
);
-- While one is open there is no second of its kind for the partner.
create unique index alerts_one_open on alerts (partner_id, kind) where status = 'OPEN';
create index alerts_of_partner on alerts (partner_id, kind, id);
grant update (status, span, span_from, span_to, measured, expected, allowed, clients, raised_at, quota_permille, quota_until,
              assignee, closed_at, closed_by, resolution, reason, version, record_id) on alerts to tributary_app;
create trigger append_only before delete or truncate on alerts for each statement execute function refuse_change();
create trigger append_only_beginning before update of id, partner_id, kind, opened_at on alerts
  for each statement execute function refuse_change();
create function refuse_change_after_end() returns trigger language plpgsql as $$
begin
  raise exception '% of % has ended and cannot change any more', old.id, tg_table_name
    using errcode = 'restrict_violation', constraint = 'closed_stays_so';
end
$$;
create trigger closed_stays_so before update on alerts
  for each row when (old.status = 'CLOSED') execute function refuse_change_after_end();

create table incidents (
  id uuid not null,
  title text not null,
  status text not null default 'OPEN',
  alert_id uuid,
  opened_at timestamptz not null,
  opened_by text not null,
  -- when we came to know of it: from here the deadlines run
  discovered_at timestamptz not null,
  -- which disclosures it touches: of these partners, by these clients and under these consents (empty: all), in this time
  partners uuid[] not null,
  clients uuid[] not null,
  consents uuid[] not null,
  span_from timestamptz not null,
  span_to timestamptz not null,
  -- what was touched when it was counted last
  level text not null,
  customers integer not null,
  disclosures bigint not null,
  counted_at timestamptz not null,
  -- what is still to be contained, and since when nothing is
  measures text[] not null default '{}',
  measures_left text[] not null default '{}',
  contain_reason text,
  contain_by text,
  contained_at timestamptz,
  regulator_told_at timestamptz,
  customers_told_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  report text,
  -- why somebody was not told
  not_told text,
  version integer not null default 1,
  record_id uuid not null,
  constraint incidents_pkey primary key (id),
  constraint incidents_status check (status in ('OPEN', 'CLOSED')),
  constraint incidents_level check (level in ('GENERAL', 'SERIOUS', 'MAJOR')),
  constraint incidents_scope check (cardinality(partners) > 0 and span_from < span_to),
  constraint incidents_counts check (customers >= 0 and disclosures >= customers),
  constraint incidents_measures check (
    measures_left <@ measures
    and measures <@ array['SUSPEND_PARTNERS', 'REVOKE_CLIENTS', 'ROTATE_KEYS', 'SUSPEND_CONSENTS', 'REVOKE_CONSENTS']
  ),
  constraint incidents_containing check ((cardinality(measures) > 0) = (contain_by is not null)),
  constraint incidents_contained check (contained_at is null or cardinality(measures_left) = 0),
  constraint incidents_closed check (
    (status = 'CLOSED') = (closed_at is not null) and (closed_at is null) = (closed_by is null)
    and (closed_at is null) = (report is null)
  )
);
create index incidents_open on incidents (discovered_at) where status = 'OPEN';
grant update (status, partners, clients, consents, span_from, span_to, level, customers, disclosures, counted_at, measures,
              measures_left, contain_reason, contain_by, contained_at, regulator_told_at, customers_told_at, closed_at, closed_by, report,
              not_told, version, record_id) on incidents to tributary_app;
create trigger append_only before delete or truncate on incidents for each statement execute function refuse_change();
create trigger append_only_beginning before update of id, title, alert_id, opened_at, opened_by, discovered_at on incidents
  for each statement execute function refuse_change();
create trigger closed_stays_so before update on incidents
  for each row when (old.status = 'CLOSED') execute function refuse_change_after_end();

-- Everything that was found, done and told, in its order.
create table incident_events (
  incident_id uuid not null,
  change integer not null,
  event text not null,
  at timestamptz not null,
  by text not null,
  -- what the record says of it, for people
  detail jsonb not null,
  record_id uuid not null,
  constraint incident_events_pkey primary key (incident_id, change),
  constraint incident_events_incident_fkey foreign key (incident_id) references incidents (id),
  constraint incident_events_event check (event in ('OPENED', 'SCOPED', 'CONTAINING', 'STEP_DONE', 'NOTIFIED', 'CLOSED')),
  constraint incident_events_change check (change > 0)
);
select guard_append_only('incident_events');
