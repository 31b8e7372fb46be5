import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { authoriseConsent } from '../../customers/authorise-consent.ts'
import type { Consent } from '../../customers/consent.ts'
import { eraseCustomer } from '../../customers/erase-customer.ts'
import { findReferences } from '../../customers/references/find-references.ts'
import { readByReference } from '../../customers/references/read-by-reference.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import {
  customer,
  defineCatalogue,
  disclosuresOf,
  grant,
  inDays,
  liveParty,
  type Party,
  valuesOf,
} from './factories.ts'

const world = useWorld()
let party: Party
let other: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  ;[party, other] = [await liveParty(world.context), await liveParty(world.context)]
})

/** A customer's answer to what a partner asked, with the reference that they let it join. */
async function agree(
  accountKey: string,
  reference?: string,
  { to = party, purpose = 'CREDIT' } = {},
): Promise<Consent> {
  const { id } = await requestConsent(world.context, {
    partner: to.partner.id,
    client: to.client.id,
    purpose,
    tags: [{ key: 'age', granularity: 'exact' }],
    usage: 'RECURRING',
    retentionDays: 30,
    expiresAt: inDays(30),
    idempotencyKey: randomUUID(),
  })
  return authoriseConsent(world.context, {
    request: id,
    accountKey,
    ...(reference !== undefined && { reference }),
    evidence: { locale: 'en', channel: 'tests' },
    idempotencyKey: randomUUID(),
  })
}

async function found(reference: string, { by = party, purpose = 'CREDIT' } = {}) {
  return valuesOf(await readByReference(world.context, { caller: by.caller, read: { reference, purpose } }))
}

async function revoke(accountKey: string, { id }: Consent): Promise<void> {
  await revokeConsent(world.context, { accountKey, consentId: id, idempotencyKey: randomUUID() })
}

const kept = async () => (await world.owner`select from subject_references`).length

describe('a partner’s own reference', () => {
  it('finds the customer who let it be joined, for that partner alone', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    const { subject } = await agree(accountKey, 'A-1')
    await agree(accountKey, undefined, { to: other })
    expect(await found('A-1')).toEqual({ age: '44' })
    expect(await found('A-1', { by: other })).toBeNull()
    expect(await found('A-2')).toBeNull()
    const references = await findReferences(context, { partner: party.partner.id, subjects: [subject] })
    expect([...references]).toEqual([[subject, 'A-1']])
    expect((await findReferences(context, { partner: other.partner.id, subjects: [subject] })).size).toBe(0)
  })

  it('is not joined where the customer did not let it', async () => {
    await agree(await customer(world.owner))
    expect(await found('A-none')).toBeNull()
  })

  it('finds nothing for a purpose that was not agreed to, and leaves a trace each time', async () => {
    const accountKey = await customer(world.owner)
    const { subject } = await agree(accountKey, 'A-3')
    expect(await found('A-3', { purpose: 'EDUCATION' })).toBeNull()
    expect((await disclosuresOf(world.owner, subject)).map(({ outcome }) => outcome)).toEqual(['nothing'])
    const before = (await world.owner`select from disclosures`).length
    await found('A-unknown')
    const rows = await world.owner<{ subject: string }[]>`select subject from disclosures order by at, id`
    expect(rows).toHaveLength(before + 1)
    expect(rows.at(-1)?.subject).toMatch(/^[A-Za-z0-9_-]{24}$/)
  })

  it('stands for one customer: a second one is refused, and may agree without it', async () => {
    const [first, second] = [await customer(world.owner), await customer(world.owner, { age: '20' })]
    await agree(first, 'A-4')
    await expect(agree(second, 'A-4')).rejects.toMatchObject({ code: 'DUPLICATE', field: 'reference' })
    expect(await found('A-4')).toEqual({ age: '44' })
    await agree(second)
    // two partners may call two customers the same
    await agree(second, 'A-4', { to: other })
    expect(await found('A-4', { by: other })).toEqual({ age: '20' })
    expect(await found('A-4')).toEqual({ age: '44' })
  })

  it('goes to one of many customers who agree to it at once', async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => customer(world.owner)))
    const outcomes = await Promise.allSettled(accounts.map((account) => agree(account, 'A-race')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'DUPLICATE' })
    }
  })

  it('gives way to another one for the same customer', async () => {
    const accountKey = await customer(world.owner)
    await agree(accountKey, 'A-old')
    await agree(accountKey, 'A-new')
    expect([await found('A-old'), await found('A-new')]).toEqual([null, { age: '44' }])
    // and is free for somebody else
    await agree(await customer(world.owner, { age: '31' }), 'A-old')
    expect(await found('A-old')).toEqual({ age: '31' })
  })

  it('is kept with the next version of the consent, and goes with the last one', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    await agree(accountKey, 'A-5')
    const credit = await agree(accountKey)
    const education = await agree(accountKey, undefined, { purpose: 'EDUCATION' })
    const before = await kept()
    await revoke(accountKey, credit)
    expect([await found('A-5'), await found('A-5', { purpose: 'EDUCATION' })]).toEqual([null, { age: '44' }])
    await revoke(accountKey, education)
    expect(await kept()).toBe(before - 1)
    // a later consent does not bring it back
    await grant(context, party, accountKey)
    expect(await found('A-5')).toBeNull()
  })

  it('goes with the last of two consents that end at the same moment', async () => {
    for (let round = 0; round < 4; round++) {
      const accountKey = await customer(world.owner)
      const consents = [
        await agree(accountKey, `A-both-${round}`),
        await agree(accountKey, undefined, { purpose: 'EDUCATION' }),
      ]
      const before = await kept()
      await Promise.all(consents.map((consent) => revoke(accountKey, consent)))
      expect(await kept()).toBe(before - 1)
    }
  })

  it('stands, or is gone, as the customer’s consents do, when one ends while another is given with it', async () => {
    for (let round = 0; round < 4; round++) {
      const accountKey = await customer(world.owner)
      const reference = `A-again-${round}`
      const first = await agree(accountKey, reference)
      await Promise.all([revoke(accountKey, first), agree(accountKey, reference, { purpose: 'EDUCATION' })])
      expect(await found(reference, { purpose: 'EDUCATION' })).toEqual({ age: '44' })
    }
  })

  it('is nowhere in the clear, and gone with the customer', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    await agree(accountKey, 'A-secret-name')
    const records = await owner<{ body: string }[]>`select body from records where kind = 'reference'`
    expect(records.some(({ body }) => body.includes('A-secret-name'))).toBe(false)
    const rows = await owner<{ sealed: Buffer }[]>`select sealed from subject_references`
    expect(rows.some(({ sealed }) => sealed.includes('A-secret-name'))).toBe(false)
    const before = await kept()
    await eraseCustomer(context, { accountKey, reason: 'asked for' }, async () => {})
    expect(await kept()).toBe(before - 1)
    expect(await found('A-secret-name')).toBeNull()
  })

  it('stands in the tables as the records say', async () => {
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  })
})
