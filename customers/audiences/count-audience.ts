import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import { selectPurposes } from '../store/purposes.ts'
import { selectDefinitions } from '../store/tag-definitions.ts'
import { type AudienceCondition, type AudienceCount, QUESTIONS_IN_COHORT, ROUNDED_TO } from './audience.ts'
import { currentCohort, membersAt } from './freeze-cohort.ts'
import { LEAST_PERSONS, mayTell } from './may-tell.ts'
import { both, countOf, either, type MemberSet, noMembers } from './member-set.ts'
import { type Cohort, type CohortPlace, holdCounting, selectFacets, selectStanding } from './store/cohorts.ts'
import { insertQuestion, selectAsked } from './store/questions.ts'

const countAudienceInput = z.strictObject({
  purpose: z.string().max(60),
  where: z
    .array(
      z.strictObject({
        tag: z.string().max(60),
        granularity: z.enum(['band', 'flag']),
        values: z.array(z.string().min(1).max(200)).min(1).max(50),
      }),
    )
    .max(8)
    .refine((where) => new Set(where.map(({ tag }) => tag)).size === where.length, 'a tag is named twice'),
})

/** What for; and conditions, all of which are met: of each tag one of the values, coarsely. None is everybody. */
export type CountAudienceInput = z.input<typeof countAudienceInput> & { readonly caller: PartnerCaller }

/**
 * How many customers meet the conditions, of those whose consent lets the partner know as much for the purpose, frozen for a
 * week. It is told when it can be about nobody in particular ({@link mayTell}), rounded down to a multiple of five; otherwise it
 * is suppressed, whatever the reason. Whoever's consent counts no more is not counted from that moment on. A question, with
 * its answer, is written down before it is answered; the same again costs nothing. Throws `INVALID_INPUT` for a tag that
 * the purpose does not have so, in the same words whether there is one, `NOT_FOUND` for a purpose, and `THROTTLED` when
 * fifty different questions were asked of these customers. Source: ADR 0037.
 */
export async function countAudience(
  context: Context,
  { caller, ...input }: CountAudienceInput,
): Promise<AudienceCount> {
  const { purpose, where } = parseWith(countAudienceInput, input, 'audience')
  const place = { partner: caller.partner, purpose }
  return context.database.transaction(
    async (tx) => {
      await refuseUnknown(tx, purpose, where)
      await holdCounting(tx, place)
      const cohort = await currentCohort(context, tx, place)
      return answer(tx, { place, cohort, caller, where: where.map(ordered).toSorted(byTag) })
    },
    { statementTimeoutSeconds: 60 },
  )
}

type Question = {
  readonly place: CohortPlace
  readonly cohort: Cohort
  readonly caller: PartnerCaller
  readonly where: readonly AudienceCondition[]
}

async function answer(tx: Transaction, { place, cohort, caller, where }: Question): Promise<AudienceCount> {
  const all = membersAt(await selectStanding(tx, cohort.id, place), cohort.size)
  const members = await membersOf(tx, { cohort, where, all })
  const asked = await selectAsked(tx, cohort.id)
  const fingerprint = fingerprintOf(where)
  const before = asked.filter((one) => one.fingerprint === fingerprint)
  const same = before.find((one) => one.members !== undefined && sameMembers(one.members, members))
  const distinct = new Set(asked.map((one) => one.fingerprint))
  const left = QUESTIONS_IN_COHORT - distinct.size
  const beside = { frozenAt: cohort.frozenAt, until: cohort.endsAt }
  if (same !== undefined) {
    return { count: same.count, suppressed: same.count === undefined, ...beside, questionsLeft: left }
  }
  if (before.length === 0 && left <= 0) {
    const message = `${QUESTIONS_IN_COHORT} questions were asked of these customers: the next ones from ${cohort.endsAt.toISOString()}`
    throw new Fault('THROTTLED', message)
  }
  const told = asked.flatMap((one) => (one.count === undefined || one.members === undefined ? [] : [one.members]))
  const count = mayTell(members, { all, told, least: LEAST_PERSONS })
    ? Math.floor(countOf(members) / ROUNDED_TO) * ROUNDED_TO
    : undefined
  const { partner, purpose } = place
  await insertQuestion(tx, {
    ...{ id: newId('adq'), cohort: cohort.id, partner, purpose, client: caller.client, fingerprint },
    ...{ conditions: where, count, members, requestId: caller.requestId },
  })
  return { count, suppressed: count === undefined, ...beside, questionsLeft: left - (before.length === 0 ? 1 : 0) }
}

async function membersOf(
  tx: Transaction,
  { cohort, where, all }: Pick<Question, 'cohort' | 'where'> & { readonly all: MemberSet },
): Promise<MemberSet> {
  let members = all
  for (const condition of where) {
    const sets = await selectFacets(tx, cohort.id, condition)
    members = both(members, sets.reduce(either, noMembers(cohort.size)))
  }
  return members
}

/** One refusal for a tag that there is not, that the purpose does not have, and that is not told so coarsely. */
async function refuseUnknown(tx: Transaction, key: string, where: readonly AudienceCondition[]): Promise<void> {
  const [purpose] = await selectPurposes(tx, [key])
  if (purpose === undefined) throw new Fault('NOT_FOUND', 'there is no such purpose', { field: 'purpose' })
  const definitions = new Map(
    (
      await selectDefinitions(
        tx,
        where.map(({ tag }) => tag),
      )
    ).map((definition) => [definition.key, definition]),
  )
  where.forEach(({ tag, granularity }, index) => {
    const definition = definitions.get(tag)
    const known = definition?.granularities.includes(granularity) === true && purpose.tagKeys.includes(tag)
    if (known) return
    throw new Fault(
      'INVALID_INPUT',
      `where.${index}: there is no tag ${tag}:${granularity} to be counted for this purpose`,
      {
        field: `where.${index}`,
      },
    )
  })
}

function ordered({ tag, granularity, values }: AudienceCondition): AudienceCondition {
  return { tag, granularity, values: [...new Set(values)].toSorted() }
}

function byTag(a: AudienceCondition, b: AudienceCondition): number {
  return a.tag < b.tag ? -1 : 1
}

function sameMembers(a: MemberSet, b: MemberSet): boolean {
  return Buffer.from(a).equals(Buffer.from(b))
}
