import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Wallet } from 'ethers'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parseAccount } from '../../../contracts/account.ts'
import { buildPayoutTree } from '../../../contracts/payout-tree.ts'
import { planRound } from '../../../ledger/distribution/plan-round.ts'
import { proposePayoutAddress } from '../../../ledger/distribution/propose-payout-address.ts'
import { verifyPayoutAddress } from '../../../ledger/distribution/verify-payout-address.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../../ledger/payouts/cancel-payouts.ts'
import { findPayoutBatch } from '../../../ledger/payouts/find-payout-batch.ts'
import { listPayoutBatches } from '../../../ledger/payouts/list-payout-batches.ts'
import { listPayoutsOfStatement } from '../../../ledger/payouts/list-payouts-of-statement.ts'
import { writePayoutFile } from '../../../ledger/payouts/write-payout-file.ts'
import { useWorld } from '../../support/database.ts'
import type { PayoutOrder } from './payout-process.ts'
import {
  ASSET,
  approved,
  as,
  bookedOf,
  instructed,
  ourAccount,
  type Paid,
  payoutsOf,
  prepare,
  settle,
  settled,
} from './scene.ts'

const world = useWorld()
const children: ChildProcess[] = []
const PROCESS = fileURLToPath(new URL('./payout-process.ts', import.meta.url))
const AT = '2026-02-10T00:00:00.000Z'

beforeAll(async () => {
  world.clock.set(AT)
  await ourAccount(world)
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** How many of them worked, and the codes of the others. */
async function outcomes(work: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const settledAll = await Promise.allSettled(work)
  return settledAll.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason.code ?? one.reason))).sort()
}

async function attemptsOf(paid: readonly Paid[]): Promise<readonly number[]> {
  const all = paid.map(({ statement }) => listPayoutsOfStatement(world.context, { statement: statement.id }))
  return (await Promise.all(all)).map((payouts) => payouts.length)
}

/** Starts a process; `go` lets it work and gives what it tells, line by line. */
async function processWith(order: Omit<PayoutOrder, 'address' | 'at'>) {
  const given: PayoutOrder = { ...order, address: world.address, at: AT }
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(given)], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    child,
    go: async (count = order.steps.length): Promise<readonly string[]> => {
      child.stdin.write('go\n')
      const told: string[] = []
      while (told.length < count) told.push(String((await lines.next()).value))
      return told
    },
  }
}

describe('at the same moment', () => {
  test('two who prepare give each statement once', async () => {
    const paid = await settled(world, [100, 200, 300, 400, 500])
    const done = await outcomes([1, 2, 3, 4].map(() => prepare(world, paid)))
    expect(done).toEqual(['NOT_READY', 'NOT_READY', 'NOT_READY', 'done'])
    expect(await attemptsOf(paid)).toEqual([1, 1, 1, 1, 1])
  })

  test('a batch and a round on a chain do not pay the same statement', async () => {
    const paid = await settled(world, [100, 200, 300])
    const account = Wallet.createRandom().address
    for (const { member } of paid) {
      const input = { partner: member.code, account, readAccount: parseAccount }
      await proposePayoutAddress(as(world.context, 'alice'), input)
      await verifyPayoutAddress(as(world.context, 'bob'), input)
    }
    const place = { chainId: 1n, contract: account, token: account, decimals: 2, owner: account, block: 1n }
    const plan = () =>
      planRound(as(world.context, 'carol'), {
        ...{ asset: ASSET, programme: paid[0]?.statement.programme, deadline: new Date('2027-01-01T00:00:00Z') },
        ...{ chain: { describe: async () => place }, buildTree: buildPayoutTree },
      })
    for (let round = 0; round < 4; round += 1) {
      const done = await outcomes([prepare(world, paid), plan(), prepare(world, paid), plan()])
      expect(done).toEqual(['NOT_READY', 'NOT_READY', 'NOT_READY', 'done'])
      const [claims] = await world.owner<{ live: number }[]>`select count(*)::int as live from payout_claims where live`
      const [payouts] = await world.owner<{ live: number }[]>`
        select count(*)::int as live from payouts p where p.live and p.statement_id = any(${paid.map(({ statement }) => statement.id.slice(4))}::uuid[])`
      expect([claims?.live, payouts?.live].toSorted()).toEqual([0, 3])
      await world.owner`update payout_claims set live = false where live`
      await world.owner`update payout_rounds set status = 'CANCELLED' where status = 'PLANNED'`
      const { edges } = await listPayoutBatches(world.context, { status: 'DRAFT', page: { first: 100 } })
      for (const { node } of edges) await cancelPayouts(as(world.context, 'alice'), { batch: node.id, reason: 'again' })
    }
  })

  test('two who approve are one approval, and who approves or cancels excludes the other', async () => {
    const paid = await settled(world, [100])
    const { batch } = await prepare(world, paid)
    const approve = (person: string) => approvePayouts(as(world.context, person), { batch: batch.id })
    expect(await outcomes([approve('bob'), approve('carol'), approve('dora')])).toEqual([
      'WRONG_STATE',
      'WRONG_STATE',
      'done',
    ])
    await cancelPayouts(as(world.context, 'alice'), { batch: batch.id, reason: 'again' })
    for (let round = 0; round < 4; round += 1) {
      const { batch: next } = await prepare(world, paid)
      const cancel = () => cancelPayouts(as(world.context, 'carol'), { batch: next.id, reason: 'no' })
      const done = await outcomes([approvePayouts(as(world.context, 'bob'), { batch: next.id }), cancel()])
      // who approves first may still be cancelled after it; who cancels first ends it
      expect([
        ['done', 'done'],
        ['WRONG_STATE', 'done'],
      ]).toContainEqual(done)
      expect((await findPayoutBatch(world.context, next.id))?.status).toBe('CANCELLED')
    }
  })
})

