import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSandboxCustomers } from '../../customers/sandbox/make-sandbox-customers.ts'
import { CRITERIA } from '../../partners/assessments/rubric.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { continueOffboarding } from '../../partners/offboarding/continue-offboarding.ts'
import { exitPorts } from '../../schema/exit-ports.ts'
import { accessToken, askPartnerGraph, credentials, keyPair, type TestClient } from '../gateway/clients.ts'
import type { TestGateway } from '../gateway/gateway.ts'
import { mailsOf, tokenIn } from '../partners/assessments/scene.ts'
import {
  accountsOf,
  consentAndRead,
  hear,
  replay,
  report,
  revoke,
  start,
  work,
  worldOf,
} from '../partners/conformance/engineer.ts'
import { startGateways } from '../partners/conformance/start-gateways.ts'
import type { Receiver } from '../partners/webhooks/receiver.ts'
import { useWorld } from '../support/database.ts'
import { byCli } from './partner-life/by-cli.ts'
import { byGraph } from './partner-life/by-graph.ts'
import type { Manager } from './partner-life/manager.ts'

const world = useWorld()
let gateway: TestGateway
let other: TestGateway
let receiver: Receiver
let close: () => Promise<void>
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-life-'))
  ;({ gateway, other, receiver, close } = await startGateways(world))
})
afterAll(async () => {
  await close()
  await rm(folder, { recursive: true, force: true })
})

describe.each([
  ['the command line', () => byCli(world, folder)],
  ['the operations graph', () => byGraph(gateway)],
])('by %s', { timeout: 120_000 }, (_, door) => {
  it('a partner comes, shows what it can, goes live, is suspended, comes back and leaves with nothing open', async () => {
    const staff = door()
    const partner = await comes(staff)
    expect(await statusOf(partner)).toBe('APPLIED')
    const { client, token } = await intoSandbox(staff, partner)
    expect(await statusOf(partner)).toBe('SANDBOX')
    await conforms({ client, token })
    expect(await staff.goLive('ann', partner)).toMatchObject({ status: 'LIVE' })
    expect(await staff.allow('ann', partner, 2000)).toMatchObject({ status: 'ACTIVE' })

    const key = randomUUID()
    expect(await answers(client, token)).toEqual([200, 200])
    expect(await staff.suspend('cyd', partner, key)).toMatchObject({ status: 'SUSPENDED' })
    expect(await answers(client, token)).toEqual([403, 403])
    expect(await staff.suspend('cyd', partner, key)).toMatchObject({ status: 'SUSPENDED' })
    expect(await staff.suspend('cyd', partner, randomUUID())).toEqual({ refused: 'WRONG_STATE' })
    expect(await staff.resume('ann', partner)).toMatchObject({ status: 'LIVE' })
    expect(await answers(client, token)).toEqual([200, 200])

    const planned = await staff.leave('ann', partner, new Date(Date.now() + 3_600_000).toISOString())
    expect(planned).toMatchObject({ status: 'PLANNED' })
    expect(await staff.close('fay', partner)).toEqual({ refused: 'WRONG_STATE' })
    await world.owner`update offboardings set exit_at = now() - interval '1 second' where status = 'PLANNED'`
    await continueOffboarding(gateway.context, { partner }, exitPorts)
    expect(await answers(client, token)).toEqual([403, 403])
    expect((await staff.attest('cyd', partner)).refused).toBeUndefined()
    expect(await staff.close('ann', partner)).toMatchObject({ refused: 'FORBIDDEN' })
    expect(await staff.close('fay', partner)).toMatchObject({ status: 'CLOSED' })
    expect(await statusOf(partner)).toBe('CLOSED')
  })

  it('each gate stops one that lacks what it asks for, with a code that stays', async () => {
    const staff = door()
    const before = (await staff.applications('ann')).length
    await apply()
    expect(await staff.applications('ann')).toHaveLength(before)
    const partner = await confirm()
    expect(await staff.goLive('ann', partner)).toEqual({ refused: 'WRONG_STATE' })

    const { id: assessment = '' } = await staff.open('ann', partner)
    expect(await staff.propose('ann', assessment)).toEqual({ refused: 'NOT_READY' })
    await scoreAll(staff, assessment)
    expect((await staff.score('ann', assessment, 'licence', 0)).refused).toBeUndefined()
    expect(await staff.propose('ann', assessment)).toEqual({ refused: 'NOT_READY' })
    await staff.score('ann', assessment, 'licence', 40)
    expect(await staff.propose('ann', assessment)).toMatchObject({ status: 'PROPOSED' })
    expect(await staff.approve('ann', assessment)).toEqual({ refused: 'FORBIDDEN' })
    await staff.approve('ben', assessment)
    expect(await staff.approve('ben', assessment)).toEqual({ refused: 'FORBIDDEN' })
    expect(await statusOf(partner)).toBe('ASSESSING')
    expect(await staff.approve('cyd', assessment)).toMatchObject({ status: 'PASSED' })

    expect(await lacks(staff, partner)).toEqual(['client', 'conformance'])
    const { publicJwk } = await keyPair()
    const keys = { keys: [{ ...publicJwk, kid: 'a' }] }
    const { id: client = '' } = await staff.createClient('ann', partner, keys)
    expect(await lacks(staff, partner)).toEqual(['conformance'])
    await world.owner`update assessments set expires_at = now() where id = ${assessment.slice('asm_'.length)}`
    expect(await lacks(staff, partner)).toEqual(['assessment', 'conformance'])
    expect(await staff.revokeClient('ann', client)).toMatchObject({ status: 'REVOKED' })
    expect(await staff.revokeClient('ann', client)).toEqual({ refused: 'WRONG_STATE' })
    expect(await staff.suspend('cyd', partner, randomUUID())).toEqual({ refused: 'WRONG_STATE' })
    expect(await staff.resume('ann', partner)).toEqual({ refused: 'WRONG_STATE' })

    expect((await staff.reject('ann', partner)).refused).toBeUndefined()
    const found = (await staff.applications('ann')).find(({ code }) => code === partner)
    expect(found).toEqual({ code: partner, status: 'REJECTED', email: undefined })
    expect(await staff.createClient('ann', partner, keys)).toEqual({ refused: 'WRONG_STATE' })
    expect(await staff.open('ann', partner)).toEqual({ refused: 'WRONG_STATE' })
  })
})

