import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { movePartner } from './move-partner.ts'
import type { Partner } from './partner.ts'
import { requirePartner } from './store/partners.ts'

const goLiveInput = z.strictObject({ partner: lineOfText(60) })

/** The partner by id or code. */
export type GoLiveInput = z.input<typeof goLiveInput>

/**
 * Takes a partner from the sandbox to real customers. Throws `NOT_FOUND`, `WRONG_STATE` unless it is in the sandbox, and
 * `NOT_READY` with what it still lacks (`gates.ts`).
 */
export async function goLive(context: Context, input: GoLiveInput): Promise<Partner> {
  const { partner: named } = parseWith(goLiveInput, input, 'partner')
  return context.database.transaction(async (tx) => {
    const partner = await requirePartner(tx, named)
    if (partner.status !== 'SANDBOX') {
      throw new Fault('WRONG_STATE', `partner ${partner.code} is ${partner.status}: only from SANDBOX does one go live`)
    }
    return movePartner(context, tx, { partner, to: 'LIVE', reason: 'went live' })
  })
}
