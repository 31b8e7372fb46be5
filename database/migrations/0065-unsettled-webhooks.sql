-- What waits and what was given up is counted at each scrape of the metrics, without what was delivered.
create index webhook_deliveries_unsettled on webhook_deliveries (status, created_at) where status <> 'DELIVERED';