async function statusOf(partner: string): Promise<string | undefined> {
  return (await findPartner(world.context, partner))?.status
}

async function post(at: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return gateway.fetch(at, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function apply(): Promise<void> {
  const contact = { name: 'Ann Contact', email: `${randomUUID()}@harbour.example` }
  const application = { name: 'Harbour Travel', kind: 'SCENARIO', jurisdiction: 'CN', about: 'Trips', contact }
  expect((await post('/applications', application)).status).toBe(202)
}

/** Follows the link of the mail that waits; returns the code of the partner that it makes. */
async function confirm(): Promise<string> {
  const [mail] = await mailsOf(gateway.context)
  if (mail === undefined) throw new Error('a mail waits')
  const { application } = (await (await post('/applications/confirm', { token: tokenIn(mail) })).json()) as {
    application: string
  }
  const [made] = await world.owner<{ code: string }[]>`
    select code from partners join partner_applications a on a.partner_id = partners.id
    where a.id = ${application.slice('app_'.length)}`
  return made?.code ?? ''
}

async function comes(staff: Manager): Promise<string> {
  await apply()
  const partner = await confirm()
  const [last] = await staff.applications('ann')
  expect(last).toEqual({ code: partner, status: 'APPLIED', email: expect.stringContaining('@harbour.example') })
  return partner
}

async function scoreAll(staff: Manager, assessment: string): Promise<void> {
  for (const { key, most } of CRITERIA) await staff.score('ann', assessment, key, most)
}

async function intoSandbox(staff: Manager, partner: string) {
  const { id: assessment = '' } = await staff.open('ann', partner)
  await scoreAll(staff, assessment)
  await staff.propose('ann', assessment)
  for (const who of ['ben', 'cyd']) await staff.approve(who, assessment)
  const [keys, proofKeys] = [await keyPair(), await keyPair()]
  const { id = '' } = await staff.createClient('ann', partner, { keys: [{ ...keys.publicJwk, kid: 'a' }] })
  const client: TestClient = { id, partner, keys, proofKeys }
  return { client, token: await accessToken(gateway, client) }
}

/** Does over the API what a conformance run asks for. */
async function conforms(who: { readonly client: TestClient; readonly token: string }): Promise<void> {
  expect((await start(gateway, who)).userErrors).toEqual([])
  const engineer = { ...who, token: await accessToken(gateway, who.client) }
  await replay(other, engineer)
  await makeSandboxCustomers(worldOf(gateway), { partnerCode: who.client.partner, count: 1 })
  const [account = ''] = await accountsOf(gateway, engineer)
  const consent = await consentAndRead(gateway, engineer, account)
  for (const quantity of ['1', '1', '2']) await report(gateway, engineer, 'referral-1', quantity)
  receiver.answer(await hear(gateway, who, receiver))
  await work(gateway, world)
  await revoke(gateway, who, consent)
  await work(gateway, world)
}

/** What two processes answer to the next request of a partner. */
async function answers(client: TestClient, token: string): Promise<readonly number[]> {
  const query = '{ me { code } }'
  const ask = async (at: TestGateway) => (await askPartnerGraph(at, await credentials(client, token), { query })).status
  return [await ask(gateway), await ask(other)]
}

/** What going live is refused for. */
async function lacks(staff: Manager, partner: string): Promise<readonly string[]> {
  expect(await staff.goLive('ann', partner)).toEqual({ refused: 'NOT_READY' })
  const sentence = await goLive(worldOf(gateway), { partner }).then(
    () => '',
    (error: Error) => error.message,
  )
  return ['assessment', 'client', 'conformance'].filter((thing) => new RegExp(`no (active )?${thing}`).test(sentence))
}
