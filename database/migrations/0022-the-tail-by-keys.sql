-- Postings that are not folded yet, in an order that leaves the planner no choice: from the records behind the head to their
-- entries, and from those to their postings. It estimates that a third of all records is behind any head, and went through
-- the whole journal for a handful of them.
create or replace function unfolded_postings()
  returns table (account_id uuid, asset text, amount numeric, at timestamptz)
  language plpgsql stable rows 100
  set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  head balance_head;
begin
  select * into head from balance_head where one;
  return query
    select p.account_id, p.asset, p.amount, p.at
    from (
      select r.id from records r where (r.tx_id, r.id) > (head.tx_id, head.record_id) order by r.tx_id, r.id offset 0
    ) r
    cross join lateral (select e.id from journal_entries e where e.record_id = r.id offset 0) e
    cross join lateral (
      select p.account_id, p.asset, p.amount, p.at from postings p where p.entry_id = e.id offset 0
    ) p;
end
$$;
