-- Partners of kind DATA supply values of tags (docs/tag-values.md, ADR 0038): those that a tag's definition names, of customers
-- who agreed to it, for a purpose that is made for supplying.
alter table purposes add column direction text not null default 'READ'
  constraint purposes_direction check (direction in ('READ', 'SUPPLY'));

-- Codes of the partners that may supply it; null for a tag that the broker alone knows.
alter table tag_definitions add column suppliers text[]
  constraint tag_definitions_suppliers check (cardinality(suppliers) > 0);
grant update (suppliers) on tag_definitions to tributary_app;

-- Published: partners that may supply anything at all.
create view partner_suppliers as
  select id as partner_id, code from partners where kind = 'DATA';

-- Beside what the broker knows stands what each supplier said last: a projection of 'supplied_tag' records. The broker's own
-- value has nobody as its supplier.
create function nobody() returns uuid language sql immutable parallel safe as
  $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;
alter table tags
  add column supplier_id uuid not null default nobody(),
  add column received_at timestamptz,
  -- how sure the supplier is, in thousandths
  add column quality smallint,
  add column record_id uuid,
  drop constraint tags_pkey;
alter table tags
  add constraint tags_pkey primary key (customer_id, tag_key, supplier_id),
  add constraint tags_quality check (quality between 0 and 1000),
  add constraint tags_supplied check (
    case when supplier_id = nobody() then num_nonnulls(received_at, quality, record_id) = 0
    else num_nonnulls(received_at, quality, record_id) = 3 end
  );
grant update (received_at, quality, record_id) on tags to tributary_app;

-- Each time that a partner read what another one supplied: written by the statement that reads, beside its disclosure.
create table tag_uses (
  disclosure_id uuid not null,
  at timestamptz not null,
  supplier_id uuid not null,
  tag_key text collate "C" not null,
  customer_id uuid not null,
  constraint tag_uses_pkey primary key (supplier_id, at, disclosure_id, tag_key)
);
create index tag_uses_by_time on tag_uses using brin (at);
select guard_append_only('tag_uses');

-- How often by days (UTC) that are over, which is what suppliers are paid by; of real customers alone.
create table tag_use_days (
  supplier_id uuid not null,
  day date not null,
  tag_key text collate "C" not null,
  uses bigint not null,
  -- when it became a contribution
  reported_at timestamptz,
  constraint tag_use_days_pkey primary key (supplier_id, day, tag_key),
  constraint tag_use_days_some check (uses > 0)
);
create index tag_use_days_due on tag_use_days (day) where reported_at is null;
create trigger append_only before delete or truncate on tag_use_days
  for each statement execute function refuse_change();
grant update (reported_at) on tag_use_days to tributary_app;

-- Through which day they are counted.
create table tag_use_head (
  one boolean not null default true,
  through date not null,
  constraint tag_use_head_pkey primary key (one),
  constraint tag_use_head_one check (one)
);
insert into tag_use_head (through) values ((now() at time zone 'UTC')::date - 1);
revoke insert on tag_use_head from tributary_app;
grant update (through) on tag_use_head to tributary_app;
