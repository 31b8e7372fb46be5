-- Cases for which staff may look at one customer's data for an hour (docs/compliance-guide.md, ADR 0046).

-- A projection of 'staff_case' records.
create table staff_cases (
  id uuid not null,
  customer_id uuid not null,
  opened_by text not null,
  -- why; gone with the customer
  reason text,
  opened_at timestamptz not null,
  ends_at timestamptz not null,
  closed_at timestamptz,
  version integer not null,
  record_id uuid not null,
  constraint staff_cases_pkey primary key (id),
  constraint staff_cases_customer_fkey foreign key (customer_id) references customers (id),
  constraint staff_cases_an_hour check (ends_at = opened_at + interval '1 hour')
);
create index staff_cases_of_customer on staff_cases (customer_id);
grant update (reason, closed_at, version, record_id) on staff_cases to tributary_app;

-- A projection of 'staff_read' records: who of the staff saw what of whom. It stays, like a disclosure.
create table staff_reads (
  id uuid not null,
  case_id uuid not null,
  customer_id uuid not null,
  by text not null,
  at timestamptz not null,
  -- keys of tags that had a value
  tags text[] not null,
  record_id uuid not null,
  constraint staff_reads_pkey primary key (id),
  constraint staff_reads_case_fkey foreign key (case_id) references staff_cases (id)
);
create index staff_reads_of_customer on staff_reads (customer_id, id);
select guard_append_only('staff_reads');
