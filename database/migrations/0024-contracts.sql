-- How terms and memberships come about: drafted, proposed, countersigned, and then in force. What is in force stands in the
-- tables terms and agreements, as before; here is what leads to it. Rows of proposals change only forwards.

-- A version of terms on its way. While it is a draft its content may change; from its proposal on it is what is signed.
create table terms_proposals (
  id uuid not null,
  programme_id uuid not null,
  status text not null,
  -- counts what happened to it: its records are applied in this order
  step integer not null,
  version integer not null,
  effective_from timestamptz not null,
  body text not null,
  hash text not null,
  -- the version that it became
  terms_id uuid,
  -- why it was withdrawn
  reason text,
  drafted_at timestamptz not null,
  proposed_at timestamptz,
  -- the how-manieth it is that was put to the members of its programme, from 1
  round integer,
  -- of the last step, as is the record
  changed_at timestamptz not null,
  record_id uuid not null,
  constraint terms_proposals_pkey primary key (id),
  constraint terms_proposals_programme_fkey foreign key (programme_id) references programmes (id),
  constraint terms_proposals_content_key unique (id, hash),
  constraint terms_proposals_terms_key unique (terms_id),
  constraint terms_proposals_status check (status in ('DRAFT', 'PROPOSED', 'ACTIVATED', 'WITHDRAWN')),
  constraint terms_proposals_step check (step > 0),
  constraint terms_proposals_proposed check (case status
    when 'DRAFT' then proposed_at is null when 'WITHDRAWN' then true else proposed_at is not null end),
  constraint terms_proposals_round check (num_nonnulls(proposed_at, round) in (0, 2) and round > 0),
  constraint terms_proposals_round_key unique (programme_id, round),
  constraint terms_proposals_activated check ((status = 'ACTIVATED') = (terms_id is not null)),
  constraint terms_proposals_withdrawn check ((status = 'WITHDRAWN') = (reason is not null))
);
create index terms_proposals_of_programme on terms_proposals (programme_id, id);
-- Members sign one next version, not one of several.
create unique index terms_proposals_one_at_a_time on terms_proposals (programme_id) where status = 'PROPOSED';
-- What comes into force is, to the byte, what was proposed.
alter table terms add constraint terms_content_key unique (id, hash);
alter table terms_proposals add constraint terms_proposals_terms_fkey
  foreign key (terms_id, hash) references terms (id, hash);

create function refuse_terms_step() returns trigger language plpgsql as $$
begin
  raise exception 'a proposal of terms does not go from % to % like this', old.status, new.status
    using errcode = 'restrict_violation', constraint = 'terms_proposals_go_forwards';
end
$$;
create trigger append_only before delete or truncate on terms_proposals
  for each statement execute function refuse_change();
create trigger append_only_origin before update of id, programme_id, drafted_at on terms_proposals
  for each statement execute function refuse_change();
create trigger terms_proposals_go_forwards before update on terms_proposals for each row
  when (new.step <> old.step + 1
    or (old.status, new.status) not in (('DRAFT', 'DRAFT'), ('DRAFT', 'PROPOSED'), ('DRAFT', 'WITHDRAWN'),
      ('PROPOSED', 'ACTIVATED'), ('PROPOSED', 'WITHDRAWN'))
    or (new.status <> 'DRAFT' and (new.version, new.effective_from, new.body, new.hash)
      is distinct from (old.version, old.effective_from, old.body, old.hash))
    or (old.status = 'PROPOSED' and (new.proposed_at, new.round) is distinct from (old.proposed_at, old.round)))
  execute function refuse_terms_step();
grant update (status, step, version, effective_from, body, hash, terms_id, reason, proposed_at, round, changed_at, record_id)
  on terms_proposals to tributary_app;

-- A paper or a file that belongs to a contract, by its hash: the bytes are kept elsewhere.
create table contract_documents (
  id uuid not null,
  -- what it belongs to: one of them
  agreement_id uuid,
  proposal_id uuid,
  terms_id uuid,
  sha256 text not null,
  name text not null,
  size_bytes numeric(38,0) not null,
  media_type text not null,
  record_id uuid not null,
  attached_at timestamptz not null,
  constraint contract_documents_pkey primary key (id),
  constraint contract_documents_agreement_fkey foreign key (agreement_id) references agreements (id),
  constraint contract_documents_proposal_fkey foreign key (proposal_id) references terms_proposals (id),
  constraint contract_documents_terms_fkey foreign key (terms_id) references terms (id),
  constraint contract_documents_of_one check (num_nonnulls(agreement_id, proposal_id, terms_id) = 1),
  constraint contract_documents_once unique nulls not distinct (agreement_id, proposal_id, terms_id, sha256),
  constraint contract_documents_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint contract_documents_size check (size_bytes >= 0)
);
select guard_append_only('contract_documents');

