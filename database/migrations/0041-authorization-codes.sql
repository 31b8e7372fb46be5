-- Clients that ask customers: where the browser may be sent back to, and keys that a partner replaces.
alter table clients add column redirect_uris text[] not null default '{}';
alter table clients add constraint clients_redirect_uris_few check (cardinality(redirect_uris) <= 10);
-- the code says it with a sentence; this is for whatever goes round the code
create function are_redirect_uris(uris text[]) returns boolean language sql immutable as $$
  select coalesce(bool_and(uri ~ '^(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:|/|$))' and uri !~ '[#\s]'), true)
  from unnest(uris) as uri
$$;
alter table clients add constraint clients_redirect_uris_safe check (are_redirect_uris(redirect_uris));
grant update (redirect_uris, jwks) on clients to tributary_app;
