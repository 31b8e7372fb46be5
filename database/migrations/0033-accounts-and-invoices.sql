-- Where money goes, and what must be there before it goes (docs/payout-accounts.md): bank accounts of partners and of ours, and
-- invoices. Rows are projections of the records of the kinds 'bank_account', 'own_account' and 'invoice'. Who owns an account and
-- its number are sealed (AES-256-GCM) under a key of a version; the place is bound in, so a moved ciphertext does not open.

-- The versions of that key that were begun after the first one. The last one seals what is new.
create table bank_key_versions (
  version integer not null,
  begun_by text not null,
  begun_at timestamptz not null,
  record_id uuid not null,
  constraint bank_key_versions_pkey primary key (version),
  constraint bank_key_versions_after_the_first check (version > 1)
);
select guard_append_only('bank_key_versions');

create function refuse_account_step() returns trigger language plpgsql as $$
begin
  raise exception 'a bank account does not go from % to % like this', old.status, new.status
    using errcode = 'restrict_violation', constraint = 'accounts_go_forwards';
end
$$;

-- A partner's account: one person enters it, another one verifies it. Another account is another row, verified anew.
create table bank_accounts (
  id uuid not null,
  partner_id uuid not null,
  asset text not null,
  scheme text not null,
  country text not null,
  -- a BIC, or 12 digits of CNAPS
  bank_code text not null,
  -- the last digits of the number
  masked text not null,
  sealed bytea not null,
  key_version integer not null,
  status text not null default 'PROPOSED',
  entered_by text not null,
  entered_at timestamptz not null,
  verified_by text,
  verified_at timestamptz,
  -- what was checked, for us alone
  checked text,
  -- nothing is paid to it before
  usable_from timestamptz,
  -- who rejected or revoked it
  ended_by text,
  ended_at timestamptz,
  reason text,
  -- the last record about it
  record_id uuid not null,
  constraint bank_accounts_pkey primary key (id),
  constraint bank_accounts_scheme check (scheme in ('IBAN', 'CN_DOMESTIC', 'OTHER')),
  constraint bank_accounts_masked check (masked ~ '^[*]{4}[0-9A-Z]{2,4}$'),
  constraint bank_accounts_sealed check (octet_length(sealed) > 28 and key_version > 0),
  constraint bank_accounts_status check (status in ('PROPOSED', 'VERIFIED', 'REJECTED', 'REVOKED')),
  constraint bank_accounts_verified check (
    num_nonnulls(verified_by, verified_at, checked, usable_from) = case when status in ('VERIFIED', 'REVOKED') then 4 else 0 end
    and usable_from >= verified_at
  ),
  constraint bank_accounts_ended check (
    num_nonnulls(ended_by, ended_at, reason) = case when status in ('REJECTED', 'REVOKED') then 3 else 0 end
  ),
  constraint bank_accounts_two_persons check (verified_by <> entered_by)
);
create index bank_accounts_of_partner on bank_accounts (partner_id, id);
create index bank_accounts_in_force on bank_accounts (partner_id, asset, verified_at) where status = 'VERIFIED';
create index bank_accounts_by_key on bank_accounts (key_version, id);
create trigger append_only before delete or truncate on bank_accounts for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, partner_id, asset, scheme, country, bank_code, masked, entered_by, entered_at on bank_accounts
  for each statement execute function refuse_change();
create trigger accounts_go_forwards before update on bank_accounts for each row
  when ((old.status, new.status) not in (('PROPOSED', 'VERIFIED'), ('PROPOSED', 'REJECTED'), ('VERIFIED', 'REVOKED'))
    and (new.status, new.verified_by, new.verified_at, new.checked, new.usable_from, new.ended_by, new.ended_at, new.reason,
      new.record_id) is distinct from (old.status, old.verified_by, old.verified_at, old.checked, old.usable_from, old.ended_by,
      old.ended_at, old.reason, old.record_id)
    or old.verified_at is not null and (new.verified_by, new.verified_at, new.checked, new.usable_from)
      is distinct from (old.verified_by, old.verified_at, old.checked, old.usable_from)
    or new.sealed is distinct from old.sealed and new.key_version <= old.key_version)
  execute function refuse_account_step();
