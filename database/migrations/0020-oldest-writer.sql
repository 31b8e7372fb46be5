-- The writing transaction that began first, in any database of the server: sealing waits for it. It looks with its owner's
-- rights, because the application's role may not see sessions that logged in as the owner and took that role.
create function oldest_writer() returns table (application text, database text, seconds double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.application_name, a.datname, greatest(0, extract(epoch from clock_timestamp() - a.xact_start))::double precision
  from pg_stat_activity a
  where a.backend_xid is not null and a.xact_start is not null and a.pid <> pg_backend_pid()
  order by a.xact_start limit 1
$$;
revoke execute on function oldest_writer() from public;
grant execute on function oldest_writer() to tributary_app;
