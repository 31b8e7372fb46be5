import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import { inBatches } from '../in-batches.ts'
import { type NewEntry, postEntries } from '../journal/post-entries.ts'
import type { Observation, PayoutChain, RoundEvent } from './chain.ts'
import { differenceOf } from './difference.ts'
import { moveRound } from './move-round.ts'
import { entriesOfClaim, entriesOfFunding, entriesOfReturn } from './payout-entries.ts'
import type { Round } from './round.ts'
import { type ClaimToPost, markClaimed, releaseClaims, selectClaimsToPost } from './store/claims.ts'
import { holdRound, selectRounds, updateRound } from './store/rounds.ts'

export type SyncRoundsInput = {
  readonly chain: Pick<PayoutChain, 'describe' | 'observe'>
  /** Blocks, an event's own included, after which it counts as final. */
  readonly confirmations: number
}

export type SyncedRound = {
  readonly round: Round
  /** Claims that were booked now. */
  readonly claimed: number
}

/**
 * Books what the contract says of the rounds under way: that a round was opened, who claimed, that the rest came back. Only
 * what is `confirmations` blocks deep counts, and events count only as far as the contract's own state agrees with them.
 * Run it as often as you like, on any number of processes: each event is booked once.
 *
 * Throws `CHAIN_DIFFERS` when contract and books contradict each other, which nothing here can mend: a round that was
 * opened otherwise, or a claim that was booked and is no longer on the chain. The other rounds are booked before it does.
 */
export async function syncRounds(
  context: Context,
  { chain, confirmations }: SyncRoundsInput,
): Promise<readonly SyncedRound[]> {
  const place = await chain.describe()
  const synced: SyncedRound[] = []
  const differing: Fault[] = []
  for (const round of (await selectRounds(context.database.reads, place)).toReversed()) {
    const { number, claims: leaves, seenBlock: after } = round
    const seen = await chain.observe({ number, leaves, after, confirmations })
    try {
      synced.push(await context.database.transaction((tx) => book(context, tx, { round, seen })))
    } catch (error) {
      // the other rounds are booked all the same
      differing.push(differenceIn(error))
    }
  }
  for (const difference of differing) throw difference
  return synced
}

function differenceIn(error: unknown): Fault {
  if (error instanceof Fault && error.code === 'CHAIN_DIFFERS') return error
  throw error
}

type Booking = { readonly round: Round; readonly seen: Observation }

async function book(
  context: Context,
  tx: Transaction,
  { round: { id, seenBlock }, seen }: Booking,
): Promise<SyncedRound> {
  const round = await holdRound(tx, id)
  // another process booked meanwhile, or the node lags behind the one that was asked before
  if (round.seenBlock !== seenBlock || seen.block < seenBlock) return { round, claimed: 0 }
  if (seen.round === undefined) return { round: await withoutFunding(context, tx, { round, seen }), claimed: 0 }
  const difference = differenceOf(round, seen.round)
  if (difference !== undefined) throw difference
  const claims = await selectClaimsToPost(tx, round.id)
  const funded = round.status === 'FUNDING' ? await bookFunding(context, tx, { round, seen, claims }) : round
  const claimed = await bookClaims(context, tx, { round: funded, seen, claims })
  const ended = await bookEnd(context, tx, { round: funded, seen, claims })
  return { round: await updateRound(tx, ended.id, { seenBlock: seen.block }), claimed }
}

/** A round that is not in the contract: it may yet come until its deadline, and never after. */
async function withoutFunding(context: Context, tx: Transaction, { round, seen }: Booking): Promise<Round> {
  if (round.status === 'FUNDED') {
    throw new Fault(
      'CHAIN_DIFFERS',
      `the payout round ${round.id} was booked as funded and is no longer in the contract`,
    )
  }
  if (seen.at <= round.deadline) return updateRound(tx, round.id, { seenBlock: seen.block })
  await releaseClaims(tx, round.id)
  const more = { reason: 'it was not funded before its deadline' }
  return moveRound(context, tx, { round, to: 'CANCELLED', more, change: { seenBlock: seen.block } })
}

type Posting = Booking & { readonly claims: readonly ClaimToPost[] }

