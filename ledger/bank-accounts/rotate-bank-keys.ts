import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { openDetails, sealDetails } from './seal-details.ts'
import {
  countOlder,
  holdOlder,
  insertKeyVersion,
  resealRow,
  type SealedTable,
  seizeKeyVersion,
} from './store/key-versions.ts'

export type RotateBankKeysInput = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export type Rotated = {
  /** The version under which every account is sealed now. */
  readonly version: number
  /** How many were sealed anew by this run. */
  readonly resealed: number
  /** Whether it carried on what had begun before. */
  readonly resumed: boolean
}

const BATCH = 100

/**
 * Begins a new version of the key that seals bank accounts and seals all of them under it, batch by batch; whoever opens an
 * account meanwhile finds it under one version or the other. Where a rotation was broken off, that one is finished instead and
 * none begun. Throws `SEAL_BROKEN` that names an account which does not open, and `FORBIDDEN` unless a member of the staff acts.
 * Source: ADR 0022.
 */
export async function rotateBankKeys(context: Context, { onProgress }: RotateBankKeysInput = {}): Promise<Rotated> {
  requireStaff(context)
  const { version, resumed } = await context.database.transaction((tx) => begin(context, tx))
  const { reads } = context.database
  const total = await countOlder(reads, version)
  let resealed = 0
  while ((await countOlder(reads, version)) > 0) {
    for (const table of ['bank_accounts', 'own_accounts'] as const) {
      resealed += await context.database.transaction((tx) => resealSome(context, tx, { table, version }))
      onProgress?.({ done: Math.min(resealed, total), total })
    }
  }
  return { version, resealed, resumed }
}

async function begin(
  context: Context,
  tx: Transaction,
): Promise<{ readonly version: number; readonly resumed: boolean }> {
  const current = await seizeKeyVersion(tx)
  if ((await countOlder(tx, current)) > 0) return { version: current, resumed: true }
  const version = current + 1
  const [record] = await appendRecords(context, tx, [
    { kind: 'bank_account', data: { event: 'KEY_BEGUN', version: BigInt(version) } },
  ])
  invariant(record, 'a record was appended')
  await insertKeyVersion(tx, version, { by: context.actor, record })
  return { version, resumed: false }
}

type Step = { readonly table: SealedTable; readonly version: number }

async function resealSome(context: Context, tx: Transaction, { table, version }: Step): Promise<number> {
  const older = await holdOlder(tx, table, { version, limit: BATCH })
  for (const { id, ...sealed } of older) {
    const details = openDetails(context, id, sealed)
    await resealRow(tx, table, id, sealDetails(context, id, { details, keyVersion: version }))
  }
  return older.length
}
