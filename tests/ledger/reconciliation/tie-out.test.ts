import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault } from '../../../kernel/fault.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { postEntry } from '../../../ledger/journal/post-entry.ts'
import { approveResolution } from '../../../ledger/reconciliation/approve-resolution.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { declineResolution } from '../../../ledger/reconciliation/decline-resolution.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { proposeResolution } from '../../../ledger/reconciliation/propose-resolution.ts'
import { resolveBreak } from '../../../ledger/reconciliation/resolve-break.ts'
import { tieOut } from '../../../ledger/reconciliation/tie-out.ts'
import { createWorld, type TestWorld, useWorld } from '../../support/database.ts'
import { type CamtEntry, camtOf } from './camt.ts'
import { as, decimal, fresh, openBreaks, ourAccount, sentPayouts } from './scene.ts'

const IBAN = 'DE89370400440532013000'
const DAYS = 6
const dayOf = (index: number): string => `2026-02-${String(11 + index).padStart(2, '0')}`

/** What the bank moved on each day; a payout is meant by its index. */
const moves = fc.array(
  fc.oneof(
    fc.record({ is: fc.constant('PAYOUT' as const), index: fc.nat(3), off: fc.constantFrom(0n, 0n, 20n) }),
    fc.record({ is: fc.constant('OTHER' as const), minor: fc.constantFrom(-700n, -50n, 900n, 100_000n) }),
    fc.record({ is: fc.constant('CHARGED' as const), index: fc.nat(3) }),
  ),
  { maxLength: 3 },
)
const story = fc.record({
  opening: fc.constantFrom(0n, 5000n),
  days: fc.array(moves, { minLength: DAYS, maxLength: DAYS }),
  /** In which order the days' files come; one of them may never come. */
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: DAYS - 1 }),
  /** What is done about breaks, by turns. */
  deeds: fc.array(fc.constantFrom('BOOK', 'SET_ASIDE', 'WRITE_OFF', 'LINK', 'POST', 'NOTHING'), { maxLength: 6 }),
})

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never
type Deed = 'BOOK' | 'SET_ASIDE' | 'WRITE_OFF' | 'LINK' | 'POST' | 'NOTHING'

/** The bank’s balance and the ledger’s are what the story and the journal say, whatever the report reckons. */
async function tiesOut(world: TestWorld, closings: ReadonlyMap<string, bigint>): Promise<void> {
  for (const [on, bank] of closings) {
    const told = await tieOut(world.context, { ownAccount: 'icbc', on })
    const at = new Date(`${on}T23:59:59.999Z`)
    const [own] = await balances(world.context, { prefix: 'Bank:icbc', asset: 'CNY/2', at })
    expect(told).toMatchObject({ on, bank, ledger: own?.minor ?? 0n, difference: 0n })
    const listed = (list: readonly { readonly minor: bigint }[]) => list.reduce((sum, { minor }) => sum + minor, 0n)
    expect(listed(told.atBank)).toBe(told.atBankTotal)
    expect(listed(told.inLedger)).toBe(told.inLedgerTotal)
    expect(bank - told.ledger).toBe(told.atBankTotal + told.gapsTotal - told.inLedgerTotal)
  }
}

async function post({ context }: TestWorld, minor: bigint, day: string): Promise<string> {
  const { id } = await postEntry(context, {
    ...{ at: new Date(`${day}T10:00:00Z`), description: 'By hand', reference: fresh('hand') },
    postings: [
      { account: 'Bank:icbc', asset: 'CNY/2', minor },
      { account: 'Clearing:Treasury', asset: 'CNY/2', minor: -minor },
    ],
  })
  return id
}

async function act(world: TestWorld, deed: Deed): Promise<void> {
  const { context } = world
  if (deed === 'POST') return void (await post(world, 333n, dayOf(2)))
  const open = await openBreaks(world)
  const found = open.find(({ kind, entry }) => {
    if (deed === 'BOOK') return kind === 'BALANCE_GAP' || kind === 'NOT_IN_LEDGER'
    return deed === 'WRITE_OFF' ? kind === 'AMOUNT_DIFFERS' : deed !== 'NOTHING' && entry !== undefined
  })
  if (found === undefined) return
  const which = { break: found.id, idempotencyKey: fresh() }
  if (deed === 'LINK') {
    const journalEntry = await post(world, found.minor, dayOf(4))
    await resolveBreak(as(context, 'ann'), { ...which, journalEntry })
    return
  }
  const kind = deed === 'BOOK' ? 'BOOKED' : deed === 'WRITE_OFF' ? 'WRITTEN_OFF' : 'SET_ASIDE'
  const account = kind === 'BOOKED' ? 'Equity:Opening' : undefined
  await proposeResolution(as(context, 'ann'), { ...which, kind, account, reason: 'a story' })
  await approveResolution(as(context, 'bo'), { ...which, kind, account }).catch(async (error: unknown) => {
    // another entry may have settled the payout since that this one means as well
    if (deed !== 'WRITE_OFF' || !(error instanceof Fault) || error.field !== 'payout') throw error
    await declineResolution(as(context, 'bo'), { ...which, reason: 'it was settled' })
  })
}

