import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { approvePayouts } from '../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../ledger/payouts/cancel-payouts.ts'
import { instructPayouts } from '../../ledger/payouts/instruct-payouts.ts'
import { listPayable } from '../../ledger/payouts/list-payable.ts'
import { preparePayouts } from '../../ledger/payouts/prepare-payouts.ts'
import { goLive } from '../../partners/go-live.ts'
import type { Partner } from '../../partners/partner.ts'
import { resumePartner } from '../../partners/resume-partner.ts'
import { suspendPartner } from '../../partners/suspend-partner.ts'
import { customer, defineCatalogue, grant } from '../customers/factories.ts'
import {
  accessToken,
  askPartnerGraph,
  assertion,
  credentials,
  proof,
  registerClient,
  requestToken,
  type TestClient,
} from '../gateway/clients.ts'
import { callerOf, settledIn } from '../gateway/duties/scene.ts'
import { ORIGIN } from '../gateway/gateway.ts'
import { ASSET, as, onlyOf, ourAccount, settle } from '../ledger/payouts/scene.ts'
import { useWorld } from '../support/database.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'

/** Between two requests: 50 a second. */
const PAUSE_MS = 20
/** So many requests are answered before a change of the status, and after it. */
const STRETCH = 75

const world = useWorld()
const gateways: GatewayProcess[] = []
let client: TestClient
let partner: Partner
let programme: string
let given: readonly { readonly accountKey: string; readonly id: string; readonly subject: string }[]

beforeAll(async () => {
  world.clock.set(new Date().toISOString())
  await defineCatalogue(world.context)
  client = await registerClient(world.context, { scopes: ['customers:read', 'contributions:write'] })
  partner = await goLive(world.context, { partner: client.partner })
  programme = await settledIn(world, { partner, caller: callerOf(partner, client) })
  await ourAccount(world)
  given = await Promise.all(
    [1, 2].map(async () => {
      const accountKey = await customer(world.owner)
      return { accountKey, ...(await grant(world.context, { partner }, accountKey)) }
    }),
  )
  const settings = { TRIBUTARY_QUOTA_POINTS: '100000000', TRIBUTARY_ALARM_QUOTA_PERMILLE: '1000' }
  gateways.push(...(await Promise.all([1, 2].map(() => startGatewayProcess(world, settings)))))
}, 120_000)
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())))

test('a suspension under 50 requests a second holds from the next request on, on both processes, and so does its end', {
  timeout: 60_000,
}, async () => {
  const [withdrawing, staying] = given
  if (withdrawing === undefined || staying === undefined) throw new Error('two customers consented')
  const prepared = await preparedBatch()
  const load = await startLoad(staying.subject)
  await load.answered(STRETCH)
  const suspendedAt = await committed(suspendPartner)
  await load.answered(STRETCH)
  await withdraw(withdrawing)
  await expectHeld(prepared)
  const resumingAt = performance.now()
  const resumedAt = await committed(resumePartner)
  await load.answered(STRETCH)
  const asked = await load.stop()

  const begun = (from: number, to: number) => asked.filter(({ startedAt }) => startedAt >= from && startedAt < to)
  expect(tally(begun(suspendedAt, resumingAt))).toEqual({ succeeded: [], refused: KINDS })
  expect(tally(begun(resumedAt, Number.POSITIVE_INFINITY))).toEqual({ succeeded: KINDS, refused: [] })
  expect(tally(asked.filter(({ endedAt }) => endedAt < suspendedAt - 1))).toMatchObject({ succeeded: KINDS })
  // what was withdrawn meanwhile does not come back with the partner
  const token = await accessToken(doorOf(0), client)
  expect(await reads(doorOf(0), token, withdrawing.subject)).toBe(false)
  const { batch } = await preparedBatch()
  const payout = await onlyOf(world, await instructed(batch.id))
  expect(await settle(world, payout)).toMatchObject({ status: 'SETTLED' })
})

type Kind = 'read' | 'report' | 'token'
type Asked = {
  readonly what: string
  readonly startedAt: number
  readonly endedAt: number
  readonly ok: boolean
}

/** What is asked of which process, in turn. */
const TURNS = (['read', 'report', 'token'] as const).flatMap((kind) => [0, 1].map((process) => ({ kind, process })))
const KINDS = TURNS.map(({ kind, process }) => `${kind} ${process}`).toSorted()

function tally(asked: readonly Asked[]): {
  readonly succeeded: readonly string[]
  readonly refused: readonly string[]
} {
  const of = (wanted: boolean) =>
    [...new Set(asked.filter(({ ok }) => ok === wanted).map(({ what }) => what))].toSorted()
  return { succeeded: of(true), refused: of(false) }
}

