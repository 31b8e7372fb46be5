-- A log that was taken over from another server keeps the transaction ids that it was written with there. This server
-- counts its own transactions from anew, and is set ahead of them, so that what is written here comes behind that log.
create table log_clock (
  one boolean not null default true,
  -- added to this server's transaction ids wherever they order the log
  ahead bigint not null default 0,
  constraint log_clock_pkey primary key (one),
  constraint log_clock_one check (one),
  constraint log_clock_forward check (ahead >= 0)
);
insert into log_clock default values;
revoke insert on log_clock from tributary_app;
grant update (ahead) on log_clock to tributary_app;
create trigger log_clock_stays before delete or truncate on log_clock
  for each statement execute function refuse_change();

create function refuse_clock_change() returns trigger language plpgsql as $$
begin
  if new.ahead < old.ahead or exists (select from records) then
    raise exception 'the clock of a log is set once, before its first record'
      using errcode = 'restrict_violation', constraint = 'log_clock_is_set_first';
  end if;
  return new;
end
$$;
create trigger log_clock_is_set_first before update on log_clock for each row execute function refuse_clock_change();

-- The log that this database is taking over, or has taken over, and how far that has come: a batch of its records, their
-- rows in the tables, and this are one transaction, so that a replay which was killed goes on where it stopped.
create table replays (
  one boolean not null default true,
  origin text,
  size bigint not null,
  root bytea not null,
  -- records that are in, and in the tables but for those that wait for another record
  loaded bigint not null default 0,
  waiting uuid[] not null default '{}',
  started_at timestamptz not null,
  finished_at timestamptz,
  constraint replays_pkey primary key (one),
  constraint replays_one check (one),
  constraint replays_root_length check (octet_length(root) = 32),
  constraint replays_progress check (loaded between 0 and size)
);
grant update (loaded, waiting, finished_at) on replays to tributary_app;
create trigger append_only before delete or truncate on replays for each statement execute function refuse_change();
create function refuse_replaying_again() returns trigger language plpgsql as $$
begin
  raise exception 'the log was taken over already' using errcode = 'restrict_violation', constraint = 'replays_finish_once';
end
$$;
create trigger replays_finish_once before update on replays
  for each row when (old.finished_at is not null) execute function refuse_replaying_again();

-- Waits for whoever is appending, and holds others off until the transaction ends. It acts with its owner's rights: the
-- application's role may not lock a table that it may not change.
create function hold_log() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  lock table records in share row exclusive mode;
end
$$;
revoke execute on function hold_log() from public;
grant execute on function hold_log() to tributary_app;

-- The id of this transaction in the log's order. Nobody appends while a log is taken over: what was sealed already could
-- have a record of that log come in before it.
create function log_tx_id() returns xid8 language plpgsql stable as $$
declare
  set_ahead bigint;
begin
  if exists (select from replays r where r.finished_at is null) then
    raise exception 'a log is being taken over' using errcode = 'object_not_in_prerequisite_state',
      constraint = 'log_is_taken_over';
  end if;
  select c.ahead into strict set_ahead from log_clock c;
  return (pg_current_xact_id()::text::bigint + set_ahead)::text::xid8;
end
$$;

-- The transactions that this statement sees, by their ids in the log's order: what records.tx_id is compared with.
create function log_snapshot() returns pg_snapshot language sql stable as $$
  select case c.ahead when 0 then s.now else format('%s:%s:%s',
    pg_snapshot_xmin(s.now)::text::bigint + c.ahead, pg_snapshot_xmax(s.now)::text::bigint + c.ahead,
    (select string_agg((x.id::text::bigint + c.ahead)::text, ',' order by x.id) from pg_snapshot_xip(s.now) as x (id))
  )::pg_snapshot end
  from log_clock c, (select pg_current_snapshot() as now) s
$$;

alter table records alter column tx_id set default log_tx_id();

-- Counts the changes of what is replaced in place. Of two changes that ran at once, the order of the log does not say which
-- came last; their records do, by this.
alter table products add column version integer not null default 1;
alter table tag_definitions add column version integer not null default 1;
alter table purposes add column version integer not null default 1;
-- when a row was made is told by its record
alter table tag_definitions alter column created_at drop default;
alter table purposes alter column created_at drop default;
grant update (version) on products, tag_definitions, purposes to tributary_app;

