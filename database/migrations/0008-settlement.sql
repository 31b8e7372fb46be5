-- Periods of programmes, and the statements that settle them. No foreign keys to agreements: they may live elsewhere.

-- A calendar month in its programme's zone. One row for each period whose closing was tried.
create table periods (
  id uuid not null,
  programme_id uuid not null,
  month text collate "C" not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'OPEN',
  -- counts the calculations; what an earlier one left behind is superseded
  run integer not null default 0,
  -- the transactions whose facts the period's calculation saw; facts of any other are late
  facts_cut pg_snapshot,
  cut_at timestamptz,
  locked_at timestamptz,
  record_id uuid,
  constraint periods_pkey primary key (id),
  constraint periods_month_key unique (programme_id, month),
  constraint periods_month_form check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  constraint periods_span check (ends_at > starts_at),
  constraint periods_status check (status in ('OPEN', 'CALCULATING', 'REVIEW', 'LOCKED', 'CLOSED')),
  constraint periods_locked check (
    (status in ('LOCKED', 'CLOSED')) = (locked_at is not null)
    and num_nonnulls(locked_at, record_id) in (0, 2) and num_nonnulls(facts_cut, cut_at) in (0, 2)
    and (locked_at is null or facts_cut is not null)
  )
);
grant update (status, run, facts_cut, cut_at, locked_at, record_id) on periods to tributary_app;

-- What stands when a period is locked stays: facts that come later are settled in a later period.
create function refuse_unlocking() returns trigger language plpgsql as $$
begin
  raise exception 'period % of % is locked and cannot be calculated again', old.month, old.programme_id
    using errcode = 'restrict_violation', constraint = 'periods_lock_once';
end
$$;
create trigger periods_lock_once before update on periods for each row
  when (old.locked_at is not null and (new.status not in ('LOCKED', 'CLOSED') or new.run <> old.run
    or new.locked_at is distinct from old.locked_at or new.facts_cut::text is distinct from old.facts_cut::text))
  execute function refuse_unlocking();
create trigger append_only before delete or truncate on periods for each statement execute function refuse_change();

-- What one agreement has earned in one period and is paid, in one asset. Amounts are minor units of the asset.
create table statements (
  id uuid not null,
  -- for people: programme, partner, month
  number text collate "C" not null,
  period_id uuid not null,
  run integer not null,
  programme_id uuid not null,
  agreement_id uuid not null,
  partner_id uuid not null,
  month text collate "C" not null,
  asset text not null,
  terms_version integer not null,
  terms_hash text not null,
  opening numeric(38,0) not null,
  earned numeric(38,0) not null,
  holdback numeric(38,0) not null,
  released numeric(38,0) not null,
  clawbacks numeric(38,0) not null,
  payout numeric(38,0) not null,
  vat numeric(38,0) not null,
  withholding numeric(38,0) not null,
  transfer numeric(38,0) not null,
  closing numeric(38,0) not null,
  -- all that is held back after this period
  held numeric(38,0) not null,
  -- the month whose statement releases this one's holdback
  release_month text collate "C" not null,
  line_count integer not null,
  status text not null default 'DRAFT',
  created_at timestamptz not null,
  issued_at timestamptz,
  record_id uuid,
  constraint statements_pkey primary key (id),
  constraint statements_period_fkey foreign key (period_id) references periods (id),
  constraint statements_status check (status in ('DRAFT', 'ISSUED', 'ACCEPTED', 'DISPUTED', 'SUPERSEDED')),
  constraint statements_issued check (
    (status in ('ISSUED', 'ACCEPTED', 'DISPUTED')) = (issued_at is not null) and num_nonnulls(issued_at, record_id) in (0, 2)
  ),
  constraint statements_balance check (opening + earned - holdback + clawbacks + released = payout + closing),
  constraint statements_transfer check (transfer = payout + vat - withholding),
  constraint statements_signs check (
    least(holdback, released, payout, vat, withholding, held, line_count) >= 0 and clawbacks <= 0
    and (payout > 0 or transfer = 0)
  )
);
create unique index statements_number_key on statements (programme_id, number) where status <> 'SUPERSEDED';
create unique index statements_one_each on statements (agreement_id, asset, month) where status <> 'SUPERSEDED';
create index statements_of_period on statements (period_id, number);
create index statements_of_partner on statements (partner_id, month, id) where issued_at is not null;
create index statements_of_programme on statements (programme_id, month, id);
grant update (status, issued_at, record_id) on statements to tributary_app;
create trigger append_only before delete or truncate on statements for each statement execute function refuse_change();

