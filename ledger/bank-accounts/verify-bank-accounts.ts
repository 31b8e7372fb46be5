import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Finding } from '../../records/verify/findings.ts'
import type { BankAccountDetails } from './bank-details.ts'
import { faceOf } from './face-of.ts'
import { openDetails } from './seal-details.ts'
import { countSealed, type SealedFace, selectSealedFaces } from './store/sealed-faces.ts'

export type VerifyBankAccountsInput = {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

const PAGE = 500

/**
 * Checks that the details of every bank account, a partner's or ours, open in their row and are what the row shows: what is sealed
 * is not compared with the log, since the key may have been renewed. It may run beside a rotation. Source: ADR 0022.
 */
export async function verifyBankAccounts(
  context: Context,
  { onProgress }: VerifyBankAccountsInput = {},
): Promise<readonly Finding[]> {
  const { reads } = context.database
  const total = await countSealed(reads)
  const found: Finding[] = []
  let done = 0
  for (const table of ['bank_accounts', 'own_accounts'] as const) {
    let page = await selectSealedFaces(reads, table, { limit: PAGE })
    while (page.length > 0) {
      found.push(...page.flatMap((row) => findingOf(context, row)))
      done += page.length
      onProgress?.({ done: Math.min(done, total), total })
      page = await selectSealedFaces(reads, table, { limit: PAGE, behind: page.at(-1)?.id })
    }
  }
  return found
}

function findingOf(context: Context, row: SealedFace): readonly Finding[] {
  const where = `bank account ${row.id}`
  const details = openedOf(context, row)
  if (details === undefined) return [{ where, what: 'its details do not open' }]
  const { asset, scheme, country, bankCode, masked } = row
  const face = JSON.stringify({ asset, scheme, country, bankCode, masked })
  return JSON.stringify(faceOf(asset, details)) === face ? [] : [{ where, what: 'its details are not what it shows' }]
}

function openedOf(context: Context, { id, keyVersion, sealed }: SealedFace): BankAccountDetails | undefined {
  try {
    return openDetails(context, id, { keyVersion, sealed })
  } catch (error) {
    if (error instanceof Fault && error.code === 'SEAL_BROKEN') return undefined
    throw error
  }
}
