-- Mails that wait to be sent (ADR 0048). Queued in the transaction that they follow from, gone once a mail server has taken them.
create table mails (
  id uuid not null,
  -- address, subject and text, under a key of the installation: the text may hold a link that is a secret
  sealed bytea not null,
  attempts integer not null default 0,
  -- when it is tried, or tried again
  next_at timestamptz not null default clock_timestamp(),
  -- from when on it is of no use to anybody
  ends_at timestamptz not null,
  constraint mails_pkey primary key (id),
  constraint mails_attempts check (attempts >= 0)
);
create index mails_due on mails (next_at);
create index mails_over on mails (ends_at);
grant update (attempts, next_at), delete on mails to tributary_app;
