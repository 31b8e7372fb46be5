import fc from 'fast-check'
import { Fault } from '../../../kernel/fault.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../../ledger/payouts/cancel-payouts.ts'
import { doubtPayout } from '../../../ledger/payouts/doubt-payout.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import { listPayoutBatches } from '../../../ledger/payouts/list-payout-batches.ts'
import { listPayoutsOfStatement } from '../../../ledger/payouts/list-payouts-of-statement.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import type { BatchStatus } from '../../../ledger/payouts/payout-batch.ts'
import { resolvePayout } from '../../../ledger/payouts/resolve-payout.ts'
import { sendPayouts } from '../../../ledger/payouts/send-payouts.ts'
import type { TestWorld } from '../../support/database.ts'
import { as, giveBack, type Paid, prepare, reject, settle } from './scene.ts'

/** Something that people or the bank do; numbers choose among what is there. */
export type Act =
  | { readonly do: 'prepare' }
  | { readonly do: 'approve' | 'cancel' | 'instruct' | 'send'; readonly which: number }
  | { readonly do: 'settle' | 'reject' | 'return' | 'doubt' | 'resolve'; readonly which: number }
  | { readonly do: 'dispute' | 'answer'; readonly which: number; readonly ppm: number }

const which = fc.nat(1000)

/** Acts in any order; those that cannot be are refused, and change nothing. */
export const anyStory: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Act>({ do: 'prepare' }) },
    { weight: 9, arbitrary: fc.record({ do: fc.constantFrom('approve', 'instruct', 'send'), which }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('settle', 'return'), which }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('reject', 'doubt', 'resolve'), which }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('dispute', 'answer'), which, ppm: fc.nat(1_000_000) }) },
  ),
  { minLength: 10, maxLength: 30 },
)

/** Does one act; says whether it was done. What is refused is a fault with a code, never an error of ours. */
export async function take(world: TestWorld, paid: readonly Paid[], act: Act): Promise<boolean> {
  try {
    await doIt(world, paid, act)
    return true
  } catch (error) {
    if (error instanceof Fault && ['WRONG_STATE', 'NOT_READY'].includes(error.code)) return false
    throw error
  }
}

async function doIt(world: TestWorld, paid: readonly Paid[], act: Act): Promise<void> {
  const { context } = world
  const [alice, bob] = [as(context, 'alice'), as(context, 'bob')]
  switch (act.do) {
    case 'prepare':
      await prepare(world, paid)
      return
    case 'approve':
      await approvePayouts(bob, { batch: await batchIn(world, 'DRAFT', act.which) })
      return
    case 'cancel':
      await cancelPayouts(alice, {
        batch: await batchIn(world, act.which % 2 ? 'DRAFT' : 'APPROVED', act.which),
        reason: 'x',
      })
      return
    case 'instruct':
      await instructPayouts(alice, { batch: await batchIn(world, 'APPROVED', act.which) })
      return
    case 'send':
      await sendPayouts(alice, { batch: await batchIn(world, 'INSTRUCTED', act.which) })
      return
    case 'dispute':
      return dispute(world, paid, act)
    case 'answer':
      return answer(world, paid, act)
    default:
      return atBank(world, await payoutIn(world, paid, act.which), act.do)
  }
}

async function atBank(
  world: TestWorld,
  payout: Payout,
  what: 'settle' | 'reject' | 'return' | 'doubt' | 'resolve',
): Promise<void> {
  const [alice, bob] = [as(world.context, 'alice'), as(world.context, 'bob')]
  const { id } = payout
  if (what === 'settle') await settle(world, payout)
  else if (what === 'reject') await reject(world, payout)
  else if (what === 'return') await giveBack(world, payout)
  else if (what === 'doubt') await doubtPayout(alice, { payout: id, reason: 'the bank is silent' })
  else {
    const outcome = payout.attempt % 2 === 1 ? 'EXECUTED' : 'NOT_EXECUTED'
    await resolvePayout(alice, { payout: id, outcome, evidence: 'a letter' })
    await resolvePayout(bob, { payout: id, outcome, evidence: 'the same letter' })
  }
}

