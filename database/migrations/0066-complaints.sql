-- Complaints about partners (docs/complaints.md, ADR 0043): taken in, worked on, decided by another than took them in.

-- Published: which customers a partner has or had a consent of.
create view partner_customers as select distinct partner_id, customer_id from consents;

-- A projection of 'complaint' records: the last version of each.
create table complaints (
  id uuid not null,
  partner_id uuid not null,
  category text not null,
  severity text not null,
  status text not null,
  complainant text not null,
  -- who complained, where it is one whom we know
  customer_id uuid,
  complaining_partner_id uuid,
  taken_by text not null,
  assigned_to text,
  -- who decided or withdrew it
  decided_by text,
  -- what was said and answered, sealed under a key of the installation; gone with the customer
  words bytea,
  received_at timestamptz not null,
  -- by when it has to be answered
  due_at timestamptz not null,
  decided_at timestamptz,
  version integer not null,
  changed_at timestamptz not null,
  record_id uuid not null,
  constraint complaints_pkey primary key (id),
  constraint complaints_partner_fkey foreign key (partner_id) references partners (id),
  constraint complaints_complaining_partner_fkey foreign key (complaining_partner_id) references partners (id),
  constraint complaints_category check (category in ('UNSUITABLE_OFFER', 'CONSENT', 'DATA', 'CONDUCT', 'SERVICE', 'OTHER')),
  constraint complaints_severity check (severity in ('LOW', 'MEDIUM', 'HIGH')),
  constraint complaints_status check (status in ('RECEIVED', 'WORKING', 'UPHELD', 'REJECTED', 'WITHDRAWN')),
  constraint complaints_complainant check (complainant in ('CUSTOMER', 'PARTNER', 'OTHER')
    and (complainant = 'CUSTOMER' or customer_id is null)
    and (complainant = 'PARTNER') = (complaining_partner_id is not null)),
  constraint complaints_of_another check (complaining_partner_id <> partner_id),
  constraint complaints_worked_by check (status <> 'WORKING' or assigned_to is not null),
  constraint complaints_decided check ((status in ('RECEIVED', 'WORKING')) = (decided_at is null)
    and (decided_at is null) = (decided_by is null)),
  constraint complaints_second_person check (status not in ('UPHELD', 'REJECTED') or decided_by <> taken_by),
  constraint complaints_due_later check (due_at > received_at)
);
create index complaints_of_partner on complaints (partner_id, id);
create index complaints_of_customer on complaints (customer_id, id) where customer_id is not null;
grant update (severity, status, assigned_to, decided_by, words, decided_at, version, changed_at, record_id)
  on complaints to tributary_app;
create trigger append_only before delete or truncate on complaints for each statement execute function refuse_change();
create trigger erasure_alone before update of words on complaints
  for each row when (old.words is not null and new.words is null) execute function refuse_unless_erased('customer_id');