grant update (status, verified_by, verified_at, checked, usable_from, ended_by, ended_at, reason, record_id, sealed, key_version)
  on bank_accounts to tributary_app;

-- Published: the account in force for each partner and asset, the one verified last. Before usable_from nothing is paid to it,
-- nor to the one before it.
create view payable_bank_accounts as
  select distinct on (partner_id, asset) partner_id, asset, id as account_id, usable_from
  from bank_accounts where status = 'VERIFIED' order by partner_id, asset, verified_at desc, id desc;

-- An account of ours. Its code names the account Bank:<code> of the journal.
create table own_accounts (
  id uuid not null,
  code text collate "C" not null,
  asset text not null,
  name text not null,
  scheme text not null,
  country text not null,
  bank_code text not null,
  masked text not null,
  sealed bytea not null,
  key_version integer not null,
  status text not null default 'PROPOSED',
  entered_by text not null,
  entered_at timestamptz not null,
  verified_by text,
  verified_at timestamptz,
  checked text,
  ended_by text,
  ended_at timestamptz,
  reason text,
  record_id uuid not null,
  constraint own_accounts_pkey primary key (id),
  constraint own_accounts_code_form check (code ~ '^[a-z][a-z0-9-]{1,39}$'),
  constraint own_accounts_scheme check (scheme in ('IBAN', 'CN_DOMESTIC', 'OTHER')),
  constraint own_accounts_masked check (masked ~ '^[*]{4}[0-9A-Z]{2,4}$'),
  constraint own_accounts_sealed check (octet_length(sealed) > 28 and key_version > 0),
  constraint own_accounts_status check (status in ('PROPOSED', 'VERIFIED', 'REJECTED')),
  constraint own_accounts_verified check (
    num_nonnulls(verified_by, verified_at, checked) = case when status = 'VERIFIED' then 3 else 0 end
  ),
  constraint own_accounts_ended check (
    num_nonnulls(ended_by, ended_at, reason) = case when status = 'REJECTED' then 3 else 0 end
  ),
  constraint own_accounts_two_persons check (verified_by <> entered_by)
);
create unique index own_accounts_code_key on own_accounts (code) where status <> 'REJECTED';
create index own_accounts_by_key on own_accounts (key_version, id);
create trigger append_only before delete or truncate on own_accounts for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, code, asset, name, scheme, country, bank_code, masked, entered_by, entered_at on own_accounts
  for each statement execute function refuse_change();
create trigger accounts_go_forwards before update on own_accounts for each row
  when ((old.status, new.status) not in (('PROPOSED', 'VERIFIED'), ('PROPOSED', 'REJECTED'))
    and (new.status, new.verified_by, new.verified_at, new.checked, new.ended_by, new.ended_at, new.reason, new.record_id)
      is distinct from (old.status, old.verified_by, old.verified_at, old.checked, old.ended_by, old.ended_at, old.reason,
      old.record_id)
    or new.sealed is distinct from old.sealed and new.key_version <= old.key_version)
  execute function refuse_account_step();
grant update (status, verified_by, verified_at, checked, ended_by, ended_at, reason, record_id, sealed, key_version)
  on own_accounts to tributary_app;

