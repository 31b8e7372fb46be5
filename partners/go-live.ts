import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { onceIfKeyed } from '../records/once-if-keyed.ts'
import { movePartner } from './move-partner.ts'
import type { Partner } from './partner.ts'
import { requirePartner } from './store/partners.ts'

const goLiveInput = z.strictObject({ partner: lineOfText(60), idempotencyKey: z.string().optional() })

/** The partner by id or code. */
export type GoLiveInput = z.input<typeof goLiveInput>

/**
 * Takes a partner from the sandbox to real customers. Throws `NOT_FOUND`, `WRONG_STATE` unless it is in the sandbox, and
 * `NOT_READY` with what it still lacks (`gates.ts`), and `IDEMPOTENCY_CONFLICT`.
 */
export async function goLive(context: Context, input: GoLiveInput): Promise<Partner> {
  const { idempotencyKey: key, ...request } = parseWith(goLiveInput, input, 'partner')
  await onceIfKeyed(context, { scope: `${context.actor}:partners.go-live`, key, request }, async (tx) => {
    const partner = await requirePartner(tx, request.partner)
    if (partner.status !== 'SANDBOX') {
      throw new Fault('WRONG_STATE', `partner ${partner.code} is ${partner.status}: only from SANDBOX does one go live`)
    }
    await movePartner(context, tx, { partner, to: 'LIVE', reason: 'went live' })
    return null
  })
  return requirePartner(context.database.reads, request.partner)
}
