import { type DatabaseAddress, openPool, type Pool } from '../../database/client.ts'

/** The textbook's ledger: a row with a balance for each account, locked and updated by each posting. */
export type Textbook = {
  readonly post: (entry: { readonly from: string; readonly to: string; readonly minor: bigint }) => Promise<void>
  readonly close: () => Promise<void>
}

const SCHEMA = `
  create table accounts (id bigint primary key, name text not null unique);
  create table balances (
    account_id bigint primary key references accounts (id), amount numeric(38,0) not null
  ) with (fillfactor = 50);
  create table entries (
    id uuid primary key default gen_random_uuid(), reference text not null unique, at timestamptz not null,
    description text not null
  );
  create table postings (
    entry_id uuid not null references entries (id), line integer not null,
    account_id bigint not null references accounts (id), asset text not null, amount numeric(38,0) not null,
    primary key (entry_id, line)
  );
  create index postings_of_account on postings (account_id, entry_id);`

/** Opens it on an empty database, with its accounts. */
export async function openTextbook(
  address: DatabaseAddress,
  accounts: readonly string[],
  clients: number,
): Promise<Textbook> {
  const pool = openPool(address, 'tributary:bench:textbook', clients)
  await pool.unsafe(SCHEMA)
  await pool`
    insert into accounts (id, name) select n, name from unnest(${accounts}::text[]) with ordinality as a (name, n)`
  await pool`insert into balances (account_id, amount) select id, 0 from accounts`
  const ids = new Map(accounts.map((name, index) => [name, index + 1]))
  let made = 0
  const reference = (): string => `textbook:${++made}`
  return {
    post: ({ from, to, minor }) => {
      const legs = [
        { account: ids.get(from) ?? 0, amount: -minor },
        { account: ids.get(to) ?? 0, amount: minor },
      ]
      return post(pool, reference(), legs)
    },
    close: () => pool.end(),
  }
}

/** One transaction: the entry, its postings, and both balances, locked in order of their accounts. */
async function post(
  pool: Pool,
  reference: string,
  legs: readonly { readonly account: number; readonly amount: bigint }[],
): Promise<void> {
  const accounts = legs.map(({ account }) => account)
  const amounts = legs.map(({ amount }) => String(amount))
  await pool.begin(async (tx) => {
    const [entry] = await tx<{ id: string }[]>`
      insert into entries (reference, at, description) values (${reference}, now(), 'Transfer') returning id`
    await tx`
      insert into postings (entry_id, line, account_id, asset, amount)
      select ${entry?.id ?? ''}::uuid, n - 1, account, 'CNY/2', amount
      from unnest(${accounts}::bigint[], ${amounts}::text[]::numeric[]) with ordinality as p (account, amount, n)`
    await tx`
      select from balances where account_id = any (${accounts}::bigint[]) order by account_id for update`
    await tx`
      update balances b set amount = b.amount + p.amount
      from unnest(${accounts}::bigint[], ${amounts}::text[]::numeric[]) as p (account, amount)
      where b.account_id = p.account`
  })
}
