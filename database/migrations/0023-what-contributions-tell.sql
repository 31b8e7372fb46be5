-- What the rules beside referrals look at: a course and how much of it there is, what traffic is counted in, how well a
-- service went, and who referred the customer.
alter table contributions add column course text collate "C";
-- of a course, in all; how much of it is done is the quantity
alter table contributions add column units numeric(38,0);
-- what traffic is counted in; how many is the quantity
alter table contributions add column unit text collate "C";
alter table contributions add column score numeric(38,0);
-- who referred the customer, where it was a customer; never shown
alter table contributions add column referrer_customer_id uuid;
alter table contributions add constraint contributions_course check (num_nulls(course, units) in (0, 2) and units > 0);
alter table contributions add constraint contributions_traffic_unit check (unit is null or kind = 'TRAFFIC');

-- Traffic is counted, whoever it is.
alter table contributions drop constraint contributions_name_one_customer;
alter table contributions add constraint contributions_name_one_customer check (
  num_nonnulls(subject, lead) = 1
  or (num_nonnulls(subject, lead) = 0 and customer_id is not null and fingerprint = 'erased')
  or (num_nonnulls(subject, lead) = 0 and customer_id is null and kind = 'TRAFFIC')
);
alter table contributions drop constraint contributions_confirmed_customer;
alter table contributions add constraint contributions_confirmed_customer check (
  status <> 'CONFIRMED' or customer_id is not null or (kind = 'TRAFFIC' and subject is null and lead is null)
);
drop trigger append_only_facts on contributions;
create trigger append_only_facts before update of
  id, partner_id, external_id, kind, agreement_id, occurred_at, quantity, asset, amount, campaign, market,
  product_source, product_external_id, course, units, unit, score, record_id, recorded_at on contributions
  for each statement execute function refuse_change();
create index contributions_by_kind on contributions (partner_id, kind, occurred_at) where status = 'CONFIRMED';
create index contributions_of_customer on contributions (customer_id, occurred_at) where status = 'CONFIRMED';
