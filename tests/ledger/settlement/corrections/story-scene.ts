import { recordRevenue } from '../../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../../ledger/facts/report-contributions.ts'
import { closePeriod } from '../../../../ledger/settlement/close-period.ts'
import type { TestWorld } from '../../../support/database.ts'
import { customersIn, freshCode, liveMember, programmeWith } from '../scene.ts'
import type { Contributed, Earned, StoryFact, Told } from './arbitrary-story.ts'

type Member = Awaited<ReturnType<typeof liveMember>>

/** A programme of three members in which a story is told. */
export type Stage = {
  readonly programme: string
  readonly members: readonly Member[]
  readonly customers: readonly string[]
  readonly tag: string
}

const FEBRUARY = Date.parse('2026-02-01T00:00:00+08:00')

/** Makes a programme from February 2026 on; the first member's code is what rules name as a parent. */
export async function stageWith(world: TestWorld, termsFor: (parent: string) => object): Promise<Stage> {
  const tag = freshCode('story')
  const code = (place: number): string => `${tag}-${'abc'[place]}`
  const programme = await programmeWith(world.context, termsFor(code(0)))
  const from = '2026-02-01T00:00:00+08:00'
  const members: Member[] = []
  for (const place of [0, 1, 2]) {
    members.push(await liveMember(world.context, [programme], { from, code: code(place) }))
  }
  return { programme, members, customers: await customersIn(world, 4), tag }
}

/** Tells the facts that come before one closing. */
export async function tell(
  { context }: TestWorld,
  stage: Stage,
  story: readonly StoryFact[],
  comes: (stage: number) => boolean,
): Promise<void> {
  const revenue: object[] = []
  for (const [no, fact] of story.entries()) {
    if (fact.type === 'contribution') {
      if (comes(fact.stage)) await report(context, stage, no, fact)
      if (named(fact) && comes(Math.max(fact.stage, fact.boundAt))) revenue.push(bindingOf(stage, no, fact))
    } else if (fact.type === 'revenue') {
      if (comes(fact.stage)) revenue.push(eventOf(stage, no, fact))
    } else if (comes(fact.stage)) revenue.push(...refundOf(stage, no, fact, story))
  }
  const results = await recordRevenue(context, { source: 'core', items: revenue })
  const refused = results.find(({ outcome }) => outcome === 'refused')
  if (refused) throw new Error(JSON.stringify(refused))
}

async function report(context: TestWorld['context'], stage: Stage, no: number, fact: Contributed): Promise<void> {
  const caller = stage.members[fact.member]
  if (!caller) throw new Error('there are three members')
  const item = { externalId: keyOf(no), kind: fact.kind, occurredAt: timeOf(fact), quantity: fact.quantity }
  const lead = named(fact) ? { lead: keyOf(no) } : {}
  const results = await reportContributions(context, { caller, items: [{ ...item, ...lead, ...more(fact) }] })
  if (results[0]?.outcome !== 'recorded') throw new Error(JSON.stringify(results))
}

/** Every other traffic is nobody's. */
function named({ kind, quantity }: Contributed): boolean {
  return kind !== 'TRAFFIC' || quantity % 2 === 0
}

function more({ kind, quantity }: Contributed): object {
  switch (kind) {
    case 'COURSE_COMPLETION':
      return { course: 'options', units: 12, asset: 'CNY/2', minor: 19_900 }
    case 'TRAFFIC':
      return { unit: 'CLICK', quantity: quantity * 1111 }
    case 'SERVICE_OUTCOME':
      return { asset: 'CNY/2', minor: 5000, score: quantity, quantity: 1 }
    default:
      return { quantity: 1 }
  }
}

function bindingOf({ members, customers, tag }: Stage, no: number, { member, customer }: Contributed): object {
  const bound = { type: 'lead_bound', externalId: `${tag}-bind-${keyOf(no)}`, occurredAt: '2026-02-01T00:00:00Z' }
  return { ...bound, partner: members[member]?.code, lead: keyOf(no), customer: customers[customer] }
}

