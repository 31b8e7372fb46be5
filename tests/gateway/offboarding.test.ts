import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attestForPartner } from '../../customers/exits/attest-for-partner.ts'
import { listExitNotices } from '../../customers/exits/list-exit-notices.ts'
import { grantConsent } from '../../customers/grant-consent.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { createClient } from '../../partners/create-client.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { continueOffboarding, continueOffboardings } from '../../partners/offboarding/continue-offboarding.ts'
import type { ExitPorts } from '../../partners/offboarding/exit-ports.ts'
import { exitPorts } from '../../schema/exit-ports.ts'
import { customer, defineCatalogue, grantInput } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { askAsPerson } from './as-person.ts'
import { asPartner, type Insider, startRealGateway } from './attacks/real-gateway.ts'
import { Browser, hidden } from './browser.ts'
import { accessToken, keyPair, registerClient, type TestClient } from './clients.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startRealGateway(world), startRealGateway(world)])
  await defineCatalogue(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

/** So many days from now, by the clock of the gateways. */
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
const EXIT_AT = inDays(10)
const LATER = inDays(40)

/** The contexts of the two processes, on a day to come. */
const on = (day: string) =>
  [gateway, second].map(({ context }) => ({ ...context, clock: { now: () => new Date(day) } }))
const OFFBOARDING = 'offboarding { status exitAt steps { step count } }'

async function livePartner(): Promise<Insider & { readonly code: string }> {
  const client = await registerClient(gateway.context, { scopes: ['customers:read', 'contributions:write'] })
  await goLive(gateway.context, { partner: client.partner })
  const partner = await findPartner(gateway.context, client.partner)
  return { client, token: await accessToken(gateway, client), code: partner?.code ?? '' }
}

/** A mutation of the exit by somebody of the staff, over the graph. */
async function exit(
  name: string,
  input: object,
  [staff, role]: readonly [string, 'partner-manager' | 'finance' | 'compliance'] = ['ann', 'partner-manager'],
) {
  const kind =
    name === 'planOffboarding' || name === 'postponeOffboarding'
      ? 'OffboardingDateInput'
      : `${name[0]?.toUpperCase()}${name.slice(1)}Input`
  const query = `mutation ($input: ${kind}!) { ${name}(input: $input) { ${OFFBOARDING} userErrors { code message } } }`
  const keyed =
    name === 'attestForPartner' ? input : { reason: 'it sells its business', idempotencyKey: randomUUID(), ...input }
  const { body } = await askAsPerson(gateway, { staff, roles: [role] }, { query, variables: { input: keyed } })
  return body.errors?.[0]?.extensions ?? body.data?.[name]
}

/** A client of the partner for its exit. */
async function exitClient({ client }: Insider): Promise<Insider> {
  const keys = await keyPair('ES256')
  const jwks = { keys: [{ ...keys.publicJwk, kid: 'a' }] }
  const given = { partner: client.partner, name: 'Exit', jwks, scopes: ['customers:read' as const] }
  const { id } = await createClient(gateway.context, given)
  const made: TestClient = { ...client, id, keys }
  return { client: made, token: await accessToken(gateway, made) }
}

test('a partner leaves over the doors: nothing is disclosed, customers are told, deletions attested, and it is closed', async () => {
  const leaving = await livePartner()
  const other = await livePartner()
  const { context } = gateway
  const accounts: string[] = [await customer(world.owner), await customer(world.owner), await customer(world.owner)]
  const consents = await Promise.all(
    accounts.map((account) => grantConsent(context, grantInput(leaving.code, account))),
  )
  const read = { query: `query ($subject: ID!) { customer(subject: $subject, purpose: "CREDIT") { subject } }` }
  const reads = (who: Insider, at = 0) => asPartner(gateway, who, read.query, { subject: consents[at]?.subject })
  expect((await reads(leaving)).body).toMatchObject({ data: { customer: { subject: consents[0]?.subject } } })

  // planned, over the graph; the partner sees it, and nobody else's
  expect(await exit('planOffboarding', { partner: leaving.code, exitAt: EXIT_AT }, ['fin', 'finance'])).toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(await exit('planOffboarding', { partner: leaving.code, exitAt: inDays(-1) })).toMatchObject({
    userErrors: [{ code: 'INVALID_INPUT' }],
  })
  expect(await exit('planOffboarding', { partner: leaving.code, exitAt: EXIT_AT })).toMatchObject({
    offboarding: { status: 'PLANNED' },
  })
  expect(await exit('planOffboarding', { partner: leaving.code, exitAt: EXIT_AT })).toMatchObject({
    userErrors: [{ code: 'WRONG_STATE' }],
  })
  const own = '{ me { offboarding { status exitAt reason checklist { code state } } } }'
  expect((await asPartner(gateway, leaving, own)).body).toMatchObject({
    data: {
      me: {
        offboarding: {
          status: 'PLANNED',
          exitAt: EXIT_AT,
          checklist: expect.arrayContaining([{ code: 'DELETIONS', state: 'NOT_YET' }]),
        },
      },
    },
  })
  expect((await asPartner(gateway, other, own)).body).toMatchObject({ data: { me: { offboarding: null } } })
  expect(await continueOffboardings(context, exitPorts)).toBe(0)

  // the date comes; what does the work dies on the way, and then two processes go on at once
  const [one = context, two = context] = on(EXIT_AT)
  const dying: ExitPorts = { ...exitPorts, endConsents: () => Promise.reject(new Error('killed')) }
  await expect(continueOffboarding(one, { partner: leaving.code }, dying)).rejects.toThrow('killed')
  await Promise.all([one, two, one, two].map((each) => continueOffboarding(each, { partner: leaving.code }, exitPorts)))
  expect(await exit('cancelOffboarding', { partner: leaving.code })).toMatchObject({
    userErrors: [{ code: 'WRONG_STATE' }],
  })
  const { body } = await askAsPerson(
    gateway,
    { staff: 'com', roles: ['compliance'] },
    {
      query: `{ partner(code: "${leaving.code}") { status ${OFFBOARDING} } }`,
    },
  )
  expect(body.data?.['partner']).toMatchObject({
    status: 'OFFBOARDING',
    offboarding: {
      status: 'UNDER_WAY',
      steps: [
        { step: 'STATUS_CHANGED', count: 1 },
        { step: 'CLIENTS_REVOKED', count: 1 },
        { step: 'CONSENTS_ENDED', count: 3 },
        { step: 'MEMBERSHIPS_ENDED', count: 0 },
      ],
    },
  })

  // a consent that was being given while the exit began comes behind its steps, and ends as well
  const put = (status: string) => world.owner`update partners set status = ${status} where code = ${leaving.code}`
  await put('LIVE')
  const account = await customer(world.owner)
  const behind = await grantConsent(context, grantInput(leaving.code, account))
  await put('OFFBOARDING')
  expect(await continueOffboardings(one, exitPorts)).toBe(1)
  const standing = await world.owner`select status from consents where id = ${uuidOf(behind.id)}`
  expect(standing).toMatchObject([{ status: 'REVOKED' }])
  accounts.push(account)

  // its token is good for nothing; a client for the exit reads nothing either, and attests
  expect((await reads(leaving)).status).toBe(403)
  const keys = await keyPair('ES256')
  const wide = {
    partner: leaving.code,
    name: 'Wide',
    jwks: { keys: [{ ...keys.publicJwk, kid: 'a' }] },
    scopes: ['contributions:write' as const],
  }
  await expect(createClient(context, wide)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'scopes' })
  const late = await exitClient(leaving)
  expect((await reads(late)).body).toMatchObject({ data: { customer: null } })
  const attest =
    'mutation ($input: AttestDeletionInput!) { attestDeletion(input: $input) { deletion { attestedAt } userErrors { code } } }'
  const attested = await asPartner(gateway, late, attest, {
    input: { consent: consents[0]?.id, idempotencyKey: randomUUID() },
  })
  expect(attested.body).toMatchObject({ data: { attestDeletion: { deletion: { attestedAt: expect.any(String) } } } })

  // customers find it on their pages, in both languages, and the broker's systems have a list
  const browser = new Browser(gateway, second)
  const page = await browser.get('/consent/mine')
  const mine = await browser.post('/consent/mine/sign-in', [
    ['token', hidden(page, 'token')],
    ['account', accounts[0] ?? ''],
  ])
  expect(mine.text).toContain('Harbour Bank leaves: what you shared with it ended on')
  expect((await browser.get(`/consent/mine/consents/${consents[0]?.id}`)).text).toContain('the partner leaves')
  expect((await browser.get('/consent/mine?lang=zh-CN')).text).toContain('Harbour Bank 已退出合作')
  const first = await listExitNotices(context, { limit: 2 })
  const rest = await listExitNotices(context, { limit: 2, ...(first.next && { after: first.next }) })
  expect([...first.notices, ...rest.notices].map(({ accountKey }) => accountKey).toSorted()).toEqual(
    accounts.toSorted(),
  )
  expect((await listExitNotices(context, { ...(rest.next && { after: rest.next }) })).notices).toEqual([])
  await expect(listExitNotices(context, { after: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })

  // closed once nothing is open, by another person
  const notReady = await exit('closeOffboarding', { partner: leaving.code }, ['fin', 'finance'])
  expect(notReady).toMatchObject({
    userErrors: [{ code: 'NOT_READY', message: expect.stringContaining('DELETIONS (3)') }],
  })
  const paper = { partner: leaving.code, sha256: 'a'.repeat(64), name: 'deleted.pdf' }
  expect(await exit('attestForPartner', paper, ['com', 'compliance'])).toMatchObject({ userErrors: [] })
  const again = {
    partner: (await findPartner(context, leaving.code))?.id ?? newId('ptr'),
    paper: { sha256: 'b'.repeat(64), name: 'again.pdf' },
  }
  expect(await attestForPartner({ ...context, actor: 'staff:com' }, again)).toBe(0)
  expect(await exit('closeOffboarding', { partner: leaving.code }, ['ann', 'finance'])).toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(await exit('closeOffboarding', { partner: leaving.code }, ['fin', 'finance'])).toMatchObject({
    offboarding: { status: 'CLOSED' },
  })
  expect((await reads(late)).status).toBe(403)
})

test('an exit is moved and called off until it begins, and planned anew', async () => {
  const staying = await livePartner()
  expect(await exit('postponeOffboarding', { partner: staying.code, exitAt: LATER })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND' }],
  })
  const far = await exit('planOffboarding', { partner: staying.code, exitAt: '9999-12-31T23:59:59-14:00' })
  expect(far).toMatchObject({ code: 'INVALID_INPUT' })
  const plan = () => exit('planOffboarding', { partner: staying.code, exitAt: EXIT_AT })
  const planned = await Promise.all([plan(), plan(), plan()])
  expect(planned.map((one) => (one as { userErrors: { code: string }[] }).userErrors[0]?.code).toSorted()).toEqual([
    'WRONG_STATE',
    'WRONG_STATE',
    undefined,
  ])
  expect(await exit('postponeOffboarding', { partner: staying.code, exitAt: LATER })).toMatchObject({
    offboarding: { status: 'PLANNED', exitAt: LATER },
  })
  expect(await continueOffboardings(on(EXIT_AT)[0] ?? gateway.context, exitPorts)).toBe(0)
  expect(await exit('cancelOffboarding', { partner: staying.code })).toMatchObject({
    offboarding: { status: 'CANCELLED' },
  })
  expect(await continueOffboardings(on(LATER)[0] ?? gateway.context, exitPorts)).toBe(0)
  expect((await findPartner(gateway.context, staying.code))?.status).toBe('LIVE')
  expect(await exit('planOffboarding', { partner: staying.code, exitAt: inDays(80) })).toMatchObject({
    offboarding: { status: 'PLANNED' },
  })
})