async function bookFunding(context: Context, tx: Transaction, { round, seen, claims }: Posting): Promise<Round> {
  const opened = seen.events.find(({ kind }) => kind === 'OPENED')
  if (opened === undefined) throw eventsMissing(round)
  await post(context, tx, entriesOfFunding(round, claims, opened.at))
  return moveRound(context, tx, { round, to: 'FUNDED', more: { transaction: opened.tx, at: opened.at.toISOString() } })
}

async function bookClaims(context: Context, tx: Transaction, { round, seen, claims }: Posting): Promise<number> {
  const before = new Set(claims.filter(({ claimedAt }) => claimedAt !== undefined).map(({ index }) => index))
  // one that was taken back with its block and came again in another is booked already
  const paid = seen.events.filter(isClaim).filter(({ index }) => !before.has(index))
  const known = new Set([...before, ...paid.map(({ index }) => index)])
  const lost = [...before].filter((index) => !seen.claimed.has(index))
  if (lost.length > 0) {
    throw new Fault(
      'CHAIN_DIFFERS',
      `claims of ${round.id} were booked and are no longer on the chain: ${lost.join(', ')}`,
    )
  }
  if (known.size !== seen.claimed.size) throw eventsMissing(round)
  const rows = paid.map((event) => ({ ...event, claim: claimAt(claims, event.index) }))
  await markClaimed(tx, round.id, paid)
  await append(
    context,
    tx,
    rows.map(({ claim: { partner, statement }, index, tx: transaction, at }) => ({
      kind: 'payout_claim',
      partner,
      data: { event: 'CLAIMED', round: round.id, index: BigInt(index), statement, transaction, at: at.toISOString() },
    })),
  )
  await post(
    context,
    tx,
    rows.flatMap(({ claim, at }) => entriesOfClaim(round, claim, at)),
  )
  return paid.length
}

/** All claimed: `CLOSED`. Swept: what was not claimed came back, and may be given out again. */
async function bookEnd(context: Context, tx: Transaction, { round, seen, claims }: Posting): Promise<Round> {
  if (seen.claimed.size === claims.length) return moveRound(context, tx, { round, to: 'CLOSED' })
  if (seen.round?.swept !== true) return round
  const swept = seen.events.find(({ kind }) => kind === 'SWEPT')
  if (swept === undefined) throw eventsMissing(round)
  const left = claims.filter(({ index }) => !seen.claimed.has(index))
  await releaseClaims(tx, round.id, { returnedAt: swept.at })
  await append(
    context,
    tx,
    left.map(({ partner, statement, index }) => ({
      kind: 'payout_claim',
      partner,
      data: { event: 'RETURNED', round: round.id, index: BigInt(index), statement, at: swept.at.toISOString() },
    })),
  )
  await post(
    context,
    tx,
    left.flatMap((claim) => entriesOfReturn(round, claim, swept.at)),
  )
  return moveRound(context, tx, { round, to: 'SWEPT', more: { transaction: swept.tx, at: swept.at.toISOString() } })
}

async function post(context: Context, tx: Transaction, entries: readonly NewEntry[]): Promise<void> {
  await inBatches(entries, (batch) => postEntries(context, tx, batch))
}

async function append(context: Context, tx: Transaction, records: readonly NewRecord[]): Promise<void> {
  await inBatches(records, (batch) => appendRecords(context, tx, batch))
}

function isClaim(event: RoundEvent): event is Extract<RoundEvent, { kind: 'CLAIMED' }> {
  return event.kind === 'CLAIMED'
}

/** Claims stand in the order of their indexes, which begin at 0. */
function claimAt(claims: readonly ClaimToPost[], index: number): ClaimToPost {
  const claim = claims[index]
  invariant(claim?.index === index, `the contract paid the leaf ${index}, which the round does not have`)
  return claim
}

/** The node's events do not lead to the state that the contract is in: nothing is booked on the word of such a node. */
function eventsMissing({ id }: Round): Fault {
  return new Fault(
    'CHAIN_DIFFERS',
    `the node’s events of the payout round ${id} do not agree with the contract’s state`,
  )
}
