-- Points: who has an account of them, in which lots they were earned, what became of them, and what they are given for.
-- Rows are projections of the records of the kinds 'points' and 'reward'. All of it is appended, nothing changes.

-- Customers whose key was destroyed: they are given nothing new.
create view erased_customers as select customer_id from customer_keys where erased_at is not null;

-- The journal knows whose points these are by the account's id alone, which tells nothing of a customer.
create table points_accounts (
  id uuid not null,
  customer_id uuid,
  partner_id uuid,
  record_id uuid not null,
  constraint points_accounts_pkey primary key (id),
  constraint points_accounts_customer_key unique (customer_id),
  constraint points_accounts_partner_key unique (partner_id),
  constraint points_accounts_of_one check (num_nonnulls(customer_id, partner_id) = 1)
);
select guard_append_only('points_accounts');
-- Whoever moves points of an account holds its row, for which PostgreSQL asks for this right; the guard refuses to use it.
grant update (id) on points_accounts to tributary_app;

-- Points that were earned by one rule for one referral, and the money that is set aside for them.
create table points_lots (
  id uuid not null,
  account_id uuid not null,
  -- from 1, in the order in which the account got them: the smaller is the older
  no integer not null,
  points numeric(38,0) not null,
  -- minor units of the asset
  asset text collate "C" not null,
  money numeric(38,0) not null,
  earned_at timestamptz not null,
  -- from this instant on they cannot be used
  expires_at timestamptz not null,
  programme_id uuid not null,
  agreement_id uuid not null,
  terms_id uuid not null,
  -- place within the terms' rules, from 0
  rule_place smallint not null,
  contribution_id uuid not null,
  beneficiary text not null,
  record_id uuid not null,
  constraint points_lots_pkey primary key (id),
  constraint points_lots_account_fkey foreign key (account_id) references points_accounts (id),
  constraint points_lots_no_key unique (account_id, no),
  constraint points_lots_earned_once unique (contribution_id, terms_id, rule_place, beneficiary),
  constraint points_lots_amounts check (no > 0 and points > 0 and money >= 0),
  constraint points_lots_span check (expires_at > earned_at),
  constraint points_lots_beneficiary check (beneficiary in ('REFERRER', 'REFERRED', 'PARTNER'))
);
create index points_lots_expiring on points_lots (expires_at);
select guard_append_only('points_lots');

-- What one version of a reward takes and gives; the last version holds.
create table rewards (
  code text collate "C" not null,
  version integer not null,
  name_en text not null,
  name_zh text not null,
  points numeric(38,0) not null,
  -- who supplies it and what is owed for it; the house where there is nobody
  partner_id uuid,
  asset text collate "C",
  minor numeric(38,0),
  status text not null,
  record_id uuid not null,
  constraint rewards_pkey primary key (code, version),
  constraint rewards_code_form check (code ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  constraint rewards_amounts check (version > 0 and points > 0 and minor >= 0),
  constraint rewards_supplied check (num_nonnulls(partner_id, asset, minor) in (0, 3)),
  constraint rewards_status check (status in ('ACTIVE', 'RETIRED'))
);
select guard_append_only('rewards');

-- What changed a balance, and by how much.
create table points_moves (
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  points numeric(38,0) not null,
  at timestamptz not null,
  lot_id uuid,
  reward_code text collate "C",
  reward_version integer,
  reason text,
  record_id uuid not null,
  constraint points_moves_pkey primary key (id),
  constraint points_moves_account_fkey foreign key (account_id) references points_accounts (id),
  constraint points_moves_lot_fkey foreign key (lot_id) references points_lots (id),
  constraint points_moves_reward_fkey foreign key (reward_code, reward_version) references rewards (code, version),
  constraint points_moves_kind check (kind in ('EARNED', 'REDEEMED', 'EXPIRED', 'REVERSED')),
  constraint points_moves_sign check (case kind when 'EARNED' then points > 0 else points < 0 end),
  constraint points_moves_about check (
    (kind = 'REDEEMED') = (lot_id is null) and (kind = 'REVERSED') = (reason is not null)
    and num_nonnulls(reward_code, reward_version) = case kind when 'REDEEMED' then 2 else 0 end
  )
);
create unique index points_moves_once on points_moves (lot_id, kind) where lot_id is not null;
create index points_moves_of_account on points_moves (account_id, id) include (points);
select guard_append_only('points_moves');

-- What a move took out of a lot, points and their money. One that earns takes of its own lot what the account owed.
create table points_parts (
  move_id uuid not null,
  lot_id uuid not null,
  points numeric(38,0) not null,
  money numeric(38,0) not null,
  constraint points_parts_pkey primary key (move_id, lot_id),
  constraint points_parts_move_fkey foreign key (move_id) references points_moves (id),
  constraint points_parts_lot_fkey foreign key (lot_id) references points_lots (id),
  constraint points_parts_amounts check (points > 0 and money >= 0)
);
create index points_parts_of_lot on points_parts (lot_id) include (points, money);
select guard_append_only('points_parts');

-- A lot gives what it holds and no more, and its money goes with its last point.
create function refuse_overdrawn_lots() returns trigger language plpgsql as $$
declare
  found uuid;
begin
  select l.id into found
  from (select distinct lot_id from added) a join points_lots l on l.id = a.lot_id
  cross join lateral (
    select sum(p.points) as points, sum(p.money) as money from points_parts p where p.lot_id = l.id
  ) taken
  where taken.points > l.points or taken.money > l.money or (taken.points = l.points and taken.money <> l.money)
  limit 1;
  if found is not null then
    raise exception 'the lot % does not hold what is taken out of it', found
      using errcode = 'check_violation', constraint = 'points_lots_not_overdrawn';
  end if;
  return null;
end
$$;
create trigger points_lots_not_overdrawn after insert on points_parts
  referencing new table as added for each statement execute function refuse_overdrawn_lots();
