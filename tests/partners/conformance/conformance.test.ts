import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { makeSandboxCustomers } from '../../../customers/sandbox/make-sandbox-customers.ts'
import { CONFORMANCE_CHECKS } from '../../../partners/conformance/conformance-check.ts'
import { goLive } from '../../../partners/go-live.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { askAsPerson } from '../../gateway/as-person.ts'
import { accessToken, registerClient } from '../../gateway/clients.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { recordsNaming } from '../factories.ts'
import type { Receiver } from '../webhooks/receiver.ts'
import {
  accountsOf,
  consentAndRead,
  hear,
  inSandbox,
  look,
  probeAgain,
  replay,
  report,
  revoke,
  standing,
  start,
  work,
  worldOf,
} from './engineer.ts'
import { startGateways } from './start-gateways.ts'

const world = useWorld()
let gateway: TestGateway
let other: TestGateway
let receiver: Receiver
let close: () => Promise<void>
beforeAll(async () => {
  ;({ gateway, other, receiver, close } = await startGateways(world))
})
afterAll(async () => {
  await close()
})

const all = (status: string) => Object.fromEntries(CONFORMANCE_CHECKS.map((code) => [code, status]))

it('a partner that does everything right over the API passes, and then alone goes live', async () => {
  const who = await inSandbox(gateway)
  const live = () => goLive(worldOf(gateway), { partner: who.code })
  const refused = { code: 'NOT_READY', message: expect.stringContaining('no conformance run that was passed') }
  await expect(live()).rejects.toMatchObject(refused)

  const key = randomUUID()
  const { run } = await start(gateway, who, key)
  const id = run?.id ?? ''
  expect(run).toMatchObject({ status: 'OPEN', checks: expect.any(Array) })
  expect(standing(await look(gateway, who, id))).toEqual(all('WAITING'))
  expect((await start(other, who, key)).run?.id).toBe(id)
  const [second] = (await start(gateway, who)).userErrors
  expect(second).toMatchObject({ code: 'WRONG_STATE', message: expect.stringContaining(id) })

  // by a client that gets a token in the run
  const token = await accessToken(gateway, who.client)
  const engineer = { ...who, token }
  expect(await replay(other, engineer)).toEqual([200, 401])
  await makeSandboxCustomers(worldOf(gateway), { partnerCode: who.code, count: 2 })
  const accounts = await accountsOf(gateway, who)
  expect(accounts).toEqual([`sandbox:${who.code}:1`, `sandbox:${who.code}:2`])
  const consent = await consentAndRead(gateway, engineer, accounts[0] ?? '')
  expect(await report(gateway, engineer, 'referral-1', '1')).toBe('RECORDED')
  expect(await report(other, engineer, 'referral-1', '1')).toBe('REPLAYED')
  expect(await report(gateway, engineer, 'referral-1', '2')).toBe('IDEMPOTENCY_CONFLICT')
  receiver.answer(await hear(gateway, who, receiver))
  await work(gateway, world)
  expect(standing(await look(gateway, who, id))).toEqual({ ...all('PASSED'), REVOCATION_ACKNOWLEDGED: 'WAITING' })
  await expect(live()).rejects.toMatchObject(refused)
  expect(await revoke(gateway, who, consent)).toBe('REVOKED')
  await work(gateway, world)

  const passed = await look(gateway, who, id)
  expect(passed).toMatchObject({ status: 'PASSED', countsUntil: expect.any(String) })
  expect(standing(passed)).toEqual(all('PASSED'))
  expect(await recordsNaming(gateway.context, { kind: 'conformance', id })).toMatchObject([
    { event: 'STARTED', run: id, startedBy: `partner:${who.client.partner}` },
    {
      event: 'ENDED',
      run: id,
      status: 'PASSED',
      checks: expect.arrayContaining([
        expect.objectContaining({
          code: 'TAGS_READ',
          status: 'PASSED',
          evidence: [consent, expect.stringMatching(/^dis_/)],
        }),
      ]),
    },
  ])
  const [left] = await world.owner`select count(*) from conformance_observations`
  expect(left).toEqual({ count: '0' })
  const query = `query ($code: String!) { partner(code: $code) { conformanceRuns { id status startedBy } } }`
  const { body } = await askAsPerson(
    gateway,
    { staff: 'ann', roles: ['partner-manager'] },
    { query, variables: { code: who.code } },
  )
  expect(body.data).toEqual({
    partner: { conformanceRuns: [{ id, status: 'PASSED', startedBy: `partner:${who.client.partner}` }] },
  })
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])

  expect(await live()).toMatchObject({ status: 'LIVE' })
  expect((await start(gateway, who)).userErrors).toMatchObject([{ code: 'WRONG_STATE' }])
  // what was passed is not asked for again, also when it does not count any more
  await world.owner`update conformance_runs set counts_until = now() where id = ${id.slice('cfr_'.length)}`
  await changePartnerStatus(worldOf(gateway), { partner: who.code, status: 'SUSPENDED', reason: 'a look' })
  const resumed = await changePartnerStatus(worldOf(gateway), { partner: who.code, status: 'LIVE', reason: 'all well' })
  expect(resumed.status).toBe('LIVE')
})

