-- What later closings have to know of a locked month: who did not accrue in it, and the months whose differences could not be
-- posted with it, because their members did not accrue then. Both are null for months that were locked without looking back.
alter table periods add column not_accruing uuid[];
alter table periods add column uncorrected text[];
alter table periods add constraint periods_looked_back check (
  num_nulls(not_accruing, uncorrected) in (0, 2) and (not_accruing is null or locked_at is not null)
);
grant update (not_accruing, uncorrected) on periods to tributary_app;
create trigger periods_keep_what_they_saw before update on periods for each row
  when (old.locked_at is not null and (new.not_accruing is distinct from old.not_accruing
    or new.uncorrected is distinct from old.uncorrected))
  execute function refuse_unlocking();

-- What came since a moment is looked for at each closing. Rows come in the order of their recording, almost.
create index contributions_by_recording on contributions using brin (recorded_at);
create index revenue_events_by_recording on revenue_events using brin (recorded_at);
create index lead_bindings_by_recording on lead_bindings using brin (recorded_at);

-- A rule stands once in a statement for the month itself, and once more for each earlier month that it corrects.
alter table earnings add column origin_month text collate "C";
alter table earnings add column adjustment_id uuid;
alter table earnings add constraint earnings_origin_form check (origin_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$');
alter table earnings add constraint earnings_adjustment_kind
  check ((adjustment_id is not null) = (rule_kind = 'MANUAL_ADJUSTMENT'));
alter table earnings drop constraint earnings_rule_key;
create unique index earnings_rule_key on earnings (statement_id, terms_id, rule_place, coalesce(origin_month, ''));
create index earnings_of_adjustment on earnings (adjustment_id) where adjustment_id is not null;
create index statements_of_agreement on statements (agreement_id, month) where issued_at is not null;

-- What two persons give an agreement, or take from it, by hand. It stands in the statement of the next month that is closed.
create table adjustments (
  id uuid not null,
  agreement_id uuid not null,
  programme_id uuid not null,
  partner_id uuid not null,
  asset text not null,
  amount numeric(38,0) not null,
  reason text not null,
  status text not null default 'PROPOSED',
  proposed_by text not null,
  proposed_at timestamptz not null,
  record_id uuid not null,
  decided_by text,
  decided_at timestamptz,
  decision_record_id uuid,
  -- why it was rejected
  decision_reason text,
  constraint adjustments_pkey primary key (id),
  constraint adjustments_amount check (amount <> 0),
  constraint adjustments_status check (status in ('PROPOSED', 'APPROVED', 'REJECTED')),
  constraint adjustments_decided check (
    num_nonnulls(decided_by, decided_at, decision_record_id) = case status when 'PROPOSED' then 0 else 3 end
    and (decision_reason is not null) = (status = 'REJECTED')
  ),
  constraint adjustments_second_person check (decided_by <> proposed_by)
);
create index adjustments_of_programme on adjustments (programme_id, id);
create trigger append_only before delete or truncate on adjustments for each statement execute function refuse_change();
create trigger append_only_proposal before update of
  id, agreement_id, programme_id, partner_id, asset, amount, reason, proposed_by, proposed_at, record_id on adjustments
  for each statement execute function refuse_change();
create trigger adjustments_decided_once before update on adjustments
  for each row when (old.status <> 'PROPOSED') execute function refuse_change();
grant update (status, decided_by, decided_at, decision_record_id, decision_reason) on adjustments to tributary_app;

-- An adjustment is given once: no second statement that names it is issued.
create function refuse_second_giving() returns trigger language plpgsql as $$
begin
  if exists (
    select from earnings e
    join earnings g on g.adjustment_id = e.adjustment_id and g.statement_id <> e.statement_id
    join statements s on s.id = g.statement_id and s.issued_at is not null
    where e.statement_id = new.id and e.adjustment_id is not null
  ) then
    raise exception 'an adjustment in statement % stands in another one', new.number
      using errcode = 'restrict_violation', constraint = 'adjustments_given_once';
  end if;
  return new;
end
$$;
create trigger adjustments_given_once before update of status on statements for each row
  when (old.issued_at is null and new.issued_at is not null) execute function refuse_second_giving();