describe('several processes', () => {
  test('that instruct one batch book it once, and make one file', { timeout: 60_000 }, async () => {
    const paid = await settled(world, [1000])
    const [one] = paid
    if (one === undefined) throw new Error('one is paid')
    const { id } = await approved(world, paid)
    const before = await bookedOf(world, one.member)
    const order = { batch: id, person: 'alice', steps: ['instruct', 'file'] as const }
    const processes = await Promise.all([1, 2].map(() => processWith(order)))
    const told = await Promise.all(processes.map(({ go }) => go()))
    expect(told.map(([first]) => first).toSorted()).toEqual(['INSTRUCTED', 'WRONG_STATE'])
    const { text } = await writePayoutFile(as(world.context, 'bob'), { batch: id, format: 'PAIN_001' })
    const hash = createHash('sha256').update(text).digest('hex')
    expect(told.map(([, file]) => file)).toEqual([hash, hash])
    const after = await bookedOf(world, one.member)
    expect(after.clearing - before.clearing).toBe(-960n)
    expect((await findPayoutBatch(world.context, id))?.files).toHaveLength(3)
    expect(await verifyJournal(world.context)).toEqual([])
  })

  test('that are killed after they instructed leave a batch whose file is the one that may have left', {
    timeout: 60_000,
  }, async () => {
    const paid = await settled(world, [1000, 2000])
    const { id } = await approved(world, paid)
    const steps = ['instruct', 'file'] as const
    const killed = await processWith({ batch: id, person: 'alice', steps, standStill: true })
    const [, file] = await killed.go()
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    await expect(prepare(world, paid)).rejects.toMatchObject({ code: 'NOT_READY' })
    const again = await processWith({ batch: id, person: 'alice', steps })
    expect(await again.go()).toEqual(['WRONG_STATE', file])
    for (const payout of await payoutsOf(world, { id })) await settle(world, payout)
    expect(await attemptsOf(paid)).toEqual([1, 1])
    expect((await findPayoutBatch(world.context, id))?.status).toBe('DONE')
  })

  test('that are killed while they instruct leave all of it or nothing', { timeout: 60_000 }, async () => {
    const paid = await settled(world, [1000, 2000, 3000])
    const [one] = paid
    if (one === undefined) throw new Error('one is paid')
    const { id } = await approved(world, paid)
    const { clearing } = await bookedOf(world, one.member)
    const killed = await processWith({ batch: id, person: 'alice', steps: ['instruct'] })
    void killed.go()
    await new Promise((resolve) => setTimeout(resolve, 15))
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    const again = await processWith({ batch: id, person: 'alice', steps: ['instruct'] })
    expect(['INSTRUCTED', 'WRONG_STATE']).toContain((await again.go())[0])
    expect((await bookedOf(world, one.member)).clearing - clearing).toBe(-5760n)
    expect((await payoutsOf(world, { id })).map(({ status }) => status)).toEqual(Array(3).fill('INSTRUCTED'))
  })
})

test('a payout is settled once by an entry that several read at once', async () => {
  const paid = await settled(world, [1000])
  const [one] = paid
  if (one === undefined) throw new Error('one is paid')
  const [payout] = await payoutsOf(world, await instructed(world, paid))
  if (payout === undefined) throw new Error('one payout is instructed')
  const { bank } = await bookedOf(world, one.member)
  const entry = 'bke_0198a0c0d0e070008000000000000001' as const
  expect(await outcomes([1, 2, 3, 4].map(() => settle(world, payout, { entry })))).toEqual(Array(4).fill('done'))
  expect((await bookedOf(world, one.member)).bank - bank).toBe(-960n)
  expect(await outcomes([settle(world, payout), settle(world, payout)])).toEqual(['WRONG_STATE', 'WRONG_STATE'])
})
