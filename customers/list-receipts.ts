import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, parseId } from '../kernel/ids.ts'
import type { LifeStatus, Mover } from './consent.ts'
import { receiptKey } from './receipt-keys.ts'
import { signReceipt } from './sign-receipt.ts'
import { selectSteps } from './store/consent-steps.ts'
import { requireCustomer } from './store/customers.ts'

const MOST_STEPS = 100

/** Who asks for which consent, and the address of this installation, which signs. */
export type ListReceiptsInput = { readonly consentId: string; readonly issuer: string } & (
  | { readonly accountKey: string }
  | { readonly partner: Id<'ptr'> }
)

/** A step in the life of a consent, and the receipt for it. */
export type ConsentReceipt = {
  readonly status: LifeStatus
  readonly by: Mover
  readonly at: Date
  readonly record: Id<'rec'>
  /** A JWS (ES256) over `receiptClaims`, which the published keys alone verify. */
  readonly jws: string
}

/**
 * The receipts of one consent, or of a request that came to nothing, the latest step first, up to a hundred: for the
 * customer whose it is, and for the partner that was given it. They are signed when they are asked for, out of what the log
 * says of the step. Throws `NOT_FOUND`, the same for anybody else's consent as for one that there is not.
 */
export async function listReceipts(context: Context, input: ListReceiptsInput): Promise<readonly ConsentReceipt[]> {
  const { reads } = context.database
  const consent = parseId('cns', input.consentId)
  const whose =
    'partner' in input ? { partner: input.partner } : { customer: (await requireCustomer(reads, input.accountKey)).id }
  const steps = await selectSteps(reads, consent, whose, MOST_STEPS)
  if (steps.length === 0) throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(consent)} here`)
  const key = await receiptKey(context)
  return Promise.all(
    steps.map(async (step) => {
      const jws = await signReceipt(key, input.issuer, step)
      const { status, by, at, record } = step
      return { status, by, at, record, jws }
    }),
  )
}
