-- Reads look for a consent by customer, partner and purpose. Without statistics the planner took the index by purpose
-- instead, and read every consent of the purpose for each customer. This one serves consents under an earlier notice alone.
drop index consents_under_notice;
create index consents_under_notice on consents ((purpose || '@' || notice_version::text))
  where status in ('AUTHORISED', 'SUSPENDED');
