-- Published: whether a partner may use something now, by what is said of it or else by the default of the kind.
create function has_capability(partner uuid, what text, which text) returns boolean language sql as $$
  select coalesce(
    (select c.status from partner_capabilities c where c.partner_id = partner and c.kind = what and c.key = which),
    (select f.status from capability_defaults f where f.kind = what)
  ) = 'ACTIVE'
$$;

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
    where ct.consent_id = c.id and ct.granularity = 'exact' and has_capability(c.partner_id, 'TAGS', d.category)
  ) t
  where c.purpose = 'SETTLEMENT' and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp() and t.tags is not null
    -- a statement is looked at as often as it takes: what has a limit is never counted here, and so gives nothing
    and c.usage = 'RECURRING' and c.max_per_day is null
    and not exists (
      select from notices n
      where n.purpose = c.purpose and n.version > c.notice_version and n.earlier_until <= clock_timestamp()
    );
