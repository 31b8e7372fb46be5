-- Under a consent to supply, nothing is read, and nothing is to be deleted.
create or replace view consent_deletions as
  select c.id as consent_id, c.partner_id, c.customer_id, c.purpose, c.status, c.ended_at,
         c.ended_at + make_interval(days => case
           when c.status = 'REVOKED' then least(coalesce(c.retention_days, 15), 15)
           else coalesce(c.retention_days, 30) end) as due_at,
         d.attested_at
  from consents c left join deletions d on d.consent_id = c.id
  where c.status in ('REVOKED', 'EXPIRED', 'CONSUMED') and c.purpose <> 'SETTLEMENT'
    and c.purpose <> all (array(select key from purposes where direction = 'SUPPLY'));