-- Erasing a customer takes what is personal out of the tables, and only that: only of a customer whose key is destroyed,
-- and only to what stands for nobody. Records keep their ciphertext, which nobody can read any more.
create function refuse_unless_erased() returns trigger language plpgsql as $$
declare
  whose uuid := (to_jsonb(old) ->> tg_argv[0])::uuid;
begin
  if not exists (select from customer_keys k where k.customer_id = whose and k.erased_at is not null) then
    raise exception '% on % is refused: the customer was not erased', tg_op, tg_table_name
      using errcode = 'restrict_violation', constraint = 'records_are_append_only';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

create function refuse_names() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: what was erased stands for nobody', tg_op, tg_table_name
    using errcode = 'restrict_violation', constraint = 'records_are_append_only';
end
$$;

create trigger erasure_alone before delete on subjects
  for each row execute function refuse_unless_erased('customer_id');
create trigger erasure_alone before delete on tags
  for each row execute function refuse_unless_erased('customer_id');
grant delete on subjects, tags to tributary_app;

create trigger erasure_alone before update of account_key on customers
  for each row execute function refuse_unless_erased('id');
create trigger erasure_names_nobody before update of account_key on customers for each row
  when (new.account_key <> 'erased:cus_' || replace(old.id::text, '-', '')) execute function refuse_names();
grant update (account_key) on customers to tributary_app;

-- A key that was destroyed stays so.
create trigger keys_erased_once before update on customer_keys for each row
  when (old.erased_at is not null) execute function refuse_change();

alter table contributions drop constraint contributions_name_one_customer;
alter table contributions add constraint contributions_name_one_customer check (
  num_nonnulls(subject, lead) = 1 or (num_nonnulls(subject, lead) = 0 and customer_id is not null and fingerprint = 'erased')
);
drop trigger append_only_facts on contributions;
create trigger append_only_facts before update of
  id, partner_id, external_id, kind, agreement_id, occurred_at, quantity, asset, amount, campaign, market,
  product_source, product_external_id, record_id, recorded_at on contributions
  for each statement execute function refuse_change();
create trigger erasure_alone before update of subject, lead, fingerprint on contributions
  for each row execute function refuse_unless_erased('customer_id');
create trigger erasure_names_nobody before update of subject, lead, fingerprint on contributions for each row
  when (num_nonnulls(new.subject, new.lead) > 0 or new.fingerprint <> 'erased') execute function refuse_names();
grant update (subject, lead, fingerprint) on contributions to tributary_app;

drop trigger append_only on lead_bindings;
create trigger append_only before delete or truncate on lead_bindings
  for each statement execute function refuse_change();
create trigger append_only_facts before update of
  id, partner_id, customer_id, bound_at, source, external_id, record_id, recorded_at on lead_bindings
  for each statement execute function refuse_change();
create trigger erasure_alone before update of lead, fingerprint on lead_bindings
  for each row execute function refuse_unless_erased('customer_id');
create trigger erasure_names_nobody before update of lead, fingerprint on lead_bindings for each row
  when (new.lead <> 'erased:led_' || replace(old.id::text, '-', '') or new.fingerprint <> 'erased')
  execute function refuse_names();
grant update (lead, fingerprint) on lead_bindings to tributary_app;

-- The fingerprint of a revenue event is made of the account key too, which could be guessed from it.
drop trigger append_only on revenue_events;
create trigger append_only before delete or truncate on revenue_events
  for each statement execute function refuse_change();
create trigger append_only_facts before update of
  id, source, external_id, base, asset, amount, customer_id, occurred_at, product_source, product_external_id, category,
  market, refund_of, record_id, recorded_at on revenue_events
  for each statement execute function refuse_change();
create trigger erasure_alone before update of fingerprint on revenue_events
  for each row execute function refuse_unless_erased('customer_id');
create trigger erasure_names_nobody before update of fingerprint on revenue_events for each row
  when (new.fingerprint <> 'erased') execute function refuse_names();
grant update (fingerprint) on revenue_events to tributary_app;
