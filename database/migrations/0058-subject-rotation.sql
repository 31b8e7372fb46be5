-- New names for all customers of a partner (docs/authorization.md, ADR 0040).

-- A projection of 'subject_rotation' records: which generation of names a partner's customers have; 1 before the first row.
create table subject_generations (
  partner_id uuid not null,
  generation smallint not null,
  begun_at timestamptz not null,
  -- until when the names before are still understood
  overlap_ends_at timestamptz not null,
  record_id uuid not null,
  constraint subject_generations_pkey primary key (partner_id, generation),
  constraint subject_generations_count check (generation > 1)
);

-- Names that customers had before, for the partner to carry its books over.
create table former_subjects (
  subject text collate "C" not null,
  partner_id uuid not null,
  customer_id uuid not null,
  generation smallint not null,
  ends_at timestamptz not null,
  constraint former_subjects_pkey primary key (subject)
);
create index former_subjects_of_partner on former_subjects (partner_id, subject);
create index former_subjects_of_customer on former_subjects (customer_id);
create index former_subjects_end on former_subjects (ends_at);
grant delete on former_subjects to tributary_app;
grant update (subject, key_version) on subjects to tributary_app;
create index subjects_to_rename on subjects (partner_id, key_version);

-- Published: whom a partner means by a name, the former ones included while they are understood. One customer may have several.
create view known_subjects as
  select subject, partner_id, customer_id from subjects
  union all
  select subject, partner_id, customer_id from former_subjects where ends_at > clock_timestamp();
