-- How partners come to us (docs/partner-manager-guide.md, ADR 0041): they apply, show that the mail address is theirs, and are
-- assessed by three persons.

-- Who applied. Rows are the broker's own notes: what is a fact of the domain is in the records of the partner. The contact is
-- sealed, and goes when the application is refused.
create table application_requests (
  id uuid not null,
  details jsonb not null,
  contact bytea,
  -- by which requests from one mail address are counted
  contact_mark bytea not null,
  -- SHA-256 of what the link holds
  token_hash bytea not null,
  asked_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null,
  partner_id uuid,
  constraint application_requests_pkey primary key (id),
  constraint application_requests_token_key unique (token_hash),
  constraint application_requests_partner_fkey foreign key (partner_id) references partners (id)
);
create index application_requests_by_contact on application_requests (contact_mark, asked_at);
grant update (contact, partner_id), delete on application_requests to tributary_app;

-- A projection of 'application' records: which partners came by an application and so need an assessment.
create table partner_applications (
  id uuid not null,
  partner_id uuid not null,
  received_at timestamptz not null,
  record_id uuid not null,
  constraint partner_applications_pkey primary key (id),
  constraint partner_applications_partner_key unique (partner_id),
  constraint partner_applications_partner_fkey foreign key (partner_id) references partners (id)
);
select guard_append_only('partner_applications');

-- A projection of 'assessment' records: the last version of each.
create table assessments (
  id uuid not null,
  partner_id uuid not null,
  status text not null,
  rubric integer not null,
  assessors text[] not null,
  approvers text[] not null,
  scores jsonb not null,
  reason text,
  expires_at timestamptz,
  version integer not null,
  changed_at timestamptz not null,
  record_id uuid not null,
  constraint assessments_pkey primary key (id),
  constraint assessments_partner_fkey foreign key (partner_id) references partners (id),
  constraint assessments_status check (status in ('OPEN', 'PROPOSED', 'PASSED', 'REJECTED')),
  constraint assessments_assessors check (cardinality(assessors) > 0),
  -- neither approver assessed, and one person is not two
  constraint assessments_three_persons check (not (approvers && assessors) and cardinality(approvers) <= 2
    and (cardinality(approvers) < 2 or approvers[1] <> approvers[2])),
  constraint assessments_passed check ((status = 'PASSED') = (expires_at is not null)),
  constraint assessments_two_approve check (status <> 'PASSED' or cardinality(approvers) = 2)
);
create unique index assessments_one_at_a_time on assessments (partner_id) where status in ('OPEN', 'PROPOSED');
create index assessments_of_partner on assessments (partner_id, id);
grant update (status, assessors, approvers, scores, reason, expires_at, version, changed_at, record_id)
  on assessments to tributary_app;
create trigger append_only before delete or truncate on assessments for each statement execute function refuse_change();
