-- Guards that stand whoever logs in, a journal whose writers only insert, and balances that are folded behind them.

-- A trigger that is enabled ALWAYS speaks also under session_replication_role = replica, which a superuser may set.
create or replace function guard_append_only(guarded regclass) returns void language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete or truncate on %s for each statement execute function refuse_change()', guarded);
  execute format('alter table %s enable always trigger append_only', guarded);
end
$$;

-- An account or an entry that is there stays, so that looking is enough: a foreign key would lock its row for each
-- posting, and the row of an account that every entry touches would gather the locks of all writers.
alter table postings drop constraint postings_entry_fkey, drop constraint postings_account_fkey;

-- The entry's time stands in its postings too: in its order an account's statement is read, and summed up to an instant.
alter table postings add column at timestamptz;
alter table postings disable trigger append_only;
update postings p set at = e.at from journal_entries e where e.id = p.entry_id;
alter table postings enable trigger append_only;
alter table postings alter column at set not null;
drop index postings_of_account;
create index postings_in_time on postings (account_id, asset, at, entry_id, line) include (amount);

-- The postings of an entry come in one statement: lines from 0 on without a gap (so that none can follow later), on
-- accounts that there are, at the time of their entry, and adding up to nothing in each asset. Look-ups are by key,
-- whatever the planner thinks of tables that have just been filled.
create or replace function refuse_unbalanced() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  found uuid;
begin
  select a.entry_id into found from added a group by a.entry_id, a.asset having sum(a.amount) <> 0 limit 1;
  if found is not null then
    raise exception 'the entry % does not balance', found
      using errcode = 'check_violation', constraint = 'entries_balance';
  end if;
  select a.entry_id into found
  from (
    select entry_id, count(*) as lines, min(line) as first, max(line) as last, min(at) as earliest, max(at) as latest
    from added group by entry_id
  ) a
  where a.first <> 0 or a.last <> a.lines - 1 or a.earliest <> a.latest
    or (select e.at from journal_entries e where e.id = a.entry_id) is distinct from a.latest
  limit 1;
  if found is not null then
    raise exception 'the postings of the entry % are not all of it: it is complete already, not there, or at another time', found
      using errcode = 'restrict_violation', constraint = 'entries_are_complete';
  end if;
  select a.account_id into found from (select distinct account_id from added) a
  where (select c.id from accounts c where c.id = a.account_id) is null limit 1;
  if found is not null then
    raise exception 'there is no account %', found
      using errcode = 'foreign_key_violation', constraint = 'postings_account_known';
  end if;
  return null;
end
$$;

-- An entry without postings moves nothing and says nothing. Its postings come after it, so this is asked at commit.
create function refuse_empty_entry() returns trigger language plpgsql as $$
begin
  if not exists (select from postings p where p.entry_id = new.id) then
    raise exception 'the entry % has no postings', new.id
      using errcode = 'check_violation', constraint = 'entries_move_something';
  end if;
  return null;
end
$$;
create constraint trigger entries_move_something after insert on journal_entries
  deferrable initially deferred for each row execute function refuse_empty_entry();

-- What postings add up to, folded in the order of the log. Not a record but a projection, which may be made anew.
create table balance_totals (
  -- ALL: everything folded. DAY: of one day (UTC) of the entries' time. BLOCK: of one stretch of the log.
  kind text collate "C" not null,
  account_id uuid not null,
  asset text collate "C" not null,
  -- ALL: 0. DAY: days since 1970-01-01. BLOCK: (seq - 1) / 16384.
  step bigint not null,
  amount numeric not null,
  constraint balance_totals_pkey primary key (kind, account_id, asset, step),
  constraint balance_totals_kind check (kind in ('ALL', 'DAY', 'BLOCK')),
  constraint balance_totals_step check (kind = 'DAY' or (kind = 'ALL' and step = 0) or (kind = 'BLOCK' and step >= 0))
) with (fillfactor = 80);
grant update (amount), delete on balance_totals to tributary_app;

-- Where the folding stands: its lock is the folder's turn, which writers never take.
create table balance_head (
  one boolean not null default true,
  -- how many sealed records are folded
  size bigint not null default 0,
  -- the last of them, in the log's order
  tx_id xid8 not null default '0',
  record_id uuid not null default '00000000-0000-0000-0000-000000000000',
  constraint balance_head_pkey primary key (one),
  constraint balance_head_one check (one)
);
insert into balance_head default values;
grant update (size, tx_id, record_id) on balance_head to tributary_app;
create trigger balance_head_stays before delete or truncate on balance_head
  for each statement execute function refuse_change();

-- Postings whose record stands behind the head: with the folded totals they are all there are. Being stable, it sees
-- what the statement sees in which it is called. The records behind the head are few, which the planner cannot know: it
-- would read the whole journal.
create function unfolded_postings()
  returns table (account_id uuid, asset text, amount numeric, at timestamptz)
  language plpgsql stable rows 100
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_bitmapscan = off as $$
declare
  head balance_head;
begin
  select * into head from balance_head where one;
  return query
    select p.account_id, p.asset, p.amount, p.at
    from records r join journal_entries e on e.record_id = r.id join postings p on p.entry_id = e.id
    where (r.tx_id, r.id) > (head.tx_id, head.record_id);
end
$$;

-- Every guard that there is, from now on also under session_replication_role = replica; the migrator calls it at its end,
-- for those that come later. One that was switched off is left alone: that is for people to look at.
create function enable_guards_always() returns void language plpgsql as $$
declare
  guard record;
begin
  for guard in
    select t.tgrelid::regclass as guarded, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and t.tgenabled = 'O' and c.relnamespace = 'public'::regnamespace
  loop
    execute format('alter table %s enable always trigger %I', guard.guarded, guard.tgname);
  end loop;
end
$$;
revoke execute on function enable_guards_always() from public;
