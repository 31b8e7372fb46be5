-- What a partner may do beyond what its status entails (docs/capabilities.md): which tags it may ask for, which products it
-- sees, which scopes count, and how much it may ask. Rows are a projection of the records of the kind 'capability'.

-- What counts for a partner of whom nothing is said.
create table capability_defaults (
  kind text collate "C" not null,
  status text not null,
  constraint capability_defaults_pkey primary key (kind),
  constraint capability_defaults_status check (status in ('ACTIVE', 'PENDING', 'RESTRICTED'))
);
insert into capability_defaults values ('TAGS', 'ACTIVE'), ('PRODUCTS', 'ACTIVE'), ('GRAPH', 'ACTIVE'), ('QUOTA', 'ACTIVE');
revoke insert on capability_defaults from tributary_app;

create table capabilities (
  partner_id uuid not null,
  kind text collate "C" not null,
  -- a category of tags or of products, a scope, or which part of the quota
  key text collate "C" not null,
  status text not null,
  -- what the partner has to do first
  due text,
  -- permission and what is pending end then, a restriction is lifted then
  until timestamptz,
  reason text not null,
  -- of the ordinary quota
  permille integer,
  version integer not null,
  changed_at timestamptz not null,
  -- the last record about it
  record_id uuid not null,
  constraint capabilities_pkey primary key (partner_id, kind, key),
  constraint capabilities_partner_fkey foreign key (partner_id) references partners (id),
  constraint capabilities_kind_fkey foreign key (kind) references capability_defaults (kind),
  constraint capabilities_status check (status in ('ACTIVE', 'PENDING', 'RESTRICTED')),
  constraint capabilities_due check ((status = 'PENDING') = (due is not null)),
  constraint capabilities_quota check (
    case when kind = 'QUOTA' then key in ('granted', 'lowered') and status <> 'PENDING' else permille is null end
  ),
  constraint capabilities_permille check (permille between 0 and 10000),
  constraint capabilities_version check (version > 0)
);
grant update (status, due, until, reason, permille, version, changed_at, record_id) on capabilities to tributary_app;
create trigger append_only before delete or truncate on capabilities for each statement execute function refuse_change();
create trigger append_only_columns before update of partner_id, kind, key on capabilities
  for each statement execute function refuse_change();

create function refuse_old_capability() returns trigger language plpgsql as $$
begin
  raise exception 'version % of a capability does not follow version %', new.version, old.version
    using errcode = 'restrict_violation', constraint = 'capabilities_go_forwards';
end
$$;
create trigger capabilities_go_forwards before update on capabilities for each row
  when (new.version <= old.version and new is distinct from old) execute function refuse_old_capability();

-- Published: what is said of partners, as it counts at the moment the statement runs. What is not here is as its default.
create view partner_capabilities as
  select partner_id, kind, key,
         case when until is null or until > clock_timestamp() then status
              when kind = 'QUOTA' or status = 'RESTRICTED' then 'ACTIVE'
              else 'RESTRICTED' end as status,
         case when until is null or until > clock_timestamp() then permille end as permille,
         due, until, reason, changed_at, record_id
  from capabilities;

-- Published: how much of the ordinary quota each partner has now.
create view partner_quotas as
  select p.id as partner_id,
         coalesce((select c.permille from partner_capabilities c
                   where c.partner_id = p.id and c.kind = 'QUOTA' and c.key = 'granted'), 1000)
         * coalesce((select c.permille from partner_capabilities c
                     where c.partner_id = p.id and c.kind = 'QUOTA' and c.key = 'lowered'), 1000) / 1000 as permille
  from partners p;

-- Published for those who say what a partner may ask for or see.
create view tag_categories as select distinct category from tag_definitions where retired_at is null;
create view product_categories as select distinct category from products;

-- Which data an agreement is about, where it says so: a list of { purpose, tags }. It stands as it was signed.
alter table agreements add column data_scope jsonb;
alter table agreements add constraint agreements_data_scope check (jsonb_typeof(data_scope) = 'array');
create trigger data_scope_stays before update of data_scope on agreements
  for each statement execute function refuse_change();

-- Published: which tags the agreements that are in force now name, and for which purpose. A partner of whom there is no row
-- has none that names any.
create view agreement_data_scopes as
  select a.id as agreement_id, a.partner_id, s.purpose, t.tag_key
  from agreements a
  cross join lateral jsonb_to_recordset(a.data_scope) as s (purpose text, tags jsonb)
  cross join lateral jsonb_array_elements_text(s.tags) as t (tag_key)
  where a.starts_at <= clock_timestamp() and (a.ends_at is null or a.ends_at > clock_timestamp());

-- Published for those who agree on data: what may be asked for at all.
create view purpose_tags as
  select p.key as purpose, t.tag_key from purposes p cross join lateral unnest(p.tag_keys) as t (tag_key);