function eventOf({ customers, tag }: Stage, no: number, fact: Earned): object {
  const { base, minor, customer } = fact
  const about = { base, asset: 'CNY/2', minor, occurredAt: timeOf(fact) }
  return { type: 'revenue', externalId: `${tag}-${keyOf(no)}`, customer: customers[customer], ...about }
}

function refundOf(
  { customers, tag }: Stage,
  no: number,
  refund: Extract<StoryFact, { type: 'refund' }>,
  story: readonly StoryFact[],
): object[] {
  const events = [...story.entries()].flatMap(([place, fact]) => (fact.type === 'revenue' ? [{ place, fact }] : []))
  const found = events[refund.of % events.length]
  if (!found) return []
  const { place, fact } = found
  const minor = -Math.ceil((fact.minor * refund.percent) / 100)
  const day = fact.day + refund.daysAfter
  const about = { base: fact.base, asset: 'CNY/2', minor, occurredAt: timeOf({ ...fact, day, hour: fact.hour + 1 }) }
  const whose = { externalId: `${tag}-${keyOf(no)}`, refundOf: `${tag}-${keyOf(place)}` }
  return [{ type: 'revenue', ...whose, customer: customers[fact.customer], ...about }]
}

function timeOf({ day, hour }: Pick<Told, 'day' | 'hour'>): string {
  return new Date(FEBRUARY + day * 86_400_000 + hour * 3_600_000).toISOString()
}

function keyOf(no: number): string {
  return `fact-${String(no).padStart(3, '0')}`
}

/** Closes a month of the stage's programme. */
export function close({ context }: TestWorld, { programme }: Stage, month: string) {
  return closePeriod(context, { programme, month })
}

/** What was settled by origin month, member and rule, by statements and corrections together, without zeros. */
export async function totalsOf({ owner }: TestWorld, { programme, tag }: Stage): Promise<readonly string[]> {
  const rows = await owner<{ told: string }[]>`
    select concat_ws(' ', coalesce(e.origin_month, s.month), substr(d.code, length(${tag}) + 2), e.rule_place, e.rule_kind,
      sum(e.minor), sum(e.forgone)) as told
    from statements s
    join programmes p on p.id = s.programme_id and p.code = ${programme}
    join partner_duties d on d.partner_id = s.partner_id
    join earnings e on e.statement_id = s.id
    where s.issued_at is not null
    group by coalesce(e.origin_month, s.month), d.code, e.rule_place, e.rule_kind
    having sum(e.minor) <> 0`
  return rows.map(({ told }) => told).sort()
}

/** How many rules of locked months its statements correct. */
export async function correctionsIn({ owner }: TestWorld, { programme }: Stage): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::integer as count from earnings e
    join statements s on s.id = e.statement_id and s.issued_at is not null
    join programmes p on p.id = s.programme_id and p.code = ${programme}
    where e.origin_month is not null and e.minor <> 0`
  return row?.count ?? 0
}

/** What each agreement was given and paid over all its statements, and what its last one carries and holds. */
export async function balancesOf({ owner }: TestWorld, { programme }: Stage) {
  const rows = await owner<Record<'earned' | 'clawbacks' | 'paid' | 'carried' | 'held', string>[]>`
    select sum(s.earned) as earned, sum(s.clawbacks) as clawbacks, sum(s.payout) as paid,
      (array_agg(s.closing order by s.month desc))[1] as carried, (array_agg(s.held order by s.month desc))[1] as held
    from statements s join programmes p on p.id = s.programme_id and p.code = ${programme}
    where s.issued_at is not null group by s.agreement_id`
  return rows.map(({ earned, clawbacks, paid, carried, held }) => ({
    ...{ earned: BigInt(earned), clawbacks: BigInt(clawbacks), paid: BigInt(paid) },
    ...{ carried: BigInt(carried), held: BigInt(held) },
  }))
}
