-- How old the keys of a client are, and the ones that it had before, for as long as they go on being accepted
-- (docs/authorization.md, ADR 0045).
alter table clients add column keys_since timestamptz;
update clients c set keys_since = coalesce(
  (
    select max((r.body::jsonb ->> 'at')::timestamptz) from records r
    where r.kind = 'client' and r.partner_id = c.partner_id and r.body::jsonb #>> '{data,event}' = 'KEYS_REPLACED'
      and r.body::jsonb #>> '{data,client}' = 'cli_' || replace(c.id::text, '-', '')
  ),
  c.created_at
);
alter table clients alter column keys_since set default now(), alter column keys_since set not null;
alter table clients add column former_jwks jsonb;
alter table clients add column former_until timestamptz;
alter table clients add constraint clients_former_until check ((former_jwks is null) = (former_until is null));
alter table clients add constraint clients_former_after check (former_until > keys_since);
-- Private keys are refused here too, whoever writes.
alter table clients add constraint clients_former_public check (not jsonb_path_exists(former_jwks,
  '$.keys[*] ? (exists(@.d) || exists(@.p) || exists(@.q) || exists(@.dp) || exists(@.dq) || exists(@.qi) || exists(@.oth) || exists(@.k))'));
grant update (keys_since, former_jwks, former_until) on clients to tributary_app;
