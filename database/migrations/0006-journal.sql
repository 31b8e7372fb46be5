-- The journal: double entry, each asset on its own. Nothing in it is changed or removed; a mistake is reversed.

-- Made on first use, and named by its path.
create table accounts (
  id uuid not null,
  -- bytewise: writers insert in this order, so that they never wait for each other in a circle
  path text collate "C" not null,
  constraint accounts_pkey primary key (id),
  constraint accounts_path_key unique (path),
  constraint accounts_path_form check (path ~ '^[A-Z][A-Za-z0-9]*(:[A-Za-z0-9][A-Za-z0-9_-]*)+$' and length(path) <= 200)
);
select guard_append_only('accounts');

create table journal_entries (
  id uuid not null,
  -- what is posted: the same reference is posted once
  reference text collate "C" not null,
  at timestamptz not null,
  description text not null,
  period_id uuid,
  reverses uuid,
  record_id uuid not null,
  posted_at timestamptz not null,
  constraint journal_entries_pkey primary key (id),
  constraint journal_entries_reference_key unique (reference),
  constraint journal_entries_record_key unique (record_id),
  constraint journal_entries_reversed_once unique (reverses),
  constraint journal_entries_reverses_fkey foreign key (reverses) references journal_entries (id),
  constraint journal_entries_reference_length check (length(reference) between 1 and 200),
  constraint journal_entries_description_length check (length(description) <= 500)
);
create index journal_entries_in_time on journal_entries (at, id);
select guard_append_only('journal_entries');

-- Positive is debit, negative is credit.
create table postings (
  entry_id uuid not null,
  line integer not null,
  account_id uuid not null,
  asset text collate "C" not null,
  amount numeric(38,0) not null,
  constraint postings_pkey primary key (entry_id, line),
  constraint postings_entry_fkey foreign key (entry_id) references journal_entries (id),
  constraint postings_account_fkey foreign key (account_id) references accounts (id),
  constraint postings_asset_form check (asset ~ '^[A-Z][A-Z0-9]{2,11}/([0-9]|1[0-8])$'),
  constraint postings_move_something check (amount <> 0)
);
create index postings_of_account on postings (account_id, entry_id);
select guard_append_only('postings');

-- The postings of an entry come in one statement, and add up to nothing in each asset.
create function refuse_unbalanced() returns trigger language plpgsql as $$
declare
  found uuid;
begin
  select a.entry_id into found from added a group by a.entry_id, a.asset having sum(a.amount) <> 0 limit 1;
  if found is not null then
    raise exception 'the entry % does not balance', found
      using errcode = 'check_violation', constraint = 'entries_balance';
  end if;
  select a.entry_id into found from (select entry_id, count(*) as lines from added group by entry_id) a
  where a.lines <> (select count(*) from postings p where p.entry_id = a.entry_id) limit 1;
  if found is not null then
    raise exception 'the entry % is complete already', found
      using errcode = 'restrict_violation', constraint = 'entries_are_complete';
  end if;
  return null;
end
$$;
create trigger entries_balance after insert on postings referencing new table as added
  for each statement execute function refuse_unbalanced();

-- What is locked stays as it was reported. Periods are held, so that none is locked while an entry goes into it; the
-- lock's own entries come before it in the same transaction.
create function refuse_locked_period() returns trigger language plpgsql as $$
declare
  found uuid;
begin
  perform from periods p where p.id in (select period_id from added) order by p.id for share;
  select p.id into found from periods p
  where p.id in (select period_id from added) and p.status in ('LOCKED', 'CLOSED') limit 1;
  if found is not null then
    raise exception 'the period % is locked', found
      using errcode = 'restrict_violation', constraint = 'period_is_open';
  end if;
  return null;
end
$$;
create trigger period_is_open after insert on journal_entries referencing new table as added
  for each statement execute function refuse_locked_period();
