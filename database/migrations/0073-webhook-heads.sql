-- Of each order key of an endpoint, the first message that waits is its head: it alone may be sent, and what is due is found
-- among heads, however many wait behind them (docs/webhooks.md). Kept by whoever holds the endpoint's row.
alter table webhook_deliveries add column head boolean not null default false;
update webhook_deliveries d set head = true
where status = 'PENDING' and not exists (
  select from webhook_deliveries b
  where b.endpoint_id = d.endpoint_id and b.order_key = d.order_key and b.status = 'PENDING' and b.seq < d.seq);
create index webhook_deliveries_heads on webhook_deliveries (endpoint_id, next_at) where status = 'PENDING' and head;
drop index webhook_deliveries_due;
grant update (head) on webhook_deliveries to tributary_app;
