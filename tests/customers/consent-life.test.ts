import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { amendConsent } from '../../customers/amend-consent.ts'
import { authoriseConsent } from '../../customers/authorise-consent.ts'
import type { Consent } from '../../customers/consent.ts'
import { endDueConsents } from '../../customers/end-due-consents.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { rejectConsent } from '../../customers/reject-consent.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import { resumeConsent } from '../../customers/resume-consent.ts'
import { revokeAll } from '../../customers/revoke-all.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { suspendConsent } from '../../customers/suspend-consent.ts'
import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { openPersonal } from '../../records/personal-data.ts'
import { readBody } from '../../records/record-body.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'
import { withOtherProcess } from './elsewhere.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read, valuesOf } from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const evidence = { locale: 'en', channel: 'app' }
const own = (accountKey: string, { id: consentId }: Consent) => ({
  accountKey,
  consentId,
  idempotencyKey: randomUUID(),
})
const suspend = (account: string, consent: Consent, context: Context = world.context) =>
  suspendConsent(context, own(account, consent))
const resume = (account: string, consent: Consent) => resumeConsent(world.context, own(account, consent))
const revoke = (account: string, consent: Consent, context: Context = world.context) =>
  revokeConsent(context, own(account, consent))
const narrow = (account: string, consent: Consent, context: Context = world.context) =>
  amendConsent(context, { ...own(account, consent), tags: [{ key: 'age', granularity: 'flag' }], evidence })
const byCompliance = ({ id: consentId }: Consent, reason: string) => ({
  consentId,
  reason,
  idempotencyKey: randomUUID(),
})
const asStaff = (): Context => ({ ...world.context, actor: 'staff:alice' })
const stepsOf = async ({ id }: Consent) => {
  const rows = await world.owner<{ status: string; by: string }[]>`
    select status, by from consent_events where consent_id = ${uuidOf(id)} order by change`
  return rows.map(({ status, by }) => `${status} by ${by}`)
}
const statusesOf = async (accountKey: string) =>
  (await listConsents(world.context, { accountKey }, { first: 100 })).edges.map(({ node }) => node.status).toSorted()
const given = async () => {
  const account = await customer(world.owner)
  return { account, consent: await grant(world.context, party, account) }
}

