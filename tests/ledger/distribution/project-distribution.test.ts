import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRound } from '../../../ledger/distribution/cancel-round.ts'
import { distributionProjector } from '../../../ledger/distribution/project-distribution.ts'
import { sweepRound } from '../../../ledger/distribution/sweep-round.ts'
import type { ProjectedRecord } from '../../../records/projector.ts'
import { readBody } from '../../../records/record-body.ts'
import { useAnvil } from '../../support/anvil.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import {
  as,
  BUDGET_WEI,
  claim,
  claimsOf,
  DAY_SECONDS,
  freshAccount,
  fundedRound,
  plan,
  setAccount,
  settled,
  sync,
  useChainScene,
} from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const scene = useChainScene(anvil)
let empty: Awaited<ReturnType<typeof createWorld>>

beforeAll(async () => {
  empty = await createWorld()
})
afterAll(() => empty.close())

/** A round of each fate: cancelled, closed, swept with and without claims, under way. */
async function manyFates(): Promise<void> {
  const { context } = world
  const [member] = await settled(world, [10, 20])
  const { round } = await plan(context, scene.now())
  await cancelRound(as(context, 'bob'), { round: round.id, reason: 'a test' })
  const closed = await fundedRound(context, scene.now())
  for (const each of await claimsOf(context, closed)) await claim(scene.now(), closed, each)
  await sync(context, scene.now())
  await settled(world, [30, 40, 50])
  const swept = await fundedRound(context, scene.now())
  for (const each of (await claimsOf(context, swept)).slice(1, 2)) await claim(scene.now(), swept, each)
  await anvil.send('evm_increaseTime', [DAY_SECONDS + 1])
  await anvil.mine()
  await sweepRound(as(context, 'alice'), { round: swept.id, chain: scene.now().chain, budgetWei: BUDGET_WEI })
  await sync(context, scene.now())
  world.clock.set(new Date(Date.now() + 2 * DAY_SECONDS * 1000))
  await fundedRound(context, scene.now())
  await setAccount(context, member?.code ?? '', freshAccount())
}

async function payoutRecords(): Promise<readonly ProjectedRecord[]> {
  const rows = await world.owner<{ body: string }[]>`
    select body from records where kind = any (${[...distributionProjector.kinds]}::text[]) order by tx_id, id`
  return rows.map(({ body }) => ({ body: readBody(body), personal: undefined, owner: undefined }))
}

async function rowsOf(of: Pick<typeof world, 'owner'>): Promise<readonly string[]> {
  const tables = await Promise.all(
    distributionProjector.tables.map(
      ({ name, free = [] }) =>
        of.owner<{ row: string }[]>`
          select ${name} || (to_jsonb(t) - ${[...free]}::text[])::text as row from ${of.owner(name)} t order by 1`,
    ),
  )
  return tables.flat().map(({ row }) => row)
}

test('every row of payouts follows from the log, in its order, and with neighbours swapped', {
  timeout: 60_000,
}, async () => {
  await manyFates()
  const expected = await rowsOf(world)
  const statuses = new Set(expected.map((row) => /"status": "(\w+)"/.exec(row)?.[1]))
  expect(statuses).toEqual(new Set(['CANCELLED', 'CLOSED', 'SWEPT', 'FUNDED', undefined]))
  const records = await payoutRecords()
  const { context } = empty
  const waiting = await context.database.transaction((tx) => distributionProjector.project(context, tx, records))
  expect(waiting).toEqual([])
  expect(await rowsOf(empty)).toEqual(expected)

  const other = await createWorld()
  const swapped = records.map((_, place) => records[place % 2 === 0 ? place + 1 : place - 1] ?? records.at(-1))
  let due: readonly ProjectedRecord[] = swapped.flatMap((record) => (record === undefined ? [] : [record]))
  for (let round = 0; round < 10 && due.length > 0; round += 1) {
    const given = due
    due = await other.context.database.transaction((tx) => distributionProjector.project(other.context, tx, given))
  }
  expect(due).toEqual([])
  expect(await rowsOf(other)).toEqual(expected)
  await other.close()
})
