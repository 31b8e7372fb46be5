import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { useWorld } from '../../support/database.ts'
import { commission, customer, leadBound, liveCaller, referral, subject } from './factories.ts'

const world = useWorld()

/** A fact before it has a partner: facts of one key are always the same, so that their order must not matter. */
type Step =
  | { readonly door: 'report'; readonly key: number; readonly by: 'subject' | 'lead' | 'stranger' }
  | { readonly door: 'revenue'; readonly key: number; readonly known: boolean }
  | { readonly door: 'bind'; readonly lead: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .nat(9)
    .map((key): Step => ({ door: 'report', key, by: (['subject', 'lead', 'stranger'] as const)[key % 3] ?? 'lead' })),
  fc.nat(9).map((key): Step => ({ door: 'revenue', key, known: key % 4 !== 0 })),
  fc.nat(2).map((lead): Step => ({ door: 'bind', lead })),
)

/** One partner, one source and one customer of its own. */
type Scene = {
  readonly caller: PartnerCaller
  readonly code: string
  readonly customer: { readonly id: Id<'cus'>; readonly accountKey: string }
  readonly subject: string
}

async function scene(): Promise<Scene> {
  const { caller, code } = await liveCaller(world.context)
  const someone = await customer(world)
  return { caller, code, customer: someone, subject: await subject(world, caller.partner, someone) }
}

function contribution({ subject: name }: Scene, key: number, by: 'subject' | 'lead' | 'stranger'): object {
  const names = { subject: { subject: name }, lead: { lead: `lead-${key % 3}` }, stranger: { subject: 'stranger' } }
  return referral(`c-${key}`, { quantity: key, ...names[by] })
}

function brokerFact({ code, customer: { accountKey } }: Scene, fact: Exclude<Step, { door: 'report' }>): object {
  if (fact.door === 'bind') {
    return leadBound(`b-${fact.lead}`, { partner: code, lead: `lead-${fact.lead}`, customer: accountKey })
  }
  return commission(`r-${fact.key}`, fact.known ? accountKey : 'nobody', { minor: fact.key, amount: undefined })
}

/** Plays the steps in batches: neighbours of one door go together while the sizes allow. */
async function play(steps: readonly Step[], sizes: readonly number[]): Promise<unknown> {
  const here = await scene()
  const left = [...steps]
  const limits = [...sizes]
  while (left.length > 0) {
    const reports = left[0]?.door === 'report'
    const end = left.findIndex(({ door }) => (door === 'report') !== reports)
    const batch = left.splice(0, Math.max(1, Math.min(end < 0 ? left.length : end, limits.shift() ?? 100)))
    const items = batch.map((fact) =>
      fact.door === 'report' ? contribution(here, fact.key, fact.by) : brokerFact(here, fact),
    )
    if (reports) await reportContributions(world.context, { caller: here.caller, items })
    else await recordRevenue(world.context, { source: here.code, items })
  }
  return standing(here)
}

/** What is stored, without ids and times that differ from scene to scene. */
async function standing({ caller, code, customer: { id } }: Scene): Promise<unknown> {
  const contributions = await world.owner`
    select external_id, lead, quantity::text, status, customer_id = ${uuidOf(id)} as known,
      exists (select from records r where r.id = record_id) as proven
    from contributions where partner_id = ${uuidOf(caller.partner)} order by external_id`
  const events = await world.owner`
    select external_id, amount::text, customer_id = ${uuidOf(id)} as known from revenue_events where source = ${code}
    order by external_id`
  const bindings = await world.owner`select external_id, lead from lead_bindings where source = ${code} order by lead`
  return { contributions: [...contributions], events: [...events], bindings: [...bindings] }
}

test('what is stored does not depend on the order of facts, their repetition or how batches are split', async () => {
  const scripts = fc.array(step, { minLength: 1, maxLength: 25 }).chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      shuffled: fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }),
      sizes: fc.array(fc.integer({ min: 1, max: 5 })),
    }),
  )
  await fc.assert(
    fc.asyncProperty(scripts, async ({ steps, shuffled, sizes }) => {
      expect(await play(shuffled, sizes)).toEqual(await play(steps, []))
    }),
    { numRuns: 20 },
  )
})
