import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { approveRound } from '../../../ledger/distribution/approve-round.ts'
import { listRounds } from '../../../ledger/distribution/list-rounds.ts'
import type { Round } from '../../../ledger/distribution/round.ts'
import { syncRounds } from '../../../ledger/distribution/sync-rounds.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { FUNDED_KEYS, useAnvil } from '../../support/anvil.ts'
import { useWorld } from '../../support/database.ts'
import type { FundingOrder } from './funding-process.ts'
import { as, booked, call, claim, claimsOf, fund, fundedRound, plan, settled, sync, useChainScene } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const scene = useChainScene(anvil)
const children: ChildProcess[] = []
const PROCESS = fileURLToPath(new URL('./funding-process.ts', import.meta.url))

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await anvil.automine(true)
})

const statusOf = async ({ id }: Round) => (await listRounds(world.context)).find((round) => round.id === id)?.status
const bankOf = async (): Promise<bigint> =>
  Object.values(await booked(world.context, 'Bank')).reduce((all, minor) => all + minor, 0n)

/** Books, and says what that did to one round. */
async function syncOf({ id }: Round, confirmations = 1) {
  return (await sync(world.context, scene.now(), confirmations)).find(({ round }) => round.id === id)
}

async function approved(): Promise<Round> {
  const { round } = await plan(world.context, scene.now())
  return approveRound(as(world.context, 'bob'), round.id)
}

async function attempts({ id }: Round): Promise<readonly string[]> {
  const rows = await world.owner<{ step: string }[]>`
    select step from payout_attempts where round_id = ${id.slice(4)} order by step, number`
  return rows.map(({ step }) => step)
}

async function opened({ number }: Round): Promise<number> {
  const { distributor } = scene.now()
  return (await distributor.queryFilter(distributor.filters['RoundOpened']?.(number) ?? '')).length
}

/** Starts a process that funds the round, and kills it at a step; the first transaction is the allowance if it must be. */
async function killAt(round: Round, stopAt: FundingOrder['stopAt']): Promise<void> {
  const contract = await scene.now().distributor.getAddress()
  const order: FundingOrder = {
    ...{ address: world.address, url: anvil.url, contract, key: FUNDED_KEYS[0], round: round.id, stopAt },
  }
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) if (line === stopAt) break
  child.kill('SIGKILL')
  await ended
}

async function allowEnough(): Promise<void> {
  const { token, distributor } = scene.now()
  await call(token, 'approve', [await distributor.getAddress(), 10n ** 9n])
}

describe('a process that is killed while it funds', () => {
  test('after sending leaves one transaction, which the next run finds, and the round is booked once', async () => {
    await settled(world, [100])
    await allowEnough()
    const round = await approved()
    await anvil.automine(false)
    await killAt(round, 'SENT')
    expect(await statusOf(round)).toBe('FUNDING')
    expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'SENT' })
    expect(await attempts(round)).toEqual(['OPEN'])
    await anvil.mine()
    expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'OPENED' })
    await sync(world.context, scene.now())
    expect(await statusOf(round)).toBe('FUNDED')
    expect(await opened(round)).toBe(1)
  })

  test('between keeping and sending leaves the very bytes that the next run sends', async () => {
    await settled(world, [100])
    await allowEnough()
    const round = await approved()
    await killAt(round, 'KEPT')
    expect(await opened(round)).toBe(0)
    const [kept] = await world.owner<{ hash: string }[]>`
      select hash from payout_attempts where round_id = ${round.id.slice(4)}`
    expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'SENT', hash: kept?.hash })
    expect(await opened(round)).toBe(1)
    await sync(world.context, scene.now())
    expect(await statusOf(round)).toBe('FUNDED')
  })
})

describe('a chain that takes blocks back', () => {
  test('before a claim is deep enough leaves nothing in the books; the claim that comes again is booked once', async () => {
    const [member] = await settled(world, [100])
    const round = await fundedRound(world.context, scene.now())
    const [own] = await claimsOf(world.context, round)
    if (own === undefined) throw new Error('one claim was planned')
    const before = await bankOf()
    await claim(scene.now(), round, own)
    expect(await syncOf(round, 3)).toMatchObject({ claimed: 0 })
    await anvil.reorganise(1)
    await anvil.mine(3)
    expect(await syncOf(round, 3)).toMatchObject({ claimed: 0, round: { status: 'FUNDED' } })
    await claim(scene.now(), round, own)
    await anvil.mine(2)
    expect(await syncOf(round, 3)).toMatchObject({ claimed: 1, round: { status: 'CLOSED' } })
    expect(await syncOf(round, 3)).toBeUndefined()
    expect(await bankOf()).toBe(before - 100n)
    expect(await scene.now().token.getFunction('balanceOf')(member?.account)).toBe(100n)
  })

  test('deeper than was trusted is found, loudly, until the chain agrees again', async () => {
    await settled(world, [100, 200])
    const round = await fundedRound(world.context, scene.now())
    const [own] = await claimsOf(world.context, round)
    if (own === undefined) throw new Error('two claims were planned')
    await claim(scene.now(), round, own)
    await sync(world.context, scene.now())
    const before = await bankOf()
    await anvil.reorganise(1)
    const raised = sync(world.context, scene.now())
    await expect(raised).rejects.toMatchObject({ code: 'CHAIN_DIFFERS', message: expect.stringContaining('no longer') })
    await claim(scene.now(), round, own)
    expect(await syncOf(round)).toMatchObject({ claimed: 0, round: { status: 'FUNDED' } })
    expect(await bankOf()).toBe(before)
    for (const each of (await claimsOf(world.context, round)).slice(1)) await claim(scene.now(), round, each)
    await sync(world.context, scene.now())
  })
})

test('a node whose events do not lead to the contract’s state is not believed, and nothing is booked', async () => {
  await settled(world, [100, 200])
  const round = await approved()
  await fund(world.context, scene.now(), round)
  const { chain } = scene.now()
  const silent = {
    ...chain,
    observe: async (asked: Parameters<typeof chain.observe>[0]) => ({ ...(await chain.observe(asked)), events: [] }),
  }
  const behind = syncRounds(world.context, { chain: silent, confirmations: 1 })
  await expect(behind).rejects.toMatchObject({ code: 'CHAIN_DIFFERS' })
  expect(await statusOf(round)).toBe('FUNDING')
  await sync(world.context, scene.now())
  const [own] = await claimsOf(world.context, round)
  if (own === undefined) throw new Error('two claims were planned')
  await claim(scene.now(), round, own)
  await expect(syncRounds(world.context, { chain: silent, confirmations: 1 })).rejects.toMatchObject({
    code: 'CHAIN_DIFFERS',
  })
  await sync(world.context, scene.now())
})

test('many who book at once book each claim once, and the journal balances', async () => {
  const amounts = [1, 2, 3, 4, 5, 6, 7, 8]
  await settled(world, amounts)
  const round = await fundedRound(world.context, scene.now())
  const before = await bankOf()
  for (const each of await claimsOf(world.context, round)) {
    await claim(scene.now(), round, each)
    await Promise.all([1, 2, 3].map(() => sync(world.context, scene.now())))
  }
  expect(await statusOf(round)).toBe('CLOSED')
  expect(await bankOf()).toBe(before - 36n)
  expect(await verifyJournal(world.context)).toEqual([])
})
