-- The application's role: it reads and appends; what it may change besides is granted table by table.
do $$
begin
  if not exists (select from pg_roles where rolname = 'tributary_app') then
    create role tributary_app login;
  end if;
exception when duplicate_object or unique_violation then
  null; -- another database of this server was being migrated at the same moment
end
$$;
do $$
begin
  execute format('grant tributary_app to %I', current_user);
exception when invalid_grant_operation then
  null; -- a superuser needs no membership
end
$$;
grant usage on schema public to tributary_app;
alter default privileges in schema public grant select, insert on tables to tributary_app;
alter default privileges in schema public grant usage, select on sequences to tributary_app;
grant select on schema_migrations to tributary_app;

-- The guard of every table of records: a change is refused loudly, to its owner too.
-- It stands per statement, so that it speaks also when no row would have matched.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: records are never changed or removed', tg_op, tg_table_name
    using errcode = 'restrict_violation', constraint = 'records_are_append_only';
end
$$;

create function guard_append_only(guarded regclass) returns void language plpgsql as $$
begin
  execute format('create trigger append_only before update or delete or truncate on %s for each statement execute function refuse_change()', guarded);
end
$$;

-- One row for each request that was answered under an idempotency key (invariant 4).
create table idempotency_keys (
  scope text not null,
  key text not null,
  fingerprint text not null,
  answer jsonb,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (scope, key)
);
grant update (answer), delete on idempotency_keys to tributary_app;
