import { randomBytes } from 'node:crypto'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Id, newId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { type CustomerKeys, keysForWriting } from './customer-keys.ts'
import { sealPersonal } from './personal-data.ts'
import { type RecordData, type RecordKind, writeBody } from './record-body.ts'
import { insertRecords, type PreparedRecords, preparedRecords, type RecordRow } from './store/records.ts'

/** A fact for the log. */
export type NewRecord = {
  readonly kind: RecordKind
  readonly data: RecordData
  /** What is personal: written as ciphertext under that customer's key, gone when the customer is erased. */
  readonly personal?: { readonly customer: Id<'cus'>; readonly data: RecordData }
  /** The partner who may have the record and prove it. */
  readonly partner?: Id<'ptr'>
  /** The id it gets, for a caller who must name it before it is written. */
  readonly id?: Id<'rec'>
  /** Who acts, where it is not whom the context acts for. */
  readonly actor?: Actor
}

export type AppendedRecord = { readonly id: Id<'rec'>; readonly at: Date }

const SALT_BYTES = 16

/**
 * Appends facts to the log in the caller's transaction: none of them exists unless it commits. One statement writes any
 * number; the result stands in the order given, and so do the records in the log. They get their sequence numbers later,
 * from the sealer. Throws `WRONG_STATE` when a record is personal to a customer who was erased.
 */
export async function appendRecords(
  context: Context,
  tx: Transaction,
  records: readonly NewRecord[],
): Promise<readonly AppendedRecord[]> {
  if (records.length === 0) return []
  const at = context.clock.now()
  const keys = await keysForWriting(context, tx, customersOf(records))
  const rows = rowsOf(context, records, { at, keys })
  await insertRecords(tx, rows, at)
  return rows.map(({ id }) => ({ id, at }))
}

/** Prepares facts without anything personal. They are in the log when the statement's transaction commits. */
export function prepareRecords(context: Context, records: readonly Omit<NewRecord, 'personal'>[]): PreparedRecords {
  const at = context.clock.now()
  const rows = rowsOf(context, records, { at, keys: new Map() })
  return preparedRecords(rows, at)
}

function rowsOf(
  context: Context,
  records: readonly NewRecord[],
  { at, keys }: { readonly at: Date; readonly keys: CustomerKeys },
): readonly RecordRow[] {
  const salts = randomBytes(SALT_BYTES * records.length).toString('hex')
  return records.map((record, index) => {
    const salt = salts.slice(index * SALT_BYTES * 2, (index + 1) * SALT_BYTES * 2)
    return rowOf(context, record, { at, keys, salt })
  })
}

function customersOf(records: readonly NewRecord[]): ReadonlySet<Id<'cus'>> {
  const customers = new Set<Id<'cus'>>()
  for (const { personal } of records) if (personal) customers.add(personal.customer)
  return customers
}

function rowOf(
  context: Context,
  { kind, data, personal, partner, id = newId('rec'), actor = context.actor }: NewRecord,
  { at, keys, salt }: { readonly at: Date; readonly keys: CustomerKeys; readonly salt: string },
): RecordRow {
  const key = personal && keys.get(personal.customer)
  invariant(!personal || key, 'a personal record needs its customer’s key')
  const sealed = personal && key ? sealPersonal(context, { id, kind }, personal, key) : undefined
  const body = writeBody({ id, kind, actor, at, data, partner, personal: sealed })
  return { id, kind, body, salt, partner }
}
