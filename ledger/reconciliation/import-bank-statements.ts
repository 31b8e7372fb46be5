import type { Context } from '../../database/context.ts'
import { namedId, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { codeOf } from '../../kernel/money.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { BankEntry, BankStatement } from './bank-entry.ts'
import { type BankFile, digestOf, partsOfFile } from './bank-file.ts'
import { identityReader } from './entry-identity.ts'
import { parseBankMapping } from './files/bank-mapping.ts'
import type { ReadEntry, ReadHead, StatementPart } from './files/read-statement.ts'
import { type AccountOf, type KnownAccount, knownAccounts } from './known-accounts.ts'
import { sealCounterparty } from './seal-entry.ts'
import { entriesRecord, statementRecord, type ToldStatement } from './statement-records.ts'
import { countAdded, holdOwnAccount, insertEntries, selectKnown } from './store/bank-entries.ts'
import { insertStatement, selectStatement } from './store/bank-statements.ts'

export type ImportBankStatementsInput = {
  readonly file: BankFile
  /** How the columns of a CSV file are to be read (`tributary-bank-csv/1`); without one the file is camt.053. */
  readonly mapping?: unknown
  /** Code of the account of ours, for files that do not tell it. */
  readonly ownAccount?: string | undefined
  readonly onProgress?: (progress: ImportedSoFar) => void
}

export type ImportedSoFar = { readonly bytes: number; readonly totalBytes: number; readonly entries: number }

export type BankImport = {
  readonly fileDigest: string
  /** Pieces of money in the file, and those that were not known before. */
  readonly entries: number
  readonly added: number
  /** The first thousand of the file. */
  readonly statements: readonly BankStatement[]
}

const BATCH = 500
const MOST_SHOWN = 1000

/**
 * Takes in a bank's file: each piece of money once, however often, in whatever order and in however partial files it comes.
 * The file is read to its end before anything is written: one that is refused changes nothing. Then a batch of entries is one
 * transaction with its record, so that an import that was killed is simply run again. Memory does not grow with the file.
 *
 * Throws `INVALID_INPUT` (the file, the mapping), `NOT_FOUND` (an account that is not ours), `ASSET_MISMATCH`.
 * Source: ADR 0024.
 */
export async function importBankStatements(context: Context, input: ImportBankStatementsInput): Promise<BankImport> {
  const { file } = input
  const mapping = input.mapping === undefined ? undefined : parseBankMapping(input.mapping)
  const accountOf = await knownAccounts(context, input.ownAccount)
  const assetOf = (told: Parameters<AccountOf>[0]) => accountOf(told).asset
  const total = { bytes: 0, totalBytes: file.size * 2, entries: 0 }
  const tell = (bytes: number) => input.onProgress?.({ ...total, bytes })
  const fileDigest = await digestOf(file)
  for await (const part of partsOfFile(file, { mapping, assetOf, onBytes: tell })) {
    if (part.kind === 'ENTRY') total.entries += part.entry.parts.length
  }
  const parts = partsOfFile(file, { mapping, assetOf, onBytes: (done) => tell(file.size + done) })
  return { fileDigest, entries: total.entries, ...(await writeStatements(context, parts, { accountOf, fileDigest })) }
}

/** The parts of each entry together. */
type Batch = readonly (readonly BankEntry[])[]

type Writing = { readonly accountOf: AccountOf; readonly fileDigest: string }

/** A statement that is being written. */
type Open = {
  readonly account: KnownAccount
  readonly told: Omit<ToldStatement, 'added' | 'passedOver'>
  readonly identityOf: (entry: ReadEntry) => string
}

async function writeStatements(
  context: Context,
  parts: AsyncIterable<StatementPart>,
  { accountOf, fileDigest }: Writing,
): Promise<Pick<BankImport, 'added' | 'statements'>> {
  const statements: BankStatement[] = []
  let open: Open | undefined
  let batch: (readonly BankEntry[])[] = []
  let [place, added] = [0, 0]
  for await (const part of parts) {
    if (part.kind === 'HEAD') {
      open = opened(context, accountOf, part.head, { fileDigest, place })
      place += 1
      continue
    }
    invariant(open, 'a statement begins with its head')
    if (part.kind === 'ENTRY') {
      const entries = entriesOf(context, open, part.entry)
      open = { ...open, told: { ...open.told, entries: open.told.entries + entries.length } }
      batch.push(entries)
      if (batch.length < BATCH) continue
      added += await writeEntries(context, open, batch)
    } else {
      added += await writeEntries(context, open, batch)
      const { opening, closing } = part.head ?? open.told
      const statement = await endStatement(context, { ...open.told, opening, closing, passedOver: part.passedOver })
      if (statements.length < MOST_SHOWN) statements.push(statement)
    }
    batch = []
  }
  return { added, statements }
}

function opened(
  context: Context,
  accountOf: AccountOf,
  head: ReadHead,
  { fileDigest, place }: { readonly fileDigest: string; readonly place: number },
): Open {
  const account = accountOf({ number: head.accountNumber, currency: codeOf(head.asset) })
  const { reference, sequence, opening, closing, createdAt: madeAt } = head
  const id = namedId('bst', `${account.id}:${fileDigest}:${place}`)
  return {
    account,
    told: {
      id,
      ownAccount: account.id,
      asset: account.asset,
      reference,
      sequence,
      madeAt,
      opening,
      closing,
      fileDigest,
      entries: 0,
    },
    identityOf: identityReader(context.keyring.key('bank-entry-fingerprints')),
  }
}

function entriesOf(context: Context, { account, told, identityOf }: Open, entry: ReadEntry): readonly BankEntry[] {
  const { parts, minor: _, ...common } = entry
  const identity = identityOf(entry)
  return parts.map(({ references, counterparty, ...part }, index) => {
    const id = newId('bke')
    const place = { id, ownAccount: account.id, statement: told.id, asset: account.asset, identity, part: index }
    return { ...common, ...place, ...part, ...references, ...sealCounterparty(context, id, counterparty) }
  })
}

/** Under the account's lock: of two files that tell an entry at once, one is first. Says how many were not known. */
async function writeEntries(context: Context, { account }: Open, batch: Batch): Promise<number> {
  return context.database.transaction(async (tx) => {
    await holdOwnAccount(tx, account.id)
    const known = await selectKnown(
      tx,
      account.id,
      batch.flatMap(([first]) => (first === undefined ? [] : [first.identity])),
    )
    const fresh = unknownOf(batch, new Set(known))
    const [first] = fresh
    if (first === undefined) return 0
    const [record] = await appendRecords(context, tx, [entriesRecord(first, fresh)])
    invariant(record, 'a record was appended')
    await insertEntries(tx, fresh, record)
    return fresh.length
  })
}

/** The parts of an entry are new together, or known together. */
function unknownOf(batch: Batch, known: Set<string>): readonly BankEntry[] {
  return batch.flatMap((parts) => {
    const identity = parts[0]?.identity ?? ''
    if (known.has(identity)) return []
    known.add(identity)
    return parts
  })
}

async function endStatement(context: Context, told: Omit<ToldStatement, 'added'>): Promise<BankStatement> {
  await context.database.transaction(async (tx) => {
    await holdOwnAccount(tx, told.ownAccount)
    if ((await selectStatement(tx, told.id)) !== undefined) return
    const whole: ToldStatement = { ...told, added: await countAdded(tx, told.id) }
    const [record] = await appendRecords(context, tx, [statementRecord(whole)])
    invariant(record, 'a record was appended')
    await insertStatement(tx, whole, { by: context.actor, record })
  })
  const statement = await selectStatement(context.database.reads, told.id)
  invariant(statement, 'a statement that was written is there')
  return statement
}
