import postgres from 'postgres'
import { translateDatabaseError } from './constraint-faults.ts'

/** Where the database is and who we are there. */
export type DatabaseAddress = {
  /** A URL, or a socket folder with a user and a database. */
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly database?: string
  /** Role taken at once on each connection; RESET ROLE leads back to it. */
  readonly role?: string
}

/** A pool of connections; `begin` is for {@link Database.transaction} alone. */
export type Pool = postgres.Sql<Record<string, never>>

/** Reads: a pool or an open transaction. */
export type Reader = postgres.ISql<Record<string, never>>

declare const transactionBrand: unique symbol

/** An open transaction. A writer asks for it, so that a bare pool given to a writer does not compile. */
export type Transaction = postgres.TransactionSql<Record<string, never>> & { readonly [transactionBrand]: true }

/** What may differ from one transaction to the next. */
export type TransactionOptions = {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** Longest time for one statement in it; the pool's own otherwise. */
  readonly statementTimeoutSeconds?: number
  /** Longest wait for another transaction; without end unless given. */
  readonly lockTimeoutMs?: number
}

/** The application's access to PostgreSQL. Pools are apart, so that a flood of reads cannot hold up the ledger. */
export type Database = {
  /** Where it is, for a thread that opens pools of its own. */
  readonly address: DatabaseAddress
  /** Pool for reads. */
  readonly reads: Reader
  /** Pool for the gathered statement that reads tags and writes disclosures. */
  readonly disclosures: Reader
  /** Pool for the gathered statement that posts entries of the journal: it does not wait long for anybody. */
  readonly entries: Reader
  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws. Never await the network in it.
   * A violated constraint becomes its fault (`constraint-faults.ts`).
   */
  readonly transaction: <T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions) => Promise<T>
  /**
   * Transactions on one connection of its own, which is closed when the work ends: what they keep in temporary tables is
   * there for the next, is seen by nobody else, and is gone afterwards.
   */
  readonly aside: <T>(work: (transaction: Database['transaction']) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

const SECONDS = 1000
/** How long gathered entries wait for somebody else's transaction, before each waits alone. */
export const LOCK_PATIENCE_MS = 100

/** Opens the pools of the application. Connections are made when first needed. */
export function openDatabase(address: DatabaseAddress, applicationName: string, size = 10): Database {
  const writes = openPool(address, applicationName, size)
  const reads = openPool(address, `${applicationName}:reads`, size)
  const disclosures = openPool(address, `${applicationName}:disclosures`, 2)
  const entries = openPool(address, `${applicationName}:entries`, 2, { lockTimeoutMs: LOCK_PATIENCE_MS })
  return {
    address,
    reads,
    disclosures,
    entries,
    transaction: (work, options) => transact(writes, work, options ?? {}),
    aside: async (work) => {
      const alone = openPool(address, `${applicationName}:aside`, 1, { idleSeconds: 0 })
      return work((inner, options) => transact(alone, inner, options ?? {})).finally(() => alone.end({ timeout: 5 }))
    },
    close: async () => {
      await Promise.all([writes, reads, disclosures, entries].map((pool) => pool.end({ timeout: 5 })))
    },
  }
}

/** What may differ from one pool to the next. */
export type PoolOptions = {
  /** After which an idle connection is closed; 0 for never. */
  readonly idleSeconds?: number
  /** Longest wait of a statement for another transaction; without end unless given. */
  readonly lockTimeoutMs?: number
}

/**
 * Opens one pool. Times come back as `Date`, `int8` and `numeric` as text (`BigInt(…)` them); a bigint parameter is
 * passed as text with a cast. JSON parameters are given as text, so that drizzle and raw SQL agree.
 */
export function openPool(
  address: DatabaseAddress,
  applicationName: string,
  size: number,
  { idleSeconds = 30, lockTimeoutMs }: PoolOptions = {},
): Pool {
  const { url, role, ...rest } = address
  const options: postgres.Options<Record<string, postgres.PostgresType>> = {
    ...withoutAbsent(rest),
    max: size,
    connect_timeout: 10,
    idle_timeout: idleSeconds,
    // whoever keeps something in the connection itself, such as a lock, must not lose it to the driver's renewal
    ...(idleSeconds === 0 ? { max_lifetime: null } : {}),
    onnotice: () => {},
    transform: { undefined: null },
    types: { json: JSON_AS_TEXT },
    connection: {
      application_name: applicationName,
      statement_timeout: 60 * SECONDS,
      idle_in_transaction_session_timeout: 60 * SECONDS,
      timezone: 'UTC',
      ...(lockTimeoutMs === undefined ? {} : { lock_timeout: lockTimeoutMs }),
      ...(role === undefined ? {} : { role }),
    } as Record<string, string | number>,
  }
  return asPool(url === undefined ? postgres(options) : postgres(withoutSocket(url), { ...options, ...socketOf(url) }))
}

/** The folder of a Unix socket in `?host=/folder`, as libpq has it; postgres.js takes it as an option. */
function socketOf(url: string): { readonly host?: string } {
  const host = new URL(url).searchParams.get('host')
  return host === null ? {} : { host }
}

function withoutSocket(url: string): string {
  const bare = new URL(url)
  bare.searchParams.delete('host')
  return bare.href
}

/** Safe because our one type of its own, JSON, takes text as a parameter like any other. */
function asPool(sql: postgres.Sql<Record<string, unknown>>): Pool {
  return sql as unknown as Pool
}

const JSON_AS_TEXT = {
  to: 114,
  from: [114, 3802],
  serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse: (text: string): unknown => JSON.parse(text),
}

function withoutAbsent<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>
}

async function transact<T>(
  pool: Pool,
  work: (tx: Transaction) => Promise<T>,
  { isolation, statementTimeoutSeconds, lockTimeoutMs }: TransactionOptions,
): Promise<T> {
  try {
    const result = await pool.begin(isolation === undefined ? '' : `isolation level ${isolation}`, async (tx) => {
      if (statementTimeoutSeconds !== undefined)
        await tx.unsafe(`set local statement_timeout = '${statementTimeoutSeconds}s'`)
      if (lockTimeoutMs !== undefined) await tx.unsafe(`set local lock_timeout = '${lockTimeoutMs}ms'`)
      return { value: await work(asTransaction(tx)) }
    })
    return result.value
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

/** Runs the work in a savepoint: when it throws, only what it did is taken back. Errors come as the database gave them. */
export async function savepoint(tx: Transaction, work: (tx: Transaction) => Promise<void>): Promise<void> {
  await tx.savepoint(async (inner) => work(asTransaction(inner)))
}

/** Safe because it is called only with what `begin` or `savepoint` hands out; the brand exists in types alone. */
function asTransaction(tx: postgres.TransactionSql<Record<string, never>>): Transaction {
  return tx as Transaction
}
