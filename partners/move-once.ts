import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { once } from '../records/once.ts'
import { movePartner } from './move-partner.ts'
import type { Partner, PartnerStatus } from './partner.ts'
import { requirePartner } from './store/partners.ts'

const holdInput = z.strictObject({ partner: lineOfText(60), reason: lineOfText(500), idempotencyKey: z.string() })

/** The partner by id or code, and why: the partner can read the reason. */
export type HoldInput = z.input<typeof holdInput>

type HoldMove = {
  readonly verb: 'suspend' | 'resume'
  readonly input: HoldInput
  readonly from: PartnerStatus
  readonly to: PartnerStatus
}

/** What suspending and resuming have in common: one move, once for a key. The partner is given as it is afterwards. */
export async function moveOnce(context: Context, { verb, input, from, to }: HoldMove): Promise<Partner> {
  const { idempotencyKey: key, ...request } = parseWith(holdInput, input, verb)
  await once(context, { scope: `${context.actor}:partners.${verb}`, key, request }, async (tx) => {
    const partner = await requirePartner(tx, request.partner)
    if (partner.status !== from) {
      throw new Fault(
        'WRONG_STATE',
        `partner ${partner.code} is ${partner.status}: only one that is ${from} becomes ${to}`,
      )
    }
    await movePartner(context, tx, { partner, to, reason: request.reason })
    return null
  })
  return requirePartner(context.database.reads, request.partner)
}
