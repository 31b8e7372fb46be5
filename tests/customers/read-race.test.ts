import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { pageCustomers } from '../../customers/page-customers.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { contextOver, useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, liveParty, type Party, read } from './factories.ts'

const world = useWorld()

beforeAll(async () => {
  await defineCatalogue(world.context)
})

/** Does the work while another process, as it were, revokes: the pools of the two have nothing in common. */
async function withOtherProcess<T>(work: (elsewhere: Context) => Promise<T>): Promise<T> {
  const database = openDatabase(world.address, 'tributary:tests:elsewhere', 5)
  try {
    return await work(contextOver(database, world.clock))
  } finally {
    await database.close()
  }
}

type Seen = { readonly startedAt: number; readonly value: boolean }

/** Reads again and again, until three reads were begun after the end. */
async function readUntil(ended: () => boolean, readOnce: () => Promise<boolean>): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  for (let after = 0; after < 3; ) {
    if (ended()) after++
    const startedAt = performance.now()
    seen.push({ startedAt, value: await readOnce() })
  }
  return seen
}

async function race(
  end: () => Promise<unknown>,
  readOnce: () => Promise<boolean>,
): Promise<{ readonly before: number; readonly late: number }> {
  let endedAt = Number.POSITIVE_INFINITY
  const reading = Promise.withResolvers<void>()
  const ending = async () => {
    await reading.promise
    await end()
    endedAt = performance.now()
  }
  const readAndTell = async () => {
    const value = await readOnce()
    reading.resolve()
    return value
  }
  const readers = [1, 2].map(() => readUntil(() => endedAt < Number.POSITIVE_INFINITY, readAndTell))
  const [, ...seen] = await Promise.all([ending(), ...readers])
  const given = seen.flat().filter(({ value }) => value)
  return { before: given.length, late: given.filter(({ startedAt }) => startedAt >= endedAt).length }
}

async function inTurns<T, R>(items: readonly T[], together: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += together) {
    results.push(...(await Promise.all(items.slice(from, from + together).map(work))))
  }
  return results
}

async function consentedAccounts(party: Party, count: number): Promise<readonly string[]> {
  return inTurns(
    Array.from({ length: count }, (_, index) => index),
    5,
    async () => {
      const account = await customer(world.owner)
      await grant(world.context, party, account)
      return account
    },
  )
}

test('of 300 revocations raced by readers on other connections, no read begun after the commit gives a value', async () => {
  const { context } = world
  const party = await liveParty(context)
  await withOtherProcess(async (elsewhere) => {
    const outcomes = await inTurns(await consentedAccounts(party, 300), 10, async (accountKey) => {
      // the same again supersedes, so that what is revoked is known here
      const consent = await grant(context, party, accountKey)
      return race(
        () => revokeConsent(elsewhere, { accountKey, consentId: consent.id, idempotencyKey: randomUUID() }),
        async () => (await read(context, party, consent)) !== null,
      )
    })
    expect(outcomes.filter(({ late }) => late > 0)).toEqual([])
    // the race was one: readers got values until it ended
    expect(outcomes.filter(({ before }) => before > 1).length).toBeGreaterThan(200)
  })
}, 60_000)

test('of 40 suspensions raced by readers, no read begun after the commit gives a value', async () => {
  const { context } = world
  await withOtherProcess(async (elsewhere) => {
    const parties = await Promise.all(Array.from({ length: 40 }, () => liveParty(context)))
    const outcomes = await inTurns(parties, 8, async (party) => {
      const consent = await grant(context, party, await customer(world.owner))
      return race(
        () => changePartnerStatus(elsewhere, { partner: party.partner.id, status: 'SUSPENDED', reason: 'tests' }),
        async () => (await read(context, party, consent)) !== null,
      )
    })
    expect(outcomes.filter(({ late }) => late > 0)).toEqual([])
  })
})

test('an export that pages while customers revoke holds nobody on a page that was asked for after their commit', async () => {
  const { context } = world
  const party = await liveParty(context)
  const accounts = await consentedAccounts(party, 60)
  const revokedAt = new Map<string, number>()
  await withOtherProcess(async (elsewhere) => {
    let revoking = true
    const revocations = inTurns(accounts.slice(0, 50), 2, async (accountKey) => {
      const consent = await grant(elsewhere, party, accountKey)
      await revokeConsent(elsewhere, { accountKey, consentId: consent.id, idempotencyKey: randomUUID() })
      revokedAt.set(consent.subject, performance.now())
    }).finally(() => {
      revoking = false
    })
    const late: string[] = []
    const exportOnce = async () => {
      for (let after: string | undefined; ; ) {
        const askedAt = performance.now()
        const { edges, hasNextPage } = await pageCustomers(context, {
          caller: party.caller,
          purpose: 'CREDIT',
          page: { first: 7, after },
        })
        const gone = edges.filter(({ node }) => (revokedAt.get(node.subject) ?? Number.POSITIVE_INFINITY) <= askedAt)
        late.push(...gone.map(({ node }) => node.subject))
        after = edges.at(-1)?.cursor
        if (!hasNextPage) return
      }
    }
    while (revoking) await exportOnce()
    await revocations
    await exportOnce()
    expect(late).toEqual([])
  })
  const { edges } = await pageCustomers(context, { caller: party.caller, purpose: 'CREDIT', page: { first: 100 } })
  expect(edges).toHaveLength(10)
})