create trigger append_only_amounts before update of
  id, number, period_id, run, programme_id, agreement_id, partner_id, month, asset, terms_version, terms_hash, opening,
  earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held, release_month, line_count,
  created_at on statements
  for each statement execute function refuse_change();

-- An issued statement is never superseded: what was wrong in it is corrected in a later period.
create function refuse_withdrawal() returns trigger language plpgsql as $$
begin
  raise exception 'statement % is %, it cannot become %', old.number, old.status, new.status
    using errcode = 'restrict_violation', constraint = 'statements_issue_once';
end
$$;
create trigger statements_issue_once before update on statements for each row
  when (old.status = 'SUPERSEDED' or (old.issued_at is not null and (new.status in ('DRAFT', 'SUPERSEDED')
    or new.issued_at is distinct from old.issued_at or new.record_id is distinct from old.record_id)))
  execute function refuse_withdrawal();

-- What one rule gives in one statement. Written after its lines, whose commitment it holds.
create table earnings (
  id uuid not null,
  statement_id uuid not null,
  -- place within the statement, from 1
  rule_no smallint not null,
  rule_kind text not null,
  terms_id uuid not null,
  terms_version integer not null,
  -- place within the terms' rules, from 0
  rule_place smallint not null,
  minor numeric(38,0) not null,
  forgone numeric(38,0) not null,
  line_count integer not null,
  explanation jsonb not null,
  -- commitment = SHA-256(salt || canonical JSON of the lines)
  salt bytea not null,
  commitment text not null,
  constraint earnings_pkey primary key (id),
  constraint earnings_rule_no_key unique (statement_id, rule_no),
  constraint earnings_rule_key unique (statement_id, terms_id, rule_place),
  constraint earnings_salt_length check (octet_length(salt) = 32),
  constraint earnings_commitment_form check (commitment ~ '^[0-9a-f]{64}$')
);
select guard_append_only('earnings');

create table statement_lines (
  id uuid not null,
  statement_id uuid not null,
  rule_no smallint not null,
  -- place within the rule, from 1, in the order of the facts' keys
  line_no integer not null,
  contribution_id uuid not null,
  contribution_external_id text collate "C" not null,
  -- whose money is behind the line: for the check of consent, never shown
  customer_id uuid not null,
  minor numeric(38,0) not null,
  explanation jsonb not null,
  constraint statement_lines_pkey primary key (id),
  constraint statement_lines_place_key unique (statement_id, rule_no, line_no)
);
select guard_append_only('statement_lines');

-- Nothing is added to a statement once it is issued or superseded, nor to one that is not there: once per statement of
-- SQL, where a foreign key would look each of a million lines up.
create function refuse_addition() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select distinct statement_id from added) a left join statements s on s.id = a.statement_id
    where s.status is distinct from 'DRAFT'
  ) then
    raise exception 'only a draft statement takes lines and earnings'
      using errcode = 'restrict_violation', constraint = 'statements_only_drafts_grow';
  end if;
  return null;
end
$$;
create trigger statements_only_drafts_grow after insert on earnings
  referencing new table as added for each statement execute function refuse_addition();
create trigger statements_only_drafts_grow after insert on statement_lines
  referencing new table as added for each statement execute function refuse_addition();

-- Which partner may see, at the moment the statement runs, the money of which customer behind a line: an authorised,
-- unexpired consent for the purpose SETTLEMENT that covers something exactly, and a partner to whom we may disclose.
-- Amounts have no bands, so a coarser consent shows what none would.
create view settlement_consents as
  select c.partner_id, c.customer_id, c.id as consent_id, t.tags
  from consents c
  join partner_duties d on d.partner_id = c.partner_id and d.discloses
  join customer_accounts a on a.customer_id = c.customer_id and (a.synthetic or not d.synthetic_only)
  cross join lateral (
    select array_agg(ct.tag_key || ':' || ct.granularity order by ct.tag_key) as tags
    from consent_tags ct join tag_definitions d on d.key = ct.tag_key and d.retired_at is null
    where ct.consent_id = c.id and ct.granularity = 'exact'
  ) t
  where c.purpose = 'SETTLEMENT' and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp() and t.tags is not null;
