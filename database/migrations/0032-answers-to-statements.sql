-- What partners answer to their statements: they accept them, or dispute what is in them. A statement itself never changes.

-- A statement that was accepted by word, or by letting the days to dispute it pass. One whose disputes are all closed counts
-- as accepted too, and has no row here.
create table statement_acceptances (
  statement_id uuid not null,
  partner_id uuid not null,
  reason text not null,
  accepted_by text not null,
  accepted_at timestamptz not null,
  record_id uuid not null,
  constraint statement_acceptances_pkey primary key (statement_id),
  constraint statement_acceptances_statement_fkey foreign key (statement_id) references statements (id),
  constraint statement_acceptances_reason check (reason in ('WORD', 'SILENCE'))
);
select guard_append_only('statement_acceptances');

-- An objection to rules or lines of a statement; to the whole of it where none is named.
create table disputes (
  id uuid not null,
  statement_id uuid not null,
  partner_id uuid not null,
  rules smallint[] not null,
  lines uuid[] not null,
  -- of the payout before tax: what is not paid while it is open
  held numeric(38,0) not null,
  reason text not null,
  status text not null default 'OPEN',
  -- the partner itself, or a member of the staff on its behalf
  opened_by text not null,
  opened_at timestamptz not null,
  record_id uuid not null,
  closed_by text,
  closed_at timestamptz,
  closing_record_id uuid,
  answer text,
  -- what was proposed to be given in its stead
  adjustment_id uuid,
  constraint disputes_pkey primary key (id),
  constraint disputes_statement_fkey foreign key (statement_id) references statements (id),
  constraint disputes_held check (held >= 0),
  constraint disputes_status check (status in ('OPEN', 'UPHELD', 'REJECTED', 'WITHDRAWN')),
  constraint disputes_closed check (
    num_nonnulls(closed_by, closed_at, closing_record_id) = case status when 'OPEN' then 0 else 3 end
    and (answer is not null) = (status in ('UPHELD', 'REJECTED'))
    and (adjustment_id is null or status = 'UPHELD')
  )
);
create index disputes_of_statement on disputes (statement_id, id);
create index disputes_of_partner on disputes (partner_id, id);
create index disputes_open on disputes (id) where status = 'OPEN';
create trigger append_only before delete or truncate on disputes for each statement execute function refuse_change();
create trigger append_only_objection before update of
  id, statement_id, partner_id, rules, lines, held, reason, opened_by, opened_at, record_id on disputes
  for each statement execute function refuse_change();
create trigger disputes_closed_once before update on disputes
  for each row when (old.status <> 'OPEN') execute function refuse_change();
grant update (status, closed_by, closed_at, closing_record_id, answer, adjustment_id) on disputes to tributary_app;

-- What of a statement's payout, before tax, may not be paid now. Statements without an open dispute are not here.
create view statement_disputes as
  select s.id as statement_id, least(s.payout, sum(d.held)) as held
  from disputes d join statements s on s.id = d.statement_id
  where d.status = 'OPEN' group by s.id, s.payout;

-- Until when an issued statement may be disputed; unanswered, it counts as accepted from then on. A day is 24 hours.
create view statement_dispute_ends as
  select s.id as statement_id,
    s.issued_at + make_interval(hours => 24 * (t.body::jsonb ->> 'disputeDays')::integer) as ends_at
  from statements s join terms t on t.programme_id = s.programme_id and t.version = s.terms_version
  where s.issued_at is not null;

create index statements_unanswered on statements (id) where status = 'ISSUED';

-- What a partner is called, for those who write documents to it.
create view partner_names as select id as partner_id, code, name from partners;