-- That a member agrees to exactly this content: by a client of its own, or on a paper that is attached.
create table terms_signatures (
  proposal_id uuid not null,
  partner_id uuid not null,
  agreement_id uuid not null,
  hash text not null,
  client_id uuid,
  document_id uuid,
  record_id uuid not null,
  signed_at timestamptz not null,
  constraint terms_signatures_pkey primary key (proposal_id, partner_id),
  constraint terms_signatures_content_fkey foreign key (proposal_id, hash) references terms_proposals (id, hash),
  constraint terms_signatures_document_fkey foreign key (document_id) references contract_documents (id),
  constraint terms_signatures_by_one check (num_nonnulls(client_id, document_id) = 1)
);
create index terms_signatures_of_partner on terms_signatures (partner_id);
select guard_append_only('terms_signatures');

create function refuse_signed_draft() returns trigger language plpgsql as $$
begin
  if exists (select from terms_proposals p where p.id = new.proposal_id and p.status = 'DRAFT') then
    raise exception 'a draft is not signed'
      using errcode = 'restrict_violation', constraint = 'terms_signatures_on_proposals';
  end if;
  return new;
end
$$;
create trigger terms_signatures_on_proposals before insert on terms_signatures
  for each row execute function refuse_signed_draft();

-- A membership that the broker offers and the partner countersigns; then it is an agreement.
create table agreement_proposals (
  id uuid not null,
  programme_id uuid not null,
  partner_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  -- canonical JSON of what is signed, with the hash of the terms that will be in force
  body text not null,
  hash text not null,
  status text not null,
  -- the membership that it became, and the client that signed
  agreement_id uuid,
  client_id uuid,
  -- why it was withdrawn
  reason text,
  proposed_at timestamptz not null,
  changed_at timestamptz not null,
  record_id uuid not null,
  constraint agreement_proposals_pkey primary key (id),
  constraint agreement_proposals_programme_fkey foreign key (programme_id) references programmes (id),
  constraint agreement_proposals_agreement_key unique (agreement_id),
  constraint agreement_proposals_agreement_fkey foreign key (agreement_id) references agreements (id),
  constraint agreement_proposals_dates check (ends_at is null or ends_at > starts_at),
  constraint agreement_proposals_status check (status in ('PROPOSED', 'ACTIVATED', 'WITHDRAWN')),
  constraint agreement_proposals_activated check (
    (status = 'ACTIVATED') = (agreement_id is not null) and num_nonnulls(agreement_id, client_id) in (0, 2)
  ),
  constraint agreement_proposals_withdrawn check ((status = 'WITHDRAWN') = (reason is not null))
);
create index agreement_proposals_of_partner on agreement_proposals (partner_id, id);
create trigger append_only before delete or truncate on agreement_proposals
  for each statement execute function refuse_change();
create trigger append_only_offer before update of
  id, programme_id, partner_id, starts_at, ends_at, body, hash, proposed_at on agreement_proposals
  for each statement execute function refuse_change();
create trigger append_only_outcome before update on agreement_proposals for each row
  when (old.status <> 'PROPOSED') execute function refuse_change();
grant update (status, agreement_id, client_id, reason, changed_at, record_id) on agreement_proposals to tributary_app;

-- An agreement ends once, and never later than it would have anyway; all else of it stays as it was signed.
alter table agreements add column ended_at timestamptz;
alter table agreements add column end_reason text;
alter table agreements add column end_record_id uuid;
alter table agreements add constraint agreements_ended check (
  (status = 'ENDED') = (ended_at is not null) and num_nonnulls(ended_at, end_reason, end_record_id) in (0, 3)
  and (status = 'ACTIVE' or ends_at is not null)
);
create trigger append_only before delete or truncate on agreements
  for each statement execute function refuse_change();
create trigger append_only_membership before update of
  id, programme_id, partner_id, starts_at, record_id, created_at on agreements
  for each statement execute function refuse_change();
create function refuse_end() returns trigger language plpgsql as $$
begin
  raise exception 'an agreement ends once, and not later than was agreed'
    using errcode = 'restrict_violation', constraint = 'agreements_end_once';
end
$$;
create trigger agreements_end_once before update on agreements for each row
  when (old.status <> 'ACTIVE' or new.status <> 'ENDED' or (old.ends_at is not null and new.ends_at > old.ends_at))
  execute function refuse_end();
grant update (ends_at, status, ended_at, end_reason, end_record_id) on agreements to tributary_app;