const TWICE_CHARGED: Story = {
  opening: 0n,
  days: [
    [{ is: 'OTHER', minor: -50n }],
    [{ is: 'CHARGED', index: 2 }],
    [],
    [{ is: 'CHARGED', index: 0 }],
    [],
    [
      { is: 'CHARGED', index: 0 },
      { is: 'PAYOUT', index: 0, off: 20n },
    ],
  ],
  order: [5, 1, 0, 3, 2],
  deeds: ['WRITE_OFF', 'WRITE_OFF', 'BOOK', 'BOOK', 'BOOK', 'SET_ASIDE'],
}

test('in every state of a random story the bank, the ledger and what is open tie out', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ opening, days, order, deeds }) => {
      const world = await createWorld()
      try {
        world.clock.set('2026-02-10T08:00:00Z')
        await ourAccount(world)
        const payouts = await sentPayouts(world, [300, 700, 700, 1900])
        let balance = opening
        const files = days.map((list, day) => {
          const date = dayOf(day)
          const before = balance
          const entries = list.map((move): CamtEntry => {
            const payout = 'index' in move ? payouts[move.index] : undefined
            const off = move.is === 'PAYOUT' ? move.off : move.is === 'CHARGED' ? 30n : 0n
            const minor = move.is === 'OTHER' ? move.minor : -(payout?.transfer ?? 0n) - off
            balance += minor
            const charges = move.is === 'CHARGED' ? { charges: { amount: '0.30' } } : {}
            const details = payout === undefined ? {} : { details: [{ endToEndId: payout.endToEndId }] }
            return { amount: decimal(minor), date, bankReference: fresh('ref'), ...charges, ...details }
          })
          const told = { opening: [date, decimal(before)], closing: [date, decimal(balance)] } as const
          return { text: camtOf([{ iban: IBAN, currency: 'CNY', ...told, entries }]), date, closing: balance }
        })
        const closings = new Map<string, bigint>()
        for (const [turn, day] of order.entries()) {
          const file = files[day]
          if (file === undefined) continue
          await importBankStatements(world.context, { file: fileOf(Buffer.from(file.text)) })
          closings.set(file.date, file.closing)
          await tiesOut(world, closings)
          await matchBankEntries(world.context)
          await tiesOut(world, closings)
          await act(world, deeds[turn] ?? 'NOTHING')
          await tiesOut(world, closings)
        }
        const last = await tieOut(world.context, { ownAccount: 'icbc' })
        const open = await openBreaks(world)
        for (const { entry, break: told } of last.atBank) {
          const late = open.find((one) => one.entry === entry)
          expect(told).toBe(late?.id)
        }
      } finally {
        await world.close()
      }
    }),
    {
      numRuns: 4,
      // two entries of other amounts that mean one payout
      examples: [[TWICE_CHARGED]],
    },
  )
}, 120_000)

const tampered = useWorld()

test('money that the ledger moved by itself is listed, and a missing balance is told', async () => {
  await ourAccount(tampered)
  await expect(tieOut(tampered.context, { ownAccount: 'icbc' })).rejects.toMatchObject({ code: 'NOT_READY' })
  await expect(tieOut(tampered.context, { ownAccount: 'other' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const told = { opening: ['2026-02-11', '0.00'], closing: ['2026-02-11', '0.00'] } as const
  const text = camtOf([{ iban: IBAN, currency: 'CNY', ...told, entries: [] }])
  await importBankStatements(tampered.context, { file: fileOf(Buffer.from(text)) })
  const id = await post(tampered, 500n, '2026-02-10')
  const report = await tieOut(tampered.context, { ownAccount: 'icbc' })
  expect(report).toMatchObject({ bank: 0n, ledger: 500n, inLedgerTotal: 500n, difference: 0n })
  expect(report.inLedger).toMatchObject([{ journalEntry: id, minor: 500n }])
})
