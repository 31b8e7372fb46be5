import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { addMonths, type Month, monthSpan, parseMonth } from '../../kernel/month.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { parseTermsOf } from '../agreements/parse-terms-of.ts'
import type { Programme } from '../agreements/programme.ts'
import { requireMember } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import { bodyOf, hashOfBody } from '../agreements/terms-body.ts'
import { isPoolRule } from '../splits/pool-rule.ts'
import { gatherSimulation } from './gather-simulation.ts'
import { membersUntil } from './members-until.ts'
import { type ProgrammeFacts, termsIn } from './programme-facts.ts'
import type { Side, Simulation } from './simulation.ts'
import { splitPeriod } from './split-period.ts'

export type SimulateTermsInput = {
  /** Code or id. */
  readonly programme: string
  /** As they came from outside. */
  readonly terms: unknown
  /** The first month and the last, such as `2026-01`; the first alone unless given. */
  readonly from: string
  readonly to?: string | undefined
  /** Code or id: only this partner is told of. */
  readonly partner?: string | undefined
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined
  /** How long it may take; 3600 unless given. */
  readonly patienceSeconds?: number | undefined
  /** When it fires, the simulation stops at its next batch of facts with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A step is one month under one of the terms. */
export type SimulationProgress = {
  readonly step: number
  readonly steps: number
  readonly month: Month
  /** Facts read in all. */
  readonly facts: number
}

const TOO_LONG = 'it takes too long: try fewer months or one partner, or the command line'
const SIDES: readonly Side[] = ['today', 'tried']
const MOST_MONTHS = 24
const PATIENCE_SECONDS = 3600

/**
 * Tries terms on the facts that are stored: what they would have earned each partner in some months beside what the terms
 * in force earn, both as of now, from the same snapshot. The terms that are tried govern everything in the months, also
 * windows that were opened before; their version and beginning do not matter. It writes nothing: the database itself
 * refuses writes in its transaction. Points are not money and are left out.
 *
 * Where no rule of either terms makes one member's money depend on what others did, only the facts of the asked partner are
 * read. Throws `INVALID_INPUT` with the path of the fault (also for more than 24 months), `NOT_FOUND` for the programme or
 * the partner, and `TIMEOUT`.
 */
export async function simulateTerms(context: Context, input: SimulateTermsInput): Promise<Simulation> {
  const { reads } = context.database
  const programme = await requireProgramme(reads, input.programme)
  const months = monthsOf(input)
  const tried = triedTerms(programme, input.terms)
  const partner = input.partner === undefined ? undefined : await requireMember(reads, input.partner)
  return context.database.transaction(
    async (tx) => {
      await tx`set transaction read only`
      return simulate(tx, { programme, months, tried, partner, now: context.clock.now(), input })
    },
    { isolation: 'repeatable read', statementTimeoutSeconds: input.patienceSeconds ?? PATIENCE_SECONDS },
  )
}

function monthsOf({ from, to = from }: SimulateTermsInput): readonly Month[] {
  const [first, last] = [parseMonth(from), parseMonth(to)]
  if (last < first) throw new Fault('INVALID_INPUT', `to: ${last} is before ${first}`, { field: 'to' })
  const months: Month[] = []
  for (let month = first; month <= last; month = addMonths(month, 1)) {
    months.push(month)
    if (months.length > MOST_MONTHS)
      throw new Fault('INVALID_INPUT', `to: it is more than ${MOST_MONTHS} months after ${first}`, { field: 'to' })
  }
  return months
}

function triedTerms(programme: Programme, value: unknown): TermsVersion {
  const terms = parseTermsOf(programme, value)
  const body = bodyOf(terms)
  const whose = { id: newId('trm'), programme: programme.id, version: terms.version }
  return { ...whose, effectiveFrom: new Date(0), effectiveTo: undefined, terms, body, hash: hashOfBody(body) }
}

type Member = Awaited<ReturnType<typeof requireMember>>

type Simulating = {
  readonly programme: Programme
  readonly months: readonly Month[]
  readonly tried: TermsVersion
  readonly partner: Member | undefined
  readonly now: Date
  readonly input: SimulateTermsInput
}

async function simulate(sql: Reader, simulating: Simulating): Promise<Simulation> {
  const { programme, months, tried, partner, now, input } = simulating
  const inForce = await termsOfProgramme(sql, programme.id)
  const narrowed = partner && standsAlone(partner, [...inForce, tried]) ? partner.partner : undefined
  const gathered = gatherSimulation(months)
  const deadline = performance.now() + 1000 * (input.patienceSeconds ?? PATIENCE_SECONDS)
  const steps = months.length * SIDES.length
  let step = 0
  let facts = 0
  for (const month of months) {
    const span = monthSpan(month, programme.timeZone)
    const { agreements } = await membersUntil(sql, programme, span.to)
    const told = (read: number): void => {
      input.signal?.throwIfAborted()
      if (performance.now() > deadline) throw new Fault('TIMEOUT', TOO_LONG)
      input.onProgress?.({ step, steps, month, facts: facts + read })
    }
    for (const side of SIDES) {
      told(0)
      const terms = governing(side, inForce, tried)
      // a refund belongs to the month of what it refunds, also when it came later
      const refunds = { until: now, clawbackDays: termsIn(terms.terms, span)?.terms.clawbackDays ?? 0 }
      const scene = { sql, programme: programme.id, span, partner: narrowed, refunds }
      const split = await splitPeriod({ ...scene, ...terms, agreements: idsOf(agreements) }, agreements, told)
      facts += split.facts
      step += 1
      for (const { id, partnerCode } of agreements) {
        const splits = split.splits.get(id)
        if (splits && (partner === undefined || partner.code === partnerCode))
          gathered.add({ side, month, partner: partnerCode, splits })
      }
    }
  }
  return { programme, hash: tried.hash, ...gathered.sums(), facts }
}

function governing(
  side: Side,
  inForce: readonly TermsVersion[],
  tried: TermsVersion,
): Pick<ProgrammeFacts, 'terms' | 'trial'> {
  return side === 'today' ? { terms: inForce } : { terms: [tried], trial: true }
}

function idsOf(agreements: readonly Agreement[]): ReadonlySet<Id<'agr'>> {
  return new Set(agreements.map(({ id }) => id))
}

/** Whether what a partner earns depends on nothing that others do: no pools, and nothing for what its children earn. */
function standsAlone({ code }: Member, versions: readonly TermsVersion[]): boolean {
  const rules = versions.flatMap(({ terms }) => terms.rules)
  return !rules.some((rule) => isPoolRule(rule) || (rule.kind === 'OVERRIDE' && rule.parentPartner === code))
}
