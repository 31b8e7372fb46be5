import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { selectAgreement } from '../agreements/store/agreements.ts'
import { decideProposal } from '../decide-proposal.ts'
import { postEntries } from '../journal/post-entries.ts'
import { holdBalances } from '../receivables/store/agreement-owes.ts'
import type { Opening } from './opening.ts'
import { entriesOfOpening } from './opening-entries.ts'
import { decisionRecord } from './opening-record.ts'
import { programmesOf, refuseLocked } from './refuse-locked.ts'
import { holdOpenings, selectOpenedBefore } from './store/hindrances.ts'
import { selectOpening } from './store/openings.ts'

export type DecidingOpening = {
  readonly opening: string
  readonly idempotencyKey: string
  /** Why it is rejected; approved without one. */
  readonly because: string | undefined
}

/** What approving and rejecting have in common: once, on what waits for it, by another person than proposed it. */
export async function decideOpening(context: Context, { opening, ...input }: DecidingOpening): Promise<Opening> {
  const sort = {
    ...({ prefix: 'opn', table: 'openings', scope: 'openings', field: 'opening' } as const),
    missing: 'there are no such opening balances',
    named: (id: string) => `opening balances ${id} were`,
    select: selectOpening,
    recordOf: decisionRecord,
    refuse: refuseHindered,
    carryOut: post,
  }
  return decideProposal(context, sort, { id: opening, ...input })
}

async function post(context: Context, tx: Transaction, opening: Opening): Promise<void> {
  await postEntries(context, tx, entriesOfOpening(opening, await codesOf(tx, opening)))
}

/** From here on no month of the programmes is locked, and nothing else is brought along, until the transaction ends. */
async function refuseHindered(tx: Transaction, opening: Opening): Promise<void> {
  await holdOpenings(tx)
  for (const programme of programmesOf(opening)) await holdBalances(tx, programme)
  await refuseLocked(tx, opening)
  const line = await selectOpenedBefore(tx, opening.id)
  if (line === undefined) return
  throw new Fault('WRONG_STATE', `line ${line}: this balance was brought along already`, { field: `lines.${line - 1}` })
}

async function codesOf(tx: Transaction, { lines }: Opening): Promise<ReadonlyMap<Id<'agr'>, string>> {
  const codes = new Map<Id<'agr'>, string>()
  for (const line of lines) {
    if (line.kind === 'ACCOUNT' || codes.has(line.agreement)) continue
    const agreement = await selectAgreement(tx, line.agreement)
    invariant(agreement, 'an opening balance is of an agreement')
    codes.set(line.agreement, agreement.partnerCode)
  }
  return codes
}
