import { beforeEach, describe, expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { contribute, customersIn, earn, freshCode, liveMember, programmeWith, refer } from './scene.ts'

const world = useWorld()

const BY_TIERS = {
  kind: 'DATA_CONVERSION',
  ratePpm: 10_000,
  rateTiers: [{ minConversionPpm: 600_000, ppm: 100_000 }],
  attribution: { model: 'LINEAR' },
}
const BY_REMOVAL = { kind: 'POOL_SPLIT', poolPpm: 1_000_000, housePpm: 0, attribution: { model: 'MARKOV' } }
const FIRST = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }

type Member = PartnerCaller & { readonly code: string }

beforeEach(() => {
  world.clock.set('2026-05-20T00:00:00Z')
})

/**
 * Alder and then birch touch a customer who brings in a hundred yuan; birch touches one who is quiet for the lookback of
 * ten days within April, and alder one who is not yet.
 */
async function april(rules: readonly object[]) {
  const { context } = world
  const programme = await programmeWith(context, { rules, lookbackDays: 10 })
  const from = '2026-04-01T00:00:00+08:00'
  const alder = await liveMember(context, [programme], { from, code: freshCode('alder') })
  const birch = await liveMember(context, [programme], { from, code: freshCode('birch') })
  const [bought = '', quiet = '', open = ''] = await customersIn(world, 3)
  await contribute(context, alder, bought, { kind: 'DATA', day: 2 })
  await contribute(context, birch, bought, { kind: 'DATA', day: 5 })
  await contribute(context, birch, quiet, { kind: 'DATA', day: 3 })
  await contribute(context, alder, open, { kind: 'DATA', day: 25 })
  await earn(context, bought, [['bought', 10_000, '2026-04-06T00:00:00Z']])
  const close = () => closePeriod(context, { programme, month: '2026-04' })
  return { programme, alder, birch, bought, quiet, close }
}

async function earningsOf({ partner }: Member): Promise<readonly (readonly [string, bigint])[]> {
  const { edges } = await listStatements(world.context, { partner, page: { first: 10 } })
  const id = edges[0]?.node.id
  const found = id && (await findStatement(world.context, { id }))
  return (found || undefined)?.rules.map(({ kind, minor }) => [kind, minor] as const) ?? []
}

describe('a month with pools', () => {
  test('counts paths that ended without a conversion, in rates and in removal effects', async () => {
    const { alder, birch, close } = await april([BY_TIERS, BY_REMOVAL])
    await close()
    // alder converted 1 path of 1: 10 %; birch 1 of 2: 1 %; half a conversion each
    // P = 1/2, without alder 1/4, without birch 0: effects 1/2 and 1
    expect(await earningsOf(alder)).toEqual([
      ['DATA_CONVERSION', 500n],
      ['POOL_SPLIT', 3333n],
    ])
    expect(await earningsOf(birch)).toEqual([
      ['DATA_CONVERSION', 50n],
      ['POOL_SPLIT', 6667n],
    ])
  })

  test('leaves with the house what falls to a member who touched no conversion', async () => {
    const { alder, birch, quiet, programme, close } = await april([{ ...BY_REMOVAL, housePpm: 333_333 }])
    const from = '2026-04-01T00:00:00+08:00'
    const cedar = await liveMember(world.context, [programme], { from, code: freshCode('cedar') })
    await contribute(world.context, cedar, quiet, { kind: 'DATA', day: 2 })
    await close()
    // effects 1/2 of alder and of cedar, 1 of birch; the house takes 3333 of 10000, and 6667 fall to the three
    expect(await earningsOf(alder)).toEqual([['POOL_SPLIT', 1667n]])
    expect(await earningsOf(birch)).toEqual([['POOL_SPLIT', 3333n]])
    expect(await earningsOf(cedar)).toEqual([])
  })

  test('leaves the part of a member who is suspended with the house', async () => {
    const { alder, birch, close } = await april([BY_TIERS, BY_REMOVAL])
    await changePartnerStatus(world.context, { partner: birch.partner, status: 'SUSPENDED', reason: 'an audit' })
    await close()
    expect(await earningsOf(alder)).toEqual([
      ['DATA_CONVERSION', 500n],
      ['POOL_SPLIT', 3333n],
    ])
    expect(await earningsOf(birch)).toEqual([])
  })

  test('leaves the part of a fact that an exclusive rule had for itself with the house, and the others theirs', async () => {
    const rules = [
      { ...FIRST, exclusive: true },
      { ...BY_TIERS, priority: 1 },
    ]
    const { alder, birch, bought, close } = await april(rules)
    await refer(world.context, alder, { customers: [bought], at: '2026-04-01T00:00:00Z' })
    await close()
    expect(await earningsOf(alder)).toEqual([['REFERRAL_COMMISSION_SHARE', 2000n]])
    expect(await earningsOf(birch)).toEqual([['DATA_CONVERSION', 50n]])
  })

  test('takes back by a refund what the conversion gave', async () => {
    const { alder, birch, bought, close } = await april([BY_TIERS, BY_REMOVAL])
    const refund = { refundOf: `bought-${bought}` }
    await earn(world.context, bought, [['back', -10_000, '2026-04-20T00:00:00Z']], refund)
    await close()
    for (const member of [alder, birch]) {
      expect(await earningsOf(member)).toEqual([
        ['DATA_CONVERSION', 0n],
        ['POOL_SPLIT', 0n],
      ])
    }
  })
})
