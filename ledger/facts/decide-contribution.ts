import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { DECISIONS } from './confirmation.ts'
import type { Contribution } from './contribution.ts'
import { decisionFault } from './decision-fault.ts'
import { decisionReason } from './decision-reason.ts'
import { selectDecidable, selectPartnerOf } from './store/contribution-decisions.ts'
import { selectContribution } from './store/contribution-pages.ts'
import { takeFactLocks } from './store/fact-locks.ts'
import { storeDecisions } from './store-decisions.ts'

const decideContributionInput = z
  .strictObject({
    /** Id of the contribution. */
    contribution: z.string().max(60),
    decision: z.enum(DECISIONS),
    reason: decisionReason.nullish().transform((reason) => reason ?? undefined),
    idempotencyKey: z.string().nullish(),
  })
  .refine(({ decision, reason }) => decision === 'CONFIRMED' || reason !== undefined, {
    path: ['reason'],
    error: 'a contribution is rejected for a reason, which its partner reads',
  })

export type DecideContributionInput = z.input<typeof decideContributionInput>
type Wanted = Omit<z.output<typeof decideContributionInput>, 'idempotencyKey' | 'contribution'> & {
  readonly contribution: Id<'ctr'>
}

/**
 * Confirms or rejects, by the word of the person who acts, a contribution that waits for a person; gives it as it stands
 * then. What was confirmed counts once its customer is known, what was rejected counts nowhere. The same decision again
 * changes nothing. Throws `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `WRONG_STATE` for one that waits for
 * nobody or was decided otherwise. Source: ADR 0017.
 */
export async function decideContribution(context: Context, input: DecideContributionInput): Promise<Contribution> {
  const {
    contribution: named,
    idempotencyKey: key,
    ...wanted
  } = parseExactly(decideContributionInput, input, 'decision')
  if (!isId('ctr', named)) throw noContribution()
  const decision = { ...wanted, contribution: named }
  const work = (tx: Transaction): Promise<string> => decideIn(context, tx, decision)
  if (key === undefined || key === null) await context.database.transaction(work)
  else await once(context, { scope: `${context.actor}:contributions.decide`, key, request: decision }, work)
  const decided = await selectContribution(context.database.reads, named)
  invariant(decided, 'a contribution that was decided is there')
  return decided
}

async function decideIn(
  context: Context,
  tx: Transaction,
  { contribution, decision, reason }: Wanted,
): Promise<Id<'ctr'>> {
  const partner = await selectPartnerOf(tx, contribution)
  if (partner === undefined) throw noContribution()
  await takeFactLocks(tx, [`partner:${partner}`])
  const [known] = await selectDecidable(tx, contribution)
  invariant(known, 'a contribution that has a partner is there')
  const fault = decisionFault(known, { decision, reason, by: 'PERSON' })
  if (fault !== undefined) throw fault
  if (known.decided === undefined) {
    await storeDecisions(context, tx, [{ contribution, partner, decision, reason, fact: undefined }])
  }
  return contribution
}

function noContribution(): Fault {
  return new Fault('NOT_FOUND', 'there is no such contribution', { field: 'contribution' })
}
