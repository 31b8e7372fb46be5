import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireStatement } from '../settlement/require-statement.ts'
import { answererOf } from './answerer.ts'
import type { Dispute } from './dispute.ts'
import { openingRecord } from './dispute-record.ts'
import { type Disputed, disputedOf, noLine } from './disputed.ts'
import { heldOf } from './held.ts'
import { countDisputes, type DisputableLine, selectDisputable } from './store/disputed-lines.ts'
import { insertDispute, selectDispute } from './store/disputes.ts'
import { holdStanding, type Standing, settleStanding } from './store/standing.ts'

const disputeStatementInput = z.strictObject({
  /** Its number or id. */
  statement: z.string().max(200),
  /** Places of whole rules. Without rules and lines, the statement as a whole is disputed. */
  rules: z.array(z.int().min(1).max(32_767)).max(100).nullish(),
  /** Ids of lines that the partner may see. */
  lines: z.array(z.string().max(60)).max(100).nullish(),
  /** A decimal: how much of the payout is in doubt; what the disputed parts gave when absent. */
  amount: z.string().max(60).nullish(),
  /** Finance reads it. */
  reason: lineOfText(500),
  idempotencyKey: z.string(),
})

export type DisputeStatementInput = z.input<typeof disputeStatementInput> & {
  /** The partner's client; without one, a member of the staff acts on the partner's behalf. */
  readonly caller?: PartnerCaller | undefined
}

const MOST_DISPUTES = 100

/**
 * Disputes rules or lines of an issued statement, or the whole of it. While it is open, what is in doubt is not paid: what
 * the disputed parts gave above zero, or the amount that is named, at most the payout. Throws `NOT_FOUND` for the statement
 * (another partner's, too), its rule, or a line that the partner may not see; `WRONG_STATE` once it is accepted, its days to
 * dispute are over, or the same is disputed already; `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `FORBIDDEN`. Source: ADR 0021.
 */
export async function disputeStatement(
  context: Context,
  { caller, ...input }: DisputeStatementInput,
): Promise<Dispute> {
  const { partner, scope } = answererOf(context, caller)
  const { idempotencyKey: key, reason, ...asked } = parseExactly(disputeStatementInput, input, 'dispute')
  const statement = await requireStatement(context, asked.statement, partner)
  const disputed = disputedOf(statement, asked)
  const { lines, amount = null } = disputed
  const rules = disputed.rules.map(({ ruleNo }) => BigInt(ruleNo))
  const request = { statement: statement.id, rules, lines, amount, reason }
  const { answer } = await once(context, { scope: `${scope}:disputes.open`, key, request }, (tx) =>
    open(context, tx, { statement: statement.id, disputed, reason, caller }),
  )
  const dispute = await selectDispute(context.database.reads, { id: answer })
  invariant(dispute, 'a dispute that was opened is there')
  return dispute
}

type Opening = {
  readonly statement: Id<'sta'>
  readonly disputed: Disputed
  readonly reason: string
  readonly caller: PartnerCaller | undefined
}

async function open(
  context: Context,
  tx: Transaction,
  { statement, disputed, reason, caller }: Opening,
): Promise<Id<'dsp'>> {
  const standing = await holdStanding(tx, statement)
  refuseAnswered(standing, context.clock.now())
  const lines = await selectDisputable(tx, { statement, lines: disputed.lines, caller })
  if (lines.length < disputed.lines.length) throw noLine(standing.number)
  const rules = disputed.rules.map(({ ruleNo }) => ruleNo)
  await refuseSame(tx, standing, { rules, lines })
  const others = lines.filter(({ ruleNo }) => !rules.includes(ruleNo))
  const held = heldOf({ payout: standing.payout, amount: disputed.amount, rules: disputed.rules, lines: others })
  const about = { statement, partner: standing.partner, rules, lines: disputed.lines }
  const objection = { id: newId('dsp'), ...about, held, reason }
  const [record] = await appendRecords(context, tx, [openingRecord(objection)])
  invariant(record, 'a record was appended')
  await insertDispute(tx, objection, { by: context.actor, record })
  await settleStanding(tx, [statement])
  return objection.id
}

function refuseAnswered({ number, status, disputeEndsAt }: Standing, now: Date): void {
  if (status === 'ACCEPTED') throw wrongState(`${number} is accepted: it cannot be disputed any more`)
  if (now < disputeEndsAt) return
  throw wrongState(`${number} could be disputed until ${disputeEndsAt.toISOString()}`)
}

async function refuseSame(
  tx: Transaction,
  { statement, number }: Standing,
  named: { readonly rules: readonly number[]; readonly lines: readonly DisputableLine[] },
): Promise<void> {
  const { all, same } = await countDisputes(tx, { statement, ...named })
  if (same > 0) throw wrongState(`this of ${number} is disputed already`)
  if (all >= MOST_DISPUTES) throw wrongState(`${number} has had ${MOST_DISPUTES} disputes: that is all it can have`)
}

function wrongState(sentence: string): Fault {
  return new Fault('WRONG_STATE', sentence, { field: 'statement' })
}
