-- Who calls, and whom a partner knows under which name (docs/authorization.md, docs/consents.md).

-- What a client's access tokens are bound to: a key of its own by DPoP (RFC 9449), or the certificate with which it connects
-- (RFC 8705). There is no client whose tokens are bound to neither.
alter table clients add column binding text not null default 'DPOP';
alter table clients add constraint clients_binding_known check (binding in ('DPOP', 'MTLS'));
grant update (binding) on clients to tributary_app;

-- Published: whether tokens of a client are good at the moment the statement runs, and what they are bound to.
create view client_duties as
  select c.id as client_id, c.partner_id, c.binding, d.tokens and c.status = 'ACTIVE' as tokens
  from clients c join partner_duties d on d.partner_id = c.partner_id;
