import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import type { Consent } from '../../customers/consent.ts'
import { definePurposes } from '../../customers/define-purposes.ts'
import { endDueConsents } from '../../customers/end-due-consents.ts'
import type { GrantConsentInput } from '../../customers/grant-consent.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { pageCustomers } from '../../customers/page-customers.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'
import { withOtherProcess } from './elsewhere.ts'
import {
  customer,
  defineCatalogue,
  disclosuresOf,
  grant,
  liveParty,
  type Party,
  PURPOSES,
  read,
  valuesOf,
} from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

const given = async (terms: Partial<GrantConsentInput>, to: Party = party) => {
  const account = await customer(world.owner)
  return { account, consent: await grant(world.context, to, account, terms) }
}
const once = { usage: 'ONCE' } as const
const usesOf = async ({ id }: Consent) => {
  const [row] = await world.owner<{ used: number }[]>`select used from consent_uses where consent_id = ${uuidOf(id)}`
  return row?.used
}
const outcomesOf = async ({ subject }: Consent) =>
  (await disclosuresOf(world.owner, subject)).map(({ outcome, consent_id }) => [outcome, consent_id !== null])
const statusesOf = async (accountKey: string) =>
  (await listConsents(world.context, { accountKey }, { first: 100 })).edges.map(({ node }) => node.status)
const aDayLater = ({ id }: Consent) =>
  behindGuards(world.owner, `update consent_uses set day = day - 1 where consent_id = '${uuidOf(id)}'`)

/** Reads so often at once, half of it on another process, and in lists of different lengths; how many gave a value. */
async function readAtOnce(consent: Consent, count: number): Promise<number> {
  return withOtherProcess(world, async (elsewhere) => {
    const contexts = [world.context, elsewhere]
    const ask = (context: Context, times: number) =>
      readCustomers(context, {
        caller: party.caller,
        reads: Array.from({ length: times }, () => ({ subject: consent.subject, purpose: 'CREDIT' })),
      })
    const calls: Promise<readonly unknown[]>[] = []
    for (let left = count, index = 0; left > 0; index++) {
      const times = Math.min(left, (index % 5) + 1)
      calls.push(ask(contexts[index % 2] ?? world.context, times))
      left -= times
    }
    return (await Promise.all(calls)).flat().filter((view) => view !== null).length
  })
}

