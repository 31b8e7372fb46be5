-- For which keys of a client its partner was told that they are due (docs/authorization.md): those that it has had since then.
alter table clients add column keys_warned timestamptz;
grant update (keys_warned) on clients to tributary_app;
