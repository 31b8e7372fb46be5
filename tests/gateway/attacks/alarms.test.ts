import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StaffRole } from '../../../kernel/caller.ts'
import { type GatewayProcess, startGatewayProcess } from '../../app/gateway-process.ts'
import { age, discloseTo } from '../../customers/alarms/reads.ts'
import { customer, defineCatalogue, grant, liveParty } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'
import { askAsPerson } from '../as-person.ts'
import { askPartnerGraph, credentials } from '../clients.ts'
import type { Door, TestGateway } from '../gateway.ts'
import { giveConsent, letIn } from './given-consent.ts'
import { asPartner, type Insider, startRealGateway } from './real-gateway.ts'

const EXPORTED = 60
const FLOORS = {
  TRIBUTARY_ALARM_HOUR_CUSTOMERS: `${EXPORTED - 10}`,
  TRIBUTARY_ALARM_WEEK_FIRST_READS: '60',
  TRIBUTARY_ALARM_ODD_HOUR_CUSTOMERS: '30',
  TRIBUTARY_ALARM_DAY_MISSES: '40',
}

const world = useWorld()
let gateway: TestGateway
/** The whole program in a process of its own, whose worker looks at what partners read. */
let other: GatewayProcess

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  other = await startGatewayProcess(world, FLOORS)
}, 60_000)
afterAll(() => Promise.all([gateway.close(), other.close()]))

