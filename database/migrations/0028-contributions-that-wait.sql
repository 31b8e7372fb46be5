-- Who referred a customer is told by a record of its own, under that person's key; it names the one once.
grant update (referrer_customer_id) on contributions to tributary_app;
create trigger append_only_referrer before update of referrer_customer_id on contributions
  for each row when (old.referrer_customer_id is not null and new.referrer_customer_id is distinct from old.referrer_customer_id)
  execute function refuse_change();
create index contributions_of_course on contributions (partner_id, course, customer_id, occurred_at)
  where course is not null;

-- Which kinds of a partner's contributions wait for a confirmation, and by what; the last version holds.
create table confirmation_requirements (
  partner_id uuid not null,
  kind text not null,
  version integer not null,
  confirmation text not null,
  record_id uuid not null,
  recorded_at timestamptz not null,
  constraint confirmation_requirements_pkey primary key (partner_id, kind, version),
  constraint confirmation_requirements_kind
    check (kind in ('REFERRAL', 'COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'SERVICE_OUTCOME')),
  constraint confirmation_requirements_confirmation check (confirmation in ('NONE', 'BROKER_FACT', 'PERSON')),
  constraint confirmation_requirements_version check (version > 0)
);
select guard_append_only('confirmation_requirements');

-- What a contribution waits for beside its customer: as it was required when it was reported.
alter table contributions add column confirmation text not null default 'NONE';
alter table contributions add constraint contributions_confirmation
  check (confirmation in ('NONE', 'BROKER_FACT', 'PERSON'));

-- What was decided on a contribution that waited, once and for good. One of a person has no source and no key there.
create table contribution_decisions (
  contribution_id uuid not null,
  partner_id uuid not null,
  decision text not null,
  confirmation text not null,
  reason text,
  source text collate "C",
  external_id text collate "C",
  occurred_at timestamptz,
  fingerprint text,
  record_id uuid not null,
  recorded_at timestamptz not null,
  constraint contribution_decisions_pkey primary key (contribution_id),
  constraint contribution_decisions_contribution_fkey foreign key (contribution_id) references contributions (id),
  constraint contribution_decisions_external_id_key unique (source, external_id),
  constraint contribution_decisions_decision check (decision in ('CONFIRMED', 'REJECTED')),
  constraint contribution_decisions_confirmation check (confirmation in ('BROKER_FACT', 'PERSON')),
  constraint contribution_decisions_of_a_source check (
    num_nulls(source, external_id, occurred_at, fingerprint) = case confirmation when 'BROKER_FACT' then 0 else 4 end
  ),
  constraint contribution_decisions_rejects_with_reason check (decision = 'CONFIRMED' or reason is not null)
);
create index contribution_decisions_of_partner on contribution_decisions (partner_id);
select guard_append_only('contribution_decisions');

drop trigger append_only_facts on contributions;
create trigger append_only_facts before update of
  id, partner_id, external_id, kind, agreement_id, occurred_at, quantity, asset, amount, campaign, market,
  product_source, product_external_id, course, units, unit, score, confirmation, record_id, recorded_at on contributions
  for each statement execute function refuse_change();
-- A contribution that was confirmed or rejected stays so.
create trigger append_only_status before update of status on contributions
  for each row when (old.status <> 'REPORTED' and new.status is distinct from old.status)
  execute function refuse_change();
create index contributions_to_decide on contributions (confirmation, id)
  where confirmation <> 'NONE' and status = 'REPORTED';

create function refuse_unconfirmed() returns trigger language plpgsql as $$
begin
  if not exists (
    select from contribution_decisions d where d.contribution_id = new.id and d.decision = 'CONFIRMED'
  ) then
    raise exception 'a contribution that waits for a confirmation does not count without one'
      using errcode = 'restrict_violation', constraint = 'contributions_count_when_confirmed';
  end if;
  return new;
end
$$;
create trigger contributions_count_when_confirmed before insert or update of status on contributions
  for each row when (new.status = 'CONFIRMED' and new.confirmation <> 'NONE')
  execute function refuse_unconfirmed();
