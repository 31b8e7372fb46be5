-- Statements tell a partner nothing of a category that it may not have, as reads do not.
create or replace view settlement_consents as
  select c.partner_id, c.customer_id, c.id as consent_id, t.tags
  from consents c
  join partner_duties d on d.partner_id = c.partner_id and d.discloses
  join partner_borders b on b.partner_id = c.partner_id and (not b.abroad or b.jurisdiction = c.cross_border)
  join customer_accounts a on a.customer_id = c.customer_id and (a.synthetic or not d.synthetic_only)
  cross join lateral (
    select array_agg(ct.tag_key || ':' || ct.granularity order by ct.tag_key) as tags
    from consent_tags ct join tag_definitions d on d.key = ct.tag_key and d.retired_at is null
    where ct.consent_id = c.id and ct.granularity = 'exact' and coalesce(
      (select p.status from partner_capabilities p
       where p.partner_id = c.partner_id and p.kind = 'TAGS' and p.key = d.category),
      (select f.status from capability_defaults f where f.kind = 'TAGS')) = 'ACTIVE'
  ) t
  where c.purpose = 'SETTLEMENT' and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp() and t.tags is not null
    -- a statement is looked at as often as it takes: what has a limit is never counted here, and so gives nothing
    and c.usage = 'RECURRING' and c.max_per_day is null
    and not exists (
      select from notices n
      where n.purpose = c.purpose and n.version > c.notice_version and n.earlier_until <= clock_timestamp()
    );