/** What a field gives: a page, or what a mutation did. */
type Given = Partial<Page> & {
  readonly userErrors?: readonly { readonly code: string }[]
  readonly incident?: { readonly id: string }
}
type Answer = {
  readonly data?: Readonly<Record<string, Given | null>> | null
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

/** Asks the operations graph as a member of the staff. */
async function asStaff(door: Door, who: string, roles: readonly StaffRole[], query: string): Promise<Answer> {
  return (await askAsPerson(gateway, { staff: who, roles }, { query, door })).body as Answer
}

const asOfficer = (query: string, who = 'ann', door: Door = gateway): Promise<Answer> =>
  asStaff(door, who, ['compliance'], query)

type Alert = { readonly id: string; readonly kind: string }
type Page = { readonly edges: readonly { readonly node: Alert }[] }

/** The open alerts of a partner, once there are any. */
async function alertsOf(partner: string): Promise<readonly Alert[]> {
  for (;;) {
    const fields = '{ edges { node { id kind measured quotaPermille } } }'
    const answer = await asOfficer(`{ alerts(partner: "${partner}", status: OPEN, first: 10) ${fields} }`)
    const edges = answer.data?.['alerts']?.edges ?? []
    if (edges.length > 0) return edges.map(({ node }) => node)
    await sleep(200)
  }
}

/** The ordinary quota of the partner's own graph, in thousandths. */
async function quotaOf(door: Door, { client, token }: Insider): Promise<unknown> {
  const query = '{ me { capabilities { kind status permille } } }'
  const answer = await askPartnerGraph(door, await credentials(client, token), { query })
  const { data } = (await answer.json()) as {
    readonly data: { readonly me: { readonly capabilities: readonly { kind: string; permille: number | null }[] } }
  }
  return data.me.capabilities.filter(({ kind }) => kind === 'QUOTA').map(({ permille }) => permille)
}

async function exporter(): Promise<Insider> {
  const partner = await letIn(gateway)
  for (let n = 0; n < EXPORTED; n++) await giveConsent(gateway, partner, { account: () => customer(world.owner) })
  return partner
}

/** How many of two that were asked at once were let, and why the other was not. */
function outcomeOf(field: string, answers: readonly Answer[]): readonly (string | undefined)[] {
  return answers.map(({ data }) => data?.[field]?.userErrors?.[0]?.code).toSorted()
}

const REFUSED: readonly StaffRole[] = ['partner-manager', 'finance', 'ingest']

describe('a sudden export over the partner graph', () => {
  let partner: Insider
  let alert: Alert

  beforeAll(async () => {
    partner = await exporter()
    const page = `{ customers(purpose: "CREDIT", first: ${EXPORTED}) { edges { node { subject tags { value } } } } }`
    const { status } = await asPartner(gateway, partner, page)
    expect(status).toBe(200)
    const [opened] = await alertsOf(partner.client.partner)
    if (opened === undefined) throw new Error('an alert was opened')
    alert = opened
  }, 60_000)

  test('opens an alert, tells it in the metrics, and lowers the quota that the partner reads of itself', async () => {
    expect(alert).toMatchObject({ kind: 'BULK_EXPORT', measured: EXPORTED, quotaPermille: 100 })
    expect(await (await other.fetch('/metrics')).text()).toMatch(/^tributary_alerts_open [1-9]/m)
    for (const door of [gateway, other]) expect(await quotaOf(door, partner)).toContain(100)
  })

  test('is seen, assigned and closed by compliance alone', async () => {
    const key = randomUUID()
    const asked = [
      '{ alerts(first: 1) { edges { node { id } } } }',
      `{ alert(id: "${alert.id}") { id } }`,
      `mutation { assignAlert(input: { alert: "${alert.id}", to: "bo", idempotencyKey: "${key}" }) { alert { id } } }`,
      `mutation { closeAlert(input: { alert: "${alert.id}", resolution: EXPLAINED, reason: "r", idempotencyKey: "${key}" }) { alert { id } } }`,
    ]
    for (const query of asked) {
      for (const role of REFUSED) {
        expect((await asStaff(gateway, 'eve', [role], query)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      }
    }
    const { data } = await asOfficer(asked[2] ?? '', 'ann', other)
    expect(data).toEqual({ assignAlert: { alert: { id: alert.id } } })
  })

  test('is closed by one of two officers at once, on two processes, and the quota comes back', async () => {
    const close = (who: string, door: Door) =>
      asOfficer(
        `mutation { closeAlert(input: { alert: "${alert.id}", resolution: EXPLAINED, reason: "by ${who}", idempotencyKey: "${randomUUID()}" }) { alert { closedBy } userErrors { code } } }`,
        who,
        door,
      )
    const answers = await Promise.all([close('ann', gateway), close('bo', other)])
    expect(outcomeOf('closeAlert', answers)).toEqual(['WRONG_STATE', undefined])
    for (const door of [gateway, other]) expect(await quotaOf(door, partner)).not.toContain(100)
  })
})

describe('a partner with a past', () => {
  test('that scrapes slowly, reads at odd hours, or asks for what is not its own is told of each by its name', async () => {
    world.clock.set(new Date().toISOString())
    const [scraper, owl, guesser] = await Promise.all([1, 2, 3].map(() => liveParty(world.context)))
    if (!(scraper && owl && guesser)) throw new Error('there are three')
    for (let day = 30; day >= 1; day--) {
      for (const party of [scraper, owl]) await discloseTo(world.owner, party, { hoursAgo: day * 24, from: 0, to: 20 })
    }
    const consent = await grant(world.context, scraper, await customer(world.owner))
    await age(world.owner, consent, 60)
    await discloseTo(world.owner, scraper, { hoursAgo: 24, from: 100, to: 140, consent })
    await discloseTo(world.owner, scraper, { hoursAgo: 0, from: 140, to: 180, consent })
    await discloseTo(world.owner, owl, { hoursAgo: 6, from: 0, to: 40 })
    await discloseTo(world.owner, guesser, { hoursAgo: 0, from: 0, to: 60, outcome: 'nothing' })
    const kinds = async (partner: string) => (await alertsOf(partner)).map(({ kind }) => kind)
    expect(await kinds(scraper.partner.code)).toEqual(['SLOW_SCRAPING'])
    expect(await kinds(owl.partner.code)).toEqual(['UNUSUAL_HOURS'])
    expect(await kinds(guesser.partner.code)).toEqual(['MANY_MISSES'])
  }, 30_000)
})

describe('an incident', () => {
  const opening = (partner: string): string => {
    const from = new Date(Date.now() - 3_600_000).toISOString()
    return `mutation { openIncident(input: { title: "a lost key", partners: ["${partner}"], from: "${from}", idempotencyKey: "${randomUUID()}" }) { incident { id } userErrors { code } } }`
  }
  const containing = (incident: string): string =>
    `mutation { containIncident(input: { incident: "${incident}", measures: [SUSPEND_PARTNERS, REVOKE_CLIENTS], reason: "a lost key", idempotencyKey: "${randomUUID()}" }) { incident { measuresLeft } userErrors { code } } }`
  const closing = (incident: string): string =>
    `mutation { closeIncident(input: { incident: "${incident}", report: "seen to", notTold: "nobody was touched", idempotencyKey: "${randomUUID()}" }) { incident { status } userErrors { code } } }`

  test('is opened, contained and closed by compliance alone', async () => {
    const nobody = `icd_${'0'.repeat(32)}`
    const list = '{ incidents(first: 1) { edges { node { id } } } }'
    for (const query of [list, opening('anybody'), containing(nobody), closing(nobody)]) {
      for (const role of REFUSED) {
        expect((await asStaff(other, 'eve', [role], query)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
      }
    }
  })

  test('that two officers contain at once stops its partner once, at the next request on every process', async () => {
    const partner = await letIn(gateway)
    const { data } = await asOfficer(opening(partner.client.partner))
    const id = data?.['openIncident']?.incident?.id ?? ''
    const ask = async (door: Door) => {
      const headers = await credentials(partner.client, partner.token)
      return (await askPartnerGraph(door, headers, { query: '{ me { code } }' })).status
    }
    expect([await ask(gateway), await ask(other)]).toEqual([200, 200])
    const answers = await Promise.all([
      asOfficer(containing(id), 'ann', gateway),
      asOfficer(containing(id), 'bo', other),
    ])
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined])
    expect([await ask(gateway), await ask(other)]).toEqual([403, 403])
    const [moved] = await world.owner`
      select count(*)::int as suspensions from records where kind = 'partner'
        and body::jsonb #>> '{data,partner}' = ${partner.client.partner} and body::jsonb #>> '{data,to}' = 'SUSPENDED'`
    expect(moved).toEqual({ suspensions: 1 })
    const closings = await Promise.all([asOfficer(closing(id), 'ann', gateway), asOfficer(closing(id), 'bo', other)])
    expect(outcomeOf('closeIncident', closings)).toEqual(['WRONG_STATE', undefined])
  })
})
