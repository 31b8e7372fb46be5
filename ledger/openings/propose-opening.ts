import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { invalid, parseExactly } from '../agreements/parse-exactly.ts'
import type { Opening } from './opening.ts'
import { type ProposedOpening, proposalRecord } from './opening-record.ts'
import { openingLineInput, parseLines } from './parse-lines.ts'
import { refuseLocked } from './refuse-locked.ts'
import { insertOpening, selectOpening } from './store/openings.ts'

const MOST_LINES = 2000

const proposeOpeningInput = z.strictObject({
  /** RFC 3339: from then on we keep the books. Not in the future. */
  cutOver: instant,
  reason: lineOfText(300),
  lines: z.array(openingLineInput).min(1).max(MOST_LINES),
  idempotencyKey: z.string(),
})

export type ProposeOpeningInput = Omit<z.input<typeof proposeOpeningInput>, 'lines'> & {
  /** As they came from outside. */
  readonly lines: unknown
}

/**
 * Proposes balances out of another system. Nothing moves before another person approves them. Throws `INVALID_INPUT` with the
 * path of the fault, `NOT_FOUND`, `ASSET_MISMATCH`, `PERIOD_LOCKED` when it is too late for them, `IDEMPOTENCY_CONFLICT`, and
 * `FORBIDDEN` unless a member of the staff acts. Source: ADR 0025.
 */
export async function proposeOpening(context: Context, input: ProposeOpeningInput): Promise<Opening> {
  requireStaff(context)
  const { idempotencyKey: key, ...asked } = parseExactly(proposeOpeningInput, input, 'opening')
  const request = { ...asked, cutOver: asked.cutOver.toISOString() }
  const { answer } = await once(
    context,
    { scope: `${context.actor}:openings.propose`, key, request },
    async (tx): Promise<Id<'opn'>> => {
      const proposed = await proposalOf(context, tx, asked)
      const [record] = await appendRecords(context, tx, [proposalRecord(proposed)])
      invariant(record, 'a record was appended')
      await insertOpening(tx, proposed, { by: context.actor, record })
      return proposed.id
    },
  )
  const opening = await selectOpening(context.database.reads, answer)
  invariant(opening, 'opening balances that were proposed are there')
  return opening
}

async function proposalOf(
  { clock }: Context,
  tx: Transaction,
  { cutOver, reason, lines: inputs }: Omit<z.output<typeof proposeOpeningInput>, 'idempotencyKey'>,
): Promise<ProposedOpening> {
  if (cutOver > clock.now()) throw invalid('opening', ['cutOver'], 'it is in the future')
  const lines = await parseLines(tx, inputs, cutOver)
  await refuseLocked(tx, { cutOver, lines })
  return { id: newId('opn'), cutOver, reason, lines }
}