/** Asks both processes in turn, at the same pace whether they answer or not. */
async function startLoad(subject: string) {
  const tokens = await Promise.all(gateways.map((gateway) => accessToken(gateway, client)))
  const asked: Asked[] = []
  const work: Promise<void>[] = []
  const ending = new AbortController()
  const ask: Readonly<Record<Kind, (process: number) => Promise<boolean>>> = {
    read: (process) => reads(doorOf(process), tokens[process] ?? '', subject),
    report: (process) => reports(doorOf(process), tokens[process] ?? ''),
    token: (process) => isGivenToken(doorOf(process)),
  }
  const one = async ({ kind, process }: (typeof TURNS)[number]): Promise<void> => {
    const startedAt = performance.now()
    const ok = await ask[kind](process)
    asked.push({ what: `${kind} ${process}`, startedAt, endedAt: performance.now(), ok })
  }
  const asking = (async () => {
    for (let n = 0; !ending.signal.aborted; n++) {
      work.push(one(TURNS[n % TURNS.length] ?? { kind: 'read', process: 0 }))
      await sleep(PAUSE_MS)
    }
  })()
  return {
    answered: async (more: number): Promise<void> => {
      for (const from = asked.length; asked.length < from + more; ) await sleep(PAUSE_MS)
    },
    stop: async (): Promise<readonly Asked[]> => {
      ending.abort()
      await asking
      await Promise.all(work)
      return asked
    },
  }
}

function doorOf(process: number): GatewayProcess {
  const gateway = gateways[process]
  if (gateway === undefined) throw new Error('there are two processes')
  return gateway
}

async function reads(gateway: GatewayProcess, token: string, subject: string): Promise<boolean> {
  const query = `{ customer(subject: "${subject}", purpose: "CREDIT") { tags { value } } }`
  const answer = await askPartnerGraph(gateway, await credentials(client, token), { query })
  return /"value":"/.test(await answer.text())
}

let reported = 0
async function reports(gateway: GatewayProcess, token: string): Promise<boolean> {
  const address = `${ORIGIN}/partner/contributions`
  const answer = await gateway.fetch('/partner/contributions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...(await credentials(client, token, { address })) },
    body: JSON.stringify({
      externalId: `load-${++reported}`,
      kind: 'REFERRAL',
      lead: 'l',
      occurredAt: '2026-03-05T00:00:00Z',
    }),
  })
  return (await answer.text()).includes('"RECORDED"')
}

async function isGivenToken(gateway: GatewayProcess): Promise<boolean> {
  const asked = { assertion: await assertion(client), proof: await proof(client) }
  return (await requestToken(gateway, asked)).status === 200
}

/** Says by when it was committed. */
async function committed(change: typeof suspendPartner): Promise<number> {
  await change(as(world.context, 'ann'), { partner: partner.id, reason: 'an audit', idempotencyKey: randomUUID() })
  return performance.now()
}

async function withdraw({ accountKey, id: consentId }: { readonly accountKey: string; readonly id: string }) {
  const settings = { origin: ORIGIN, development: { issuer: true, graphiql: false } }
  const token = await makeDevelopmentToken(world.context, settings, { customer: accountKey })
  const query = 'mutation ($input: RevokeConsentInput!) { revokeConsent(input: $input) { userErrors { code } } }'
  const answer = await doorOf(1).fetch('/customer/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input: { consentId, idempotencyKey: 'withdraw' } } }),
  })
  expect(await answer.json()).toEqual({ data: { revokeConsent: { userErrors: [] } } })
}

function preparedBatch() {
  const executionDate = world.clock.now().toISOString().slice(0, 10)
  return preparePayouts(as(world.context, 'alice'), { asset: ASSET, ownAccount: 'main', programme, executionDate })
}

async function instructed(batch: string) {
  await approvePayouts(as(world.context, 'bob'), { batch })
  return instructPayouts(as(world.context, 'alice'), { batch })
}

/** What was prepared before is not instructed; what is owed is on hold, and is not prepared anew. */
async function expectHeld({ batch }: Awaited<ReturnType<typeof preparedBatch>>): Promise<void> {
  const refused = { code: 'WRONG_STATE', message: expect.stringContaining('PARTNER_NOT_PAID') }
  await expect(instructed(batch.id)).rejects.toMatchObject(refused)
  await cancelPayouts(as(world.context, 'alice'), { batch: batch.id, reason: 'its partner is suspended' })
  expect(await listPayable(world.context, { programme })).toMatchObject([{ hindrance: 'PARTNER_NOT_PAID' }])
  await expect(preparedBatch()).rejects.toMatchObject({ code: 'NOT_READY' })
}
