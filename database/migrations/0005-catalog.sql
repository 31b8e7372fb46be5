-- The broker's products, as last imported. The projection of the records of kind 'product'.
create table products (
  id uuid not null,
  source text collate "C" not null,
  external_id text collate "C" not null,
  name text collate "C" not null,
  category text collate "C" not null,
  risk smallint not null,
  asset text not null,
  -- the partner who provides it; no foreign key, partners is another room
  provider_partner_id uuid,
  attributes jsonb not null,
  status text not null,
  -- SHA-256 of the imported content: an import leaves a product alone when it stands here already
  fingerprint text not null,
  updated_at timestamptz not null,
  constraint products_pkey primary key (id),
  constraint products_source_external_id_key unique (source, external_id),
  constraint products_name_length check (length(name) between 1 and 300),
  constraint products_category_length check (length(category) between 1 and 100),
  constraint products_risk_range check (risk between 1 and 5),
  constraint products_asset_form check (asset ~ '^[A-Z][A-Z0-9]{2,11}/([0-9]|1[0-8])$'),
  constraint products_attributes_object check (jsonb_typeof(attributes) = 'object'),
  constraint products_status_known check (status in ('ACTIVE', 'WITHDRAWN'))
);
create index products_by_name on products (name, id);
create index products_by_category on products (category, name, id);
create index products_of_provider on products (provider_partner_id, name, id) where provider_partner_id is not null;
grant update (name, category, risk, asset, provider_partner_id, attributes, status, fingerprint, updated_at)
  on products to tributary_app;

-- Published: what rules and matches need of a product. Withdrawn products stay: a fact may speak of one.
create view product_facts as
  select p.id as product_id, p.source, p.external_id, p.category, p.provider_partner_id, p.risk
  from products p;
