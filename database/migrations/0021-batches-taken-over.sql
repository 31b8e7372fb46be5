-- How many batches of disclosures are in a log that was taken over from another database. The disclosures themselves are
-- not in a log, so these batches are not kept here; those that are made here count on behind them.
alter table disclosure_head add column taken_over bigint not null default 0,
  add constraint disclosure_head_taken_over check (taken_over between 0 and batch);
grant update (taken_over) on disclosure_head to tributary_app;
