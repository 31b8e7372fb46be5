-- How far each import of a file has come. A batch of lines, its progress and its record are one transaction,
-- so that an import which was killed goes on where it stopped.
create table imports (
  id uuid not null,
  kind text not null,
  source text not null,
  file_name text not null,
  -- SHA-256 of the file's bytes: progress counts only for the very same bytes
  file_digest text not null,
  -- SHA-256 of everything else that decides what a line means (format, delimiter, mapping)
  mapping_digest text not null,
  file_bytes bigint not null,
  status text not null default 'RUNNING',
  -- physical lines and bytes of the file that are done, its header included
  lines_done bigint not null default 0,
  bytes_done bigint not null default 0,
  created bigint not null default 0,
  changed bigint not null default 0,
  unchanged bigint not null default 0,
  refused bigint not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  constraint imports_pkey primary key (id),
  constraint imports_status check (status in ('RUNNING', 'DONE')),
  constraint imports_progress check (bytes_done between 0 and file_bytes and lines_done >= 0)
);
-- One unfinished import of the same bytes with the same meaning: the one to go on with.
create unique index imports_running on imports (kind, source, file_digest, mapping_digest) where status = 'RUNNING';
create index imports_by_start on imports (started_at, id);
grant update (status, lines_done, bytes_done, created, changed, unchanged, refused, updated_at) on imports to tributary_app;

-- Lines that were refused, and why; never what stood in them.
create table import_refusals (
  import_id uuid not null,
  line bigint not null,
  code text not null,
  message text not null,
  field text,
  constraint import_refusals_pkey primary key (import_id, line),
  constraint import_refusals_import foreign key (import_id) references imports (id)
);
select guard_append_only('import_refusals');