describe('a consent that is suspended', () => {
  it('gives nothing until it is resumed', async () => {
    const { account, consent } = await given()
    expect(await suspend(account, consent)).toMatchObject({ status: 'SUSPENDED', suspendedBy: 'CUSTOMER' })
    expect(await suspend(account, consent)).toMatchObject({ status: 'SUSPENDED' })
    expect(await read(world.context, party, consent)).toBeNull()
    expect(await resume(account, consent)).toMatchObject({ status: 'AUTHORISED' })
    expect(await resume(account, consent)).toMatchObject({ status: 'AUTHORISED' })
    expect(valuesOf(await read(world.context, party, consent))).toEqual({ age: '44' })
    expect(await stepsOf(consent)).toEqual([
      'AUTHORISED by CUSTOMER',
      'SUSPENDED by CUSTOMER',
      'AUTHORISED by CUSTOMER',
    ])
  })

  it('by compliance is resumed by compliance, and nothing takes its place', async () => {
    const { account, consent } = await given()
    await suspendConsent(asStaff(), byCompliance(consent, 'the account may have been taken over'))
    await expect(resume(account, consent)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(grant(world.context, party, account)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(narrow(account, consent)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await resumeConsent(asStaff(), byCompliance(consent, 'it was not'))
    expect(await stepsOf(consent)).toEqual([
      'AUTHORISED by CUSTOMER',
      'SUSPENDED by COMPLIANCE',
      'AUTHORISED by COMPLIANCE',
    ])
  })

  it('by the customer stays so, whatever compliance does', async () => {
    const { account, consent } = await given()
    await suspend(account, consent)
    await expect(resumeConsent(asStaff(), byCompliance(consent, 'why not'))).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await expect(suspendConsent(asStaff(), byCompliance(consent, 'to be sure'))).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
  })

  it('tells the partner neither who of the staff did it nor why', async () => {
    const { consent } = await given()
    const { record } = await suspendConsent(asStaff(), byCompliance(consent, 'a stolen telephone'))
    const [row] = await world.owner<{ body: string }[]>`select body from records where id = ${uuidOf(record)}`
    expect(row?.body).not.toMatch(/alice|telephone/)
    const [personal] = await openPersonal(world.context, [readBody(row?.body ?? '')])
    expect(personal?.data).toMatchObject({ reason: 'a stolen telephone', person: 'staff:alice' })
  })

  it('may be revoked', async () => {
    const { account, consent } = await given()
    await suspend(account, consent)
    expect(await revoke(account, consent)).toMatchObject({ status: 'REVOKED' })
    await expect(resume(account, consent)).rejects.toMatchObject({ code: 'CONSENT_CHANGED' })
  })

  it('is nobody else’s to suspend', async () => {
    const { consent } = await given()
    const other = await customer(world.owner)
    await expect(suspend(other, consent)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const unknown = { ...consent, id: `cns_${'0'.repeat(32)}` } as const
    await expect(suspendConsent(asStaff(), byCompliance(unknown, 'r'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a consent that is amended', () => {
  it('is the next version, and the one before is superseded', async () => {
    const { account, consent } = await given()
    const next = await narrow(account, consent)
    expect(next).toMatchObject({ amends: consent.id, version: 2, tags: [{ key: 'age', granularity: 'flag' }] })
    expect(await narrow(account, next)).toMatchObject({ amends: next.id, version: 3 })
    await expect(narrow(account, consent)).rejects.toMatchObject({ code: 'CONSENT_CHANGED' })
    expect(valuesOf(await read(world.context, party, consent))).toEqual({ age: 'false' })
  })

  it.each([
    ['another tag', { tags: [{ key: 'assets', granularity: 'flag' as const }] }],
    ['a finer one', { tags: [{ key: 'age', granularity: 'exact' as const }] }],
    ['a longer time', { expiresAt: inDays(40) }],
  ])('is never more than it was: %s', async (_, more) => {
    const account = await customer(world.owner)
    const consent = await grant(world.context, party, account, { tags: [{ key: 'age', granularity: 'band' }] })
    const amended = amendConsent(world.context, { ...own(account, consent), ...more, evidence })
    await expect(amended).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await stepsOf(consent)).toEqual(['AUTHORISED by CUSTOMER'])
  })

  it('must be resumed first if it is suspended', async () => {
    const { account, consent } = await given()
    await suspend(account, consent)
    await expect(narrow(account, consent)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })
})

describe('all consents', () => {
  it('of a customer end together, those to one partner if one is named', async () => {
    const { account, consent } = await given()
    const other = await liveParty(world.context)
    await grant(world.context, party, account, { purpose: 'EDUCATION' })
    const elsewhere = await grant(world.context, other, account)
    await suspend(account, consent)
    const idempotencyKey = randomUUID()
    const input = { accountKey: account, partnerCode: other.partner.code, idempotencyKey }
    const ended = await revokeAll(world.context, input)
    expect(ended.map(({ id, status }) => [id, status])).toEqual([[elsewhere.id, 'REVOKED']])
    expect(await revokeAll(world.context, input)).toEqual(ended)
    expect(await statusesOf(account)).toEqual(['AUTHORISED', 'REVOKED', 'SUSPENDED'])
    const all = await revokeAll(world.context, { accountKey: account, idempotencyKey: randomUUID() })
    expect(all).toHaveLength(2)
    expect(await statusesOf(account)).toEqual(['REVOKED', 'REVOKED', 'REVOKED'])
    expect(await revokeAll(world.context, { accountKey: account, idempotencyKey: randomUUID() })).toEqual([])
    const unknown = revokeAll(world.context, { ...input, partnerCode: 'nobody', idempotencyKey: randomUUID() })
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a consent whose time is over', () => {
  it('is recorded once, at the time at which it ended', async () => {
    const { account, consent } = await given()
    const ended = new Date(Date.now() - 60_000)
    await behindGuards(
      world.owner,
      `update consents set granted_at = granted_at - interval '1 day', expires_at = '${ended.toISOString()}'
       where id = '${uuidOf(consent.id)}'`,
    )
    expect(await read(world.context, party, consent)).toBeNull()
    expect(await statusesOf(account)).toEqual(['EXPIRED'])
    await Promise.all([1, 2, 3].map(() => endDueConsents(world.context)))
    expect(await stepsOf(consent)).toEqual(['AUTHORISED by CUSTOMER', 'EXPIRED by CLOCK'])
    const [row] = await world.owner`select status, ended_at from consents where id = ${uuidOf(consent.id)}`
    expect(row).toEqual({ status: 'EXPIRED', ended_at: ended })
  })
})

/** Both at once, from two processes, many times; returns which of them went through each time. */
async function raced(
  one: (context: Context, scene: Awaited<ReturnType<typeof given>>) => Promise<unknown>,
  other: (context: Context, scene: Awaited<ReturnType<typeof given>>) => Promise<unknown>,
): Promise<readonly { readonly scene: Awaited<ReturnType<typeof given>>; readonly won: readonly boolean[] }[]> {
  return withOtherProcess(world, async (elsewhere) => {
    const outcomes = []
    for (let round = 0; round < 12; round++) {
      const scene = await given()
      const [first, second] = round % 2 === 0 ? [world.context, elsewhere] : [elsewhere, world.context]
      const results = await Promise.allSettled([one(first, scene), other(second, scene)])
      for (const result of results) {
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ code: 'CONSENT_CHANGED', kind: 'conflict' })
      }
      outcomes.push({ scene, won: results.map(({ status }) => status === 'fulfilled') })
    }
    return outcomes
  })
}

describe('at the same moment on two processes', () => {
  it('of revoking and amending one wins, and the other is told', async () => {
    const outcomes = await raced(
      (context, { account, consent }) => revoke(account, consent, context),
      (context, { account, consent }) => narrow(account, consent, context),
    )
    for (const { scene, won } of outcomes) {
      expect(won.filter(Boolean)).toHaveLength(1)
      const [revoked] = won
      expect(await statusesOf(scene.account)).toEqual(revoked ? ['REVOKED'] : ['AUTHORISED', 'SUPERSEDED'])
      expect((await read(world.context, party, scene.consent)) === null).toBe(revoked)
    }
  })

  it('of authorising and refusing one wins, and the other is told', async () => {
    const { partner, client } = party
    const requests = new Map<string, Consent['id']>()
    const expiresAt = inDays(1)
    const requestFor = async (account: string) => {
      const { id } = await requestConsent(world.context, {
        partner: partner.id,
        client: client.id,
        purpose: 'EDUCATION',
        tags: [{ key: 'age', granularity: 'band' }],
        expiresAt,
        usage: 'ONCE',
        retentionDays: 1,
        idempotencyKey: account,
      })
      requests.set(account, id)
      return id
    }
    const outcomes = await raced(
      async (context, { account }) => {
        const request = await requestFor(account)
        return authoriseConsent(context, { request, accountKey: account, evidence, idempotencyKey: randomUUID() })
      },
      async (context, { account }) => {
        const request = await requestFor(account)
        return rejectConsent(context, { request, accountKey: account, idempotencyKey: randomUUID() })
      },
    )
    for (const { scene, won } of outcomes) {
      expect(won.filter(Boolean)).toHaveLength(1)
      const id = requests.get(scene.account)
      const [row] =
        id === undefined ? [] : await world.owner`select status from consent_requests where id = ${uuidOf(id)}`
      expect(row?.['status']).toBe(won[0] ? 'AUTHORISED' : 'REJECTED')
      expect(await statusesOf(scene.account)).toHaveLength(won[0] ? 2 : 1)
    }
  })

  it('of suspending and revoking both may go through, and it ends revoked', async () => {
    const outcomes = await raced(
      (context, { account, consent }) => suspend(account, consent, context),
      (context, { account, consent }) => revoke(account, consent, context),
    )
    for (const { scene, won } of outcomes) {
      expect(won[1]).toBe(true)
      expect(await statusesOf(scene.account)).toEqual(['REVOKED'])
    }
  })

  it('no read that is begun after a suspension sees anything', async () => {
    await withOtherProcess(world, async (elsewhere) => {
      for (let round = 0; round < 20; round++) {
        const { account, consent } = await given()
        let suspendedAt = Number.POSITIVE_INFINITY
        const ending = suspend(account, consent, elsewhere).then(() => {
          suspendedAt = performance.now()
        })
        const late: string[] = []
        for (let after = 0; after < 3; ) {
          const startedAt = performance.now()
          if (startedAt > suspendedAt) after++
          const view = await read(world.context, party, consent)
          if (view !== null && startedAt > suspendedAt) late.push(consent.id)
        }
        await ending
        expect(late).toEqual([])
      }
    })
  })
})

describe('the tables', () => {
  it('say what the records say, after all of this', async () => {
    const found = await verifyProjections(world.context, { projectors: PROJECTORS })
    // the one whose time was set back by hand is told to be
    expect(found.map(({ what }) => what)).toEqual(['its granted_at, expires_at are not what its records say'])
  })
})