describe('a consent for one use', () => {
  it('gives once, and is used up from then on', async () => {
    const { account, consent } = await given(once)
    expect(valuesOf(await read(world.context, party, consent))).toEqual({ age: '44' })
    expect(await read(world.context, party, consent)).toBeNull()
    expect(await statusesOf(account)).toEqual(['CONSUMED'])
    expect(await outcomesOf(consent)).toEqual([
      ['disclosed', true],
      ['nothing', false],
    ])
  })

  it('is not used up by a read that gives nothing', async () => {
    const { account, consent } = await given(once)
    expect((await read(world.context, party, consent, ['has_loan']))?.tags).toMatchObject([{ value: null }])
    expect(await read(world.context, party, { ...consent, purpose: 'EDUCATION' })).toBeNull()
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
    expect(valuesOf(await read(world.context, party, consent))).toEqual({ age: '44' })
  })

  it('gives one of 120 reads at once from two processes', async () => {
    const { consent } = await given(once)
    expect(await readAtOnce(consent, 120)).toBe(1)
    const outcomes = await outcomesOf(consent)
    expect(outcomes).toHaveLength(120)
    expect(outcomes.filter(([outcome]) => outcome === 'disclosed')).toHaveLength(1)
  })

  it('is recorded as CONSUMED at the next turn, by the read, at its time', async () => {
    const { consent } = await given(once)
    await read(world.context, party, consent)
    await Promise.all([1, 2, 3].map(() => endDueConsents(world.context)))
    const steps = await world.owner`
      select status, by from consent_events where consent_id = ${uuidOf(consent.id)} order by change`
    expect(steps.map(({ status, by }) => `${status} by ${by}`)).toEqual(['AUTHORISED by CUSTOMER', 'CONSUMED by READ'])
    const [row] = await world.owner`
      select c.status, c.ended_at = date_trunc('milliseconds', d.at) as in_time
      from consents c join disclosures d on d.consent_id = c.id where c.id = ${uuidOf(consent.id)}`
    expect(row).toEqual({ status: 'CONSUMED', in_time: true })
    expect(await endDueConsents(world.context)).toBe(0)
  })

  it('leaves its place to another', async () => {
    const { account, consent } = await given(once)
    await read(world.context, party, consent)
    const next = await grant(world.context, party, account, once)
    expect(next.version).toBe(1)
    expect(next.amends).toBeUndefined()
    expect(await statusesOf(account)).toEqual(['AUTHORISED', 'CONSUMED'])
    expect(valuesOf(await read(world.context, party, next))).toEqual({ age: '44' })
  })

  it('is not counted for statements, so it is not given for them', async () => {
    const account = await customer(world.owner)
    await definePurposes(world.context, [{ ...PURPOSES[1], key: 'SETTLEMENT' }])
    const settle = (terms: Partial<GrantConsentInput>) =>
      grant(world.context, party, account, { ...terms, purpose: 'SETTLEMENT' })
    await expect(settle(once)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(settle({ maxPerDay: 9 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await settle({})).toMatchObject({ status: 'AUTHORISED' })
  })
})

describe('a consent with a limit for a day', () => {
  it('gives so often in a day, and again on the next', async () => {
    const { account, consent } = await given({ maxPerDay: 2 })
    const values = async () => (await read(world.context, party, consent)) !== null
    expect([await values(), await values(), await values()]).toEqual([true, true, false])
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
    await aDayLater(consent)
    expect([await values(), await values(), await values()]).toEqual([true, true, false])
  })

  it('of ten gives exactly ten of 200 reads at once from two processes', async () => {
    for (let day = 0; day < 3; day++) {
      const { consent } = await given({ maxPerDay: 10 })
      expect(await readAtOnce(consent, 200)).toBe(10)
      expect(await usesOf(consent)).toBe(10)
      const outcomes = await outcomesOf(consent)
      expect(outcomes).toHaveLength(200)
      expect(outcomes.filter(([outcome, named]) => outcome === 'disclosed' && named)).toHaveLength(10)
    }
  })

  it('does not go back to a day that is over, however late a statement comes', async () => {
    const { consent } = await given({ maxPerDay: 2 })
    // another statement has begun the next day already
    await behindGuards(
      world.owner,
      `update consent_uses set day = (now() at time zone 'UTC')::date + 1, used = 1 where consent_id = '${uuidOf(consent.id)}'`,
    )
    expect(await read(world.context, party, consent)).not.toBeNull()
    expect(await read(world.context, party, consent)).toBeNull()
    const [row] = await world.owner`
      select day = (now() at time zone 'UTC')::date + 1 as kept from consent_uses where consent_id = ${uuidOf(consent.id)}`
    expect(row?.['kept']).toBe(true)
  })

  it('counts what a page gives, and is no longer on it when nothing is left', async () => {
    const other = await liveParty(world.context)
    const limited = await given({ maxPerDay: 1 }, other)
    await given({}, other)
    const page = async () => {
      const asked = { caller: other.caller, purpose: 'CREDIT', page: { first: 10 } }
      return (await pageCustomers(world.context, asked)).edges.map(({ node }) => node.subject)
    }
    expect(await page()).toHaveLength(2)
    expect(await page()).toHaveLength(1)
    expect(await page()).not.toContain(limited.consent.subject)
    expect(await read(world.context, other, limited.consent)).toBeNull()
  })

  it('gives exactly what is left to pages and reads at once', async () => {
    const other = await liveParty(world.context)
    const { consent } = await given({ maxPerDay: 7 }, other)
    const pages = Array.from({ length: 30 }, async () => {
      const asked = { caller: other.caller, purpose: 'CREDIT', page: { first: 10 } }
      const { edges } = await pageCustomers(world.context, asked)
      return edges.some(({ node }) => node.tags.some(({ value }) => value !== null))
    })
    const reads = Array.from({ length: 30 }, async () => (await read(world.context, other, consent)) !== null)
    const gave = (await Promise.all([...pages, ...reads])).filter(Boolean)
    expect(gave).toHaveLength(7)
    expect(await usesOf(consent)).toBe(7)
  })

  it('stands beside consents without one in the same statement', async () => {
    const limited = await given({ maxPerDay: 1 })
    const free = await given({})
    const ask = ({ consent: { subject } }: { consent: Consent }) => ({ subject, purpose: 'CREDIT' })
    const reads = [limited, free, limited, free, limited].map(ask)
    const views = await readCustomers(world.context, { caller: party.caller, reads })
    expect(views.map((view) => view !== null)).toEqual([true, true, false, true, false])
  })
})

it('many limited consents read at once in different orders do not wait for each other in a circle', async () => {
  const consents: Consent[] = []
  for (let count = 0; count < 12; count++) consents.push((await given({ maxPerDay: 1000 })).consent)
  await withOtherProcess(world, async (elsewhere) => {
    const calls = Array.from({ length: 40 }, (_, index) => {
      const reads = consents.map(({ subject }) => ({ subject, purpose: 'CREDIT' }))
      const ordered = index % 3 === 0 ? reads.toReversed() : [...reads.slice(index % 12), ...reads.slice(0, index % 12)]
      return readCustomers(index % 2 === 0 ? world.context : elsewhere, { caller: party.caller, reads: ordered })
    })
    expect((await Promise.all(calls)).flat().filter((view) => view === null)).toEqual([])
  })
  for (const consent of consents) expect(await usesOf(consent)).toBe(40)
})

it('the tables say what the records say, after all of this', async () => {
  await endDueConsents(world.context)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})
