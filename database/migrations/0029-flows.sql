-- What came in and went out of a customer's assets, so that net flows can be told from balances.
alter table revenue_events drop constraint revenue_events_base;
alter table revenue_events add constraint revenue_events_base
  check (base in ('COMMISSION', 'VOLUME', 'ASSETS', 'FEE', 'FLOWS'));