-- From which month on a programme asks for an invoice before it pays: of several versions the last one holds.
create table invoice_requirements (
  programme_id uuid not null,
  version integer not null,
  -- none is asked for when absent
  from_month text collate "C",
  set_by text not null,
  set_at timestamptz not null,
  record_id uuid not null,
  constraint invoice_requirements_pkey primary key (programme_id, version),
  constraint invoice_requirements_month_form check (from_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  constraint invoice_requirements_version check (version > 0)
);
select guard_append_only('invoice_requirements');

-- An invoice (fapiao) for what one statement pays. Amounts never change: one that was entered wrongly is withdrawn.
create table invoices (
  id uuid not null,
  statement_id uuid not null,
  partner_id uuid not null,
  kind text not null,
  -- of a fapiao on paper; empty for the others
  code text collate "C" not null default '',
  number text collate "C" not null,
  issued_on date not null,
  asset text not null,
  -- net of tax
  gross numeric(38,0) not null,
  vat numeric(38,0) not null,
  status text not null,
  -- what is not as the statement says
  differs text[] not null,
  registered_by text not null,
  registered_at timestamptz not null,
  ended_by text,
  ended_at timestamptz,
  reason text,
  -- of the red-letter invoice that took it back
  credit_note text,
  -- the last record about it
  record_id uuid not null,
  constraint invoices_pkey primary key (id),
  constraint invoices_kind check (kind in ('FAPIAO', 'DIGITAL_FAPIAO', 'OTHER')),
  constraint invoices_number_form check (case kind
    when 'FAPIAO' then number ~ '^[0-9]{8}$' and code ~ '^([0-9]{10}|[0-9]{12})$'
    when 'DIGITAL_FAPIAO' then number ~ '^[0-9]{20}$' and code = ''
    else length(number) between 1 and 35 and code = '' end),
  constraint invoices_amounts check (gross > 0 and vat >= 0),
  constraint invoices_status check (status in ('MATCHED', 'DIFFERS', 'WITHDRAWN', 'CREDITED')),
  constraint invoices_differs check (
    differs <@ array['ASSET', 'GROSS', 'VAT'] and (status <> 'MATCHED' or cardinality(differs) = 0)
    and (status <> 'DIFFERS' or cardinality(differs) > 0)
  ),
  constraint invoices_ended check (
    num_nonnulls(ended_by, ended_at, reason) = case when status in ('WITHDRAWN', 'CREDITED') then 3 else 0 end
    and (credit_note is not null) = (status = 'CREDITED')
  )
);
-- A number that was typed wrongly may be entered again; one that was credited is used for ever.
create unique index invoices_number_key on invoices (partner_id, code, number) where status <> 'WITHDRAWN';
-- The tax office gives a number to one invoice of one seller.
create unique index invoices_fapiao_once on invoices (code, number)
  where kind <> 'OTHER' and status in ('MATCHED', 'CREDITED');
create unique index invoices_one_matched on invoices (statement_id) where status = 'MATCHED';
create index invoices_of_statement on invoices (statement_id, id);
create index invoices_of_partner on invoices (partner_id, id);
create trigger append_only before delete or truncate on invoices for each statement execute function refuse_change();
create trigger append_only_columns before update of
  id, statement_id, partner_id, kind, code, number, issued_on, asset, gross, vat, differs, registered_by, registered_at
  on invoices for each statement execute function refuse_change();
create trigger invoices_end_once before update on invoices for each row
  when (old.status not in ('MATCHED', 'DIFFERS') or new.status not in ('WITHDRAWN', 'CREDITED'))
  execute function refuse_change();
grant update (status, ended_by, ended_at, reason, credit_note, record_id) on invoices to tributary_app;

-- Published: whether a statement's payout waits for an invoice, and whether one is there that matches.
create view statement_invoices as
  select s.id as statement_id,
    s.payout > 0 and coalesce(s.month >= r.from_month, false) as required,
    exists (select from invoices i where i.statement_id = s.id and i.status = 'MATCHED') as matched
  from statements s
  left join lateral (
    select from_month from invoice_requirements r where r.programme_id = s.programme_id order by version desc limit 1
  ) r on true;

-- Published: statements whose money is on its way or gone, by whatever rail; a later rail replaces the view with itself added.
-- Their invoices stay.
create view statements_in_payment as
  select c.statement_id from payout_claims c where c.live;
