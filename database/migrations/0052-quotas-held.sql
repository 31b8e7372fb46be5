-- What callers have spent of their quotas, over all processes. A row says until when its quota is not whole again: each request
-- puts that off by its share of a minute, and is refused when it would be more than a minute away (the generic cell rate
-- algorithm of ATM Forum TM 4.0, §4.4.2). What is lost in a crash is a minute of counting, so nothing waits for the disk:
-- a transaction that writes here alone flushes no log.
create unlogged table spent_points (
  key text not null,
  full_at timestamptz not null,
  constraint spent_points_pkey primary key (key)
) with (fillfactor = 50);
grant select, insert, update, delete on spent_points to tributary_app;
