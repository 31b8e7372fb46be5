-- Who referred a customer is told by a record of its own, under that person's key; it names the one once.
grant update (referrer_customer_id) on contributions to tributary_app;
create trigger append_only_referrer before update of referrer_customer_id on contributions
  for each row when (old.referrer_customer_id is not null and new.referrer_customer_id is distinct from old.referrer_customer_id)
  execute function refuse_change();
create index contributions_of_course on contributions (partner_id, course, customer_id, occurred_at)
  where course is not null;
