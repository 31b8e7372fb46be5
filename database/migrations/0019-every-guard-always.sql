-- Triggers that later migrations made by hand stand under session_replication_role = replica as well, like all the others
-- (0012): a guard that a setting can pass by is none.
do $$
declare
  guard record;
begin
  for guard in
    select t.tgrelid::regclass as guarded, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace and t.tgenabled <> 'A'
  loop
    execute format('alter table %s enable always trigger %I', guard.guarded, guard.tgname);
  end loop;
end
$$;