it('what is wrong has failed, until it is mended; what never came has failed in the end', async () => {
  const who = await inSandbox(gateway)
  const { run } = await start(gateway, who)
  const id = run?.id ?? ''
  const seen = async (code: string) => (await look(gateway, who, id)).checks.find((check) => check.code === code)

  const manner = await hear(gateway, who, receiver)
  receiver.answer(() => 200)
  await work(gateway, world)
  expect(await seen('WEBHOOK_SIGNATURE')).toMatchObject({
    status: 'FAILED',
    seen: expect.stringContaining('the answer was 200'),
  })
  receiver.answer(() => 500)
  await probeAgain(world)
  await work(gateway, world)
  expect(await seen('WEBHOOK_SIGNATURE')).toMatchObject({
    status: 'FAILED',
    seen: expect.stringContaining('was not taken: the answer was 500'),
  })
  receiver.answer(manner)
  await probeAgain(world)
  await work(gateway, world)
  expect(await seen('WEBHOOK_SIGNATURE')).toMatchObject({ status: 'PASSED' })

  await makeSandboxCustomers(worldOf(gateway), { partnerCode: who.code, count: 1 })
  const slow = await consentAndRead(gateway, who, `sandbox:${who.code}:1`)
  expect(await revoke(gateway, who, slow)).toBe('REVOKED')
  receiver.answer(() => 503)
  await world.owner`update webhook_deliveries set next_at = now() where status = 'PENDING'`
  await work(gateway, world)
  expect(await seen('REVOCATION_ACKNOWLEDGED')).toMatchObject({ status: 'WAITING' })
  await world.owner`
    update webhook_deliveries set first_sent_at = now() - interval '61 seconds' where about = ${slow} and type = 'consent.revoked'`
  expect(await seen('REVOCATION_ACKNOWLEDGED')).toMatchObject({
    status: 'FAILED',
    seen: expect.stringContaining('was not acknowledged'),
  })
  receiver.answer(manner)
  await world.owner`update webhook_deliveries set next_at = now() where status = 'PENDING'`
  await work(gateway, world)
  expect(await seen('REVOCATION_ACKNOWLEDGED')).toMatchObject({
    status: 'FAILED',
    seen: expect.stringMatching(/acknowledged after 6\d s,/),
  })

  expect(await report(gateway, who, 'once', '1')).toBe('RECORDED')
  expect(await report(gateway, who, 'once', '2')).toBe('IDEMPOTENCY_CONFLICT')
  expect(await seen('CONTRIBUTION_IDEMPOTENT')).toMatchObject({ status: 'WAITING' })

  await world.owner`
    update conformance_runs set started_at = started_at - interval '2 hours', expires_at = expires_at - interval '2 hours' where id = ${id.slice('cfr_'.length)}`
  expect(await replay(gateway, who)).toEqual([200, 401])
  const starts = await Promise.all([start(gateway, who), start(other, who)])
  expect(starts.map(({ run: begun }) => begun?.status).sort()).toEqual(['OPEN', undefined])
  const ended = await look(gateway, who, id)
  expect(ended).toMatchObject({ status: 'EXPIRED', countsUntil: null })
  expect(ended.checks.find(({ code }) => code === 'REPLAY_REFUSED')).toMatchObject({ status: 'FAILED' })
  const stranger = await registerClient(gateway.context)
  const asked = { client: stranger, token: await accessToken(gateway, stranger) }
  expect(await look(gateway, asked, id).catch(() => null)).toBeNull()
})
