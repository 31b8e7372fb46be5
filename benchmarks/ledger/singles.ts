import { setTimeout as sleep } from 'node:timers/promises'
import { takeTurns } from '../../app/worker/take-turns.ts'
import type { Context } from '../../database/context.ts'
import type { AccountPath } from '../../ledger/journal/entry.ts'
import { foldBalances } from '../../ledger/journal/fold-balances.ts'
import type { NewEntry } from '../../ledger/journal/post-entries.ts'
import { postEntry } from '../../ledger/journal/post-entry.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { type BenchWorld, openContext } from './bench-world.ts'
import { openTextbook } from './textbook.ts'

export type Spread = 'spread' | 'hot'
export type SinglesOptions = { readonly clients: number; readonly seconds: number; readonly spread: Spread }

const ACCOUNTS = Array.from({ length: 1000 }, (_, n) => `Partner:Payable:p${n}`)
const HOT = 'Expenses:PartnerShare:hot'
const SEALING_PAUSE_MS = 250
const FULL_TURN_RECORDS = 5000
const WARMING = 0.25

/** Measures one kind of posting for some seconds, any number of times. */
export type Poster = {
  readonly measure: (options: SinglesOptions) => Promise<number>
  readonly close: () => Promise<void>
}

/** Clients that post one entry after the other to our ledger, with sealing and folding going on beside. */
export async function openOurs(world: BenchWorld): Promise<Poster> {
  const { context, close } = openContext(await world.migrated('singles'))
  // the textbook has its accounts as well
  await Promise.all(ACCOUNTS.map((account, n) => postEntry(context, transfer(account, HOT, `account:${n}`))))
  const beside = sealAndFold(context)
  let made = 0
  const post = async (from: string, to: string): Promise<void> => {
    await postEntry(context, transfer(from, to, `bench:${++made}`))
  }
  return {
    measure: (options) => speedOf(options, post),
    close: async () => {
      await beside.stop()
      await close()
    },
  }
}

function transfer(from: string, to: string, reference: string): NewEntry {
  const postings = [
    { account: from as AccountPath, asset: 'CNY/2', minor: -100n },
    { account: to as AccountPath, asset: 'CNY/2', minor: 100n },
  ] as const
  return { at: new Date(), description: 'Transfer', reference, postings }
}

/** The same by the textbook's design. */
export async function openTextbookPoster(world: BenchWorld, clients: number): Promise<Poster> {
  const { post, close } = await openTextbook(await world.empty('textbook'), [...ACCOUNTS, HOT], clients)
  return { measure: (options) => speedOf(options, (from, to) => post({ from, to, minor: 100n })), close }
}

/** How many a second the clients do in the time given, after a while of warming up. */
async function speedOf(
  { clients, seconds, spread }: SinglesOptions,
  post: (from: string, to: string) => Promise<void>,
): Promise<number> {
  let done = 0
  let over = false
  const client = async (own: number): Promise<void> => {
    for (let n = own; !over; n++) {
      const from = ACCOUNTS[(n * 7919) % ACCOUNTS.length] ?? ''
      const to = spread === 'hot' ? HOT : (ACCOUNTS[(n * 7919 + 500) % ACCOUNTS.length] ?? '')
      await post(from, to)
      done++
    }
  }
  const running = Promise.all(Array.from({ length: clients }, (_, n) => client(n * 1_000_003)))
  await sleep(seconds * WARMING * 1000)
  const [before, start] = [done, performance.now()]
  await sleep(seconds * 1000)
  const speed = ((done - before) / (performance.now() - start)) * 1000
  over = true
  await running
  return speed
}

/** What the worker does. */
function sealAndFold(context: Context): { readonly stop: () => Promise<void> } {
  const turns = { pauseMs: SEALING_PAUSE_MS, full: FULL_TURN_RECORDS }
  const taken = [
    takeTurns(context, { ...turns, failed: 'sealing', work: () => sealRecords(context, FULL_TURN_RECORDS) }),
    takeTurns(context, { ...turns, failed: 'folding', work: () => foldBalances(context, FULL_TURN_RECORDS) }),
  ]
  return {
    stop: async () => {
      await Promise.all(taken.map(({ stop }) => stop()))
    },
  }
}
