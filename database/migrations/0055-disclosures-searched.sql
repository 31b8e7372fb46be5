-- Compliance looks for what a partner read in a span of time. A customer's are found by disclosures_of_customer, a consent's
-- by those of its customer, and everybody's in a short span by the primary key.
create index disclosures_of_partner on disclosures (partner_id, at, id);
