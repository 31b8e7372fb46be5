import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Consent } from '../../customers/consent.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read, valuesOf } from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const revoke = (accountKey: string, consentId: string, idempotencyKey: string = randomUUID()): Promise<Consent> =>
  revokeConsent(world.context, { accountKey, consentId, idempotencyKey })
const recordsOf = async (consent: string) =>
  world.owner`select from records where kind = 'consent' and position(${consent} in body) > 0`
const messageOf = async (work: Promise<unknown>) => work.then(String, (error: Error) => error.message)

describe('revoking', () => {
  it('ends the consent: the next read gets nothing', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const consent = await grant(context, party, account)
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '44' })
    const revoked = await revoke(account, consent.id)
    expect(revoked).toMatchObject({
      id: consent.id,
      status: 'REVOKED',
      revokedAt: expect.any(Date),
      endedAt: revoked.revokedAt,
    })
    expect(await read(context, party, consent)).toBeNull()
    expect(await recordsOf(consent.id)).toHaveLength(2)
  })

  it('twice is once, whether by the same request or by another', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, account)
    const key = randomUUID()
    const first = await revoke(account, id, key)
    expect(await revoke(account, id, key)).toEqual(first)
    expect(await revoke(account, id)).toEqual(first)
    expect(await recordsOf(id)).toHaveLength(2)
  })

  it('many times at once is once, with the same answer for all', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, account)
    const answers = await Promise.all(Array.from({ length: 8 }, () => revoke(account, id)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await recordsOf(id)).toHaveLength(2)
  })

  it('at once with a consent that takes its place: one wins, and what remains is what both were told', async () => {
    const { context, owner } = world
    for (let round = 0; round < 10; round++) {
      const account = await customer(owner)
      const old = await grant(context, party, account)
      const [revoked, granted] = await Promise.allSettled([revoke(account, old.id), grant(context, party, account)])
      expect(granted.status).toBe('fulfilled')
      if (revoked.status === 'fulfilled') expect(revoked.value.status).toBe('REVOKED')
      else expect(revoked.reason).toMatchObject({ code: 'CONSENT_CHANGED', kind: 'conflict' })
      const view = await read(context, party, old)
      expect(granted.status === 'fulfilled' && view?.consentId === granted.value.id).toBe(true)
    }
  })

  it('a consent whose place another has taken is a conflict: the customer must end that one', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const old = await grant(context, party, account)
    await grant(context, party, account)
    await expect(revoke(account, old.id)).rejects.toMatchObject({ code: 'CONSENT_CHANGED' })
  })

  it('works while the partner is suspended', async () => {
    const { context, owner } = world
    const other = await liveParty(context)
    const account = await customer(owner)
    const { id } = await grant(context, other, account)
    await changePartnerStatus(context, { partner: other.partner.id, status: 'SUSPENDED', reason: 'tests' })
    expect(await revoke(account, id)).toMatchObject({ status: 'REVOKED' })
  })

  it('a consent whose time is over leaves it as it is', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, account)
    await owner`update consents set granted_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' where id = ${uuidOf(id)}`
    expect(await revoke(account, id)).toMatchObject({
      status: 'EXPIRED',
      revokedAt: undefined,
      endedAt: expect.any(Date),
    })
    expect(await recordsOf(id)).toHaveLength(1)
    const next = await grant(context, party, account, { expiresAt: inDays(1) })
    expect(next.status).toBe('AUTHORISED')
    expect(await revoke(account, id)).toMatchObject({ status: 'EXPIRED' })
  })

  it('a consent cannot be brought back to life, not even by the database’s owner', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, account)
    await revoke(account, id)
    const revive = owner`update consents set status = 'AUTHORISED', ended_at = null where id = ${uuidOf(id)}`
    await expect(revive).rejects.toThrow(/has ended and cannot change/)
  })
})

describe('a consent of another customer', () => {
  it('is refused with the very words for one that does not exist', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    const { id } = await grant(context, party, await customer(owner))
    const unknown = newId('cns')
    const [own, none] = [await messageOf(revoke(account, id)), await messageOf(revoke(account, unknown))]
    expect(own.replace(id, 'X')).toBe(none.replace(unknown, 'X'))
    await expect(revoke(account, id)).rejects.toMatchObject({ code: 'NOT_FOUND', field: undefined })
    await expect(revoke(account, unknown)).rejects.toMatchObject({ code: 'NOT_FOUND', field: undefined })
    await expect(revoke(account, 'cns_1')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await recordsOf(id)).toHaveLength(1)
  })

  it('cannot be ended for an account that nobody knows', async () => {
    await expect(revoke('nobody', newId('cns'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