/** A share of what the statement pays is disputed: as the verb of disputes writes it. */
async function dispute(
  { owner }: TestWorld,
  paid: readonly Paid[],
  { which: at, ppm }: { which: number; ppm: number },
) {
  const { statement, member } = chosen(paid, at)
  const held = (statement.payout * BigInt(ppm)) / 1_000_000n
  if (held === 0n) return
  await owner`
    insert into disputes (id, statement_id, partner_id, rules, lines, held, reason, opened_by, opened_at, record_id)
    values (${uuidOf(newId('dsp'))}, ${uuidOf(statement.id)}, ${uuidOf(member.partner)}, '{}', '{}', ${`${held}`}::numeric, 'x',
      'staff:alice', now(), ${uuidOf(newId('rec'))})`
  await owner`update statements set status = 'DISPUTED' where id = ${uuidOf(statement.id)}`
}

/** The oldest open dispute of a statement is answered; after the last one it is accepted. */
async function answer({ owner }: TestWorld, paid: readonly Paid[], { which: at }: { which: number }) {
  const id = uuidOf(chosen(paid, at).statement.id)
  await owner`
    update disputes set status = 'WITHDRAWN', closed_by = 'staff:bob', closed_at = now(), closing_record_id = record_id
    where id = (select id from disputes where statement_id = ${id} and status = 'OPEN' order by id limit 1)`
  await owner`
    update statements s set status = 'ACCEPTED' where id = ${id} and status = 'DISPUTED'
      and not exists (select from disputes d where d.statement_id = s.id and d.status = 'OPEN')`
}

async function batchIn({ context }: TestWorld, status: BatchStatus, at: number): Promise<string> {
  const { edges } = await listPayoutBatches(context, { status, page: { first: 100 } })
  return edges.length === 0 ? refuse() : chosen(edges, at).node.id
}

async function payoutIn(world: TestWorld, paid: readonly Paid[], at: number): Promise<Payout> {
  const payouts = await payoutsOfAll(world, paid)
  return payouts.length === 0 ? refuse() : chosen(payouts, at)
}

/** All attempts to pay these statements. */
export async function payoutsOfAll({ context }: TestWorld, paid: readonly Paid[]): Promise<readonly Payout[]> {
  const all = paid.map(({ statement }) => listPayoutsOfStatement(context, { statement: statement.id }))
  return (await Promise.all(all)).flat()
}

/** Answers all disputes, ends what is under way, and pays what is left; late entries of returned money come too. */
export async function bringToAnEnd(world: TestWorld, paid: readonly Paid[]): Promise<void> {
  for (const place of paid.keys()) for (let left = 30; left > 0; left -= 1) await answer(world, paid, { which: place })
  for (const status of ['DRAFT', 'APPROVED'] as const) {
    for (;;) {
      const { edges } = await listPayoutBatches(world.context, { status, page: { first: 1 } })
      const [next] = edges
      if (next === undefined) break
      await cancelPayouts(as(world.context, 'alice'), { batch: next.node.id, reason: 'the end' })
    }
  }
  await settleAll(world, paid)
  for (const act of [{ do: 'prepare' }, { do: 'approve', which: 0 }, { do: 'instruct', which: 0 }] as const) {
    await take(world, paid, act)
  }
  await settleAll(world, paid)
}

async function settleAll(world: TestWorld, paid: readonly Paid[]): Promise<void> {
  for (const payout of await payoutsOfAll(world, paid)) {
    const awaited = ['INSTRUCTED', 'SENT', 'UNKNOWN'].includes(payout.status)
    if (awaited || (payout.status === 'RETURNED' && payout.settledAt === undefined)) await settle(world, payout)
  }
}

function chosen<T>(things: readonly T[], at: number): T {
  const thing = things[at % things.length]
  if (thing === undefined) throw new Error('there is something to choose from')
  return thing
}

function refuse(): never {
  throw new Fault('NOT_READY', 'there is nothing of that kind')
}
