-- The conformance of partners, shown in the sandbox before they go live (docs/conformance.md, ADR 0044).

-- A projection of 'conformance' records: each run, and what came of it.
create table conformance_runs (
  id uuid not null,
  partner_id uuid not null,
  status text not null,
  started_by text not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  -- until when one that was passed counts
  counts_until timestamptz,
  -- each check with what was seen, once it has ended
  report jsonb not null,
  version integer not null,
  record_id uuid not null,
  constraint conformance_runs_pkey primary key (id),
  constraint conformance_runs_partner_fkey foreign key (partner_id) references partners (id),
  constraint conformance_runs_status check (status in ('OPEN', 'PASSED', 'EXPIRED')),
  constraint conformance_runs_ended check ((status = 'OPEN') = (ended_at is null)),
  constraint conformance_runs_counts check ((status = 'PASSED') = (counts_until is not null))
);
create unique index conformance_runs_one_open on conformance_runs (partner_id) where status = 'OPEN';
create index conformance_runs_of_partner on conformance_runs (partner_id, id);
grant update (status, ended_at, counts_until, report, version, record_id) on conformance_runs to tributary_app;
create trigger append_only before delete or truncate on conformance_runs for each statement execute function refuse_change();

-- What a gateway saw of a run while it was open, where nothing else tells of it; in the report once it has ended.
create table conformance_observations (
  run_id uuid not null,
  what text not null,
  -- the client, the consent, the external id or the endpoint
  about text collate "C" not null,
  -- one word or id more: a grant, a contribution, what an endpoint answered
  detail text not null,
  at timestamptz not null default clock_timestamp(),
  constraint conformance_observations_pkey primary key (run_id, what, about),
  constraint conformance_observations_run_fkey foreign key (run_id) references conformance_runs (id),
  constraint conformance_observations_what check (
    what in ('TOKEN_ISSUED', 'REPLAY_REFUSED', 'CODE_EXCHANGED', 'CONTRIBUTION_REPLAYED', 'CONFLICT_REFUSED', 'WEBHOOK_PROBED'))
);
grant update (detail, at), delete on conformance_observations to tributary_app;

-- When the webhooks of an open run are tried next: whoever moves it on tries them.
create table conformance_probes (
  run_id uuid not null,
  next_at timestamptz not null default now(),
  constraint conformance_probes_pkey primary key (run_id),
  constraint conformance_probes_run_fkey foreign key (run_id) references conformance_runs (id)
);
grant update (next_at), delete on conformance_probes to tributary_app;

-- Published: consents that synthetic customers gave at a partner's own request, and what was read under consents.
create index consent_requests_of_partner on consent_requests (partner_id, id);
create view sandbox_consents as
  select c.id as consent_id, c.partner_id, c.customer_id, c.granted_at, c.status, c.ended_at, c.record_id,
         r.record_id as granted_record_id
  from consent_requests r
  join consents c on c.id = r.id
  join customers u on u.id = c.customer_id and u.synthetic;
create view disclosed_reads as
  select d.id as disclosure_id, d.customer_id, d.consent_id, d.at from disclosures d where d.outcome = 'disclosed';
