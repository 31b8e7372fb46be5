import { beforeEach, describe, expect, test } from 'vitest'
import { revokeBankAccount } from '../../../ledger/bank-accounts/revoke-bank-account.ts'
import { acceptStatement } from '../../../ledger/disputes/accept-statement.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { requireInvoices } from '../../../ledger/invoices/require-invoices.ts'
import { approvePayouts } from '../../../ledger/payouts/approve-payouts.ts'
import { cancelPayouts } from '../../../ledger/payouts/cancel-payouts.ts'
import { instructPayouts } from '../../../ledger/payouts/instruct-payouts.ts'
import { listPayable } from '../../../ledger/payouts/list-payable.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { freshCode } from '../settlement/scene.ts'
import { approved, as, giveAccount, instructed, onlyOf, type Paid, prepare, settle, settled, TAXED } from './scene.ts'

const world = useWorld()
const DISPUTABLE = { ...TAXED, disputeDays: 10 }

beforeEach(() => {
  world.clock.set('2026-02-10T00:00:00Z')
})

const key = () => freshCode('key')

async function one(terms: object = TAXED): Promise<readonly [Paid]> {
  const [paid] = await settled(world, [10_000], terms)
  if (paid === undefined) throw new Error('one is paid')
  return [paid]
}

/** What hinders the one statement, until when. */
async function hindranceOf([{ statement }]: readonly [Paid]) {
  const payable = await listPayable(world.context, { programme: statement.programme })
  return payable.map(({ hindrance, until }) => (until === undefined ? hindrance : [hindrance, until.toISOString()]))
}

function disputed([{ statement }]: readonly [Paid], amount?: string) {
  const objection = { statement: statement.id, amount, reason: 'wrong', idempotencyKey: key() }
  return disputeStatement(as(world.context, 'dora'), objection)
}

describe('a statement waits', () => {
  test('while its days to dispute last, unless it was accepted', async () => {
    const paid = await one(DISPUTABLE)
    expect(await hindranceOf(paid)).toEqual([['MAY_BE_DISPUTED', '2026-02-20T00:00:00.000Z']])
    await expect(prepare(world, paid)).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('1 MAY_BE_DISPUTED'),
    })
    world.clock.set('2026-02-20T00:00:00Z')
    expect(await hindranceOf(paid)).toEqual([undefined])
    world.clock.set('2026-02-11T00:00:00Z')
    await acceptStatement(as(world.context, 'dora'), { statement: paid[0].statement.id, idempotencyKey: key() })
    expect(await hindranceOf(paid)).toEqual([undefined])
  })

  test('while all of it is disputed', async () => {
    const paid = await one(DISPUTABLE)
    const { id: dispute } = await disputed(paid)
    expect(await hindranceOf(paid)).toEqual(['DISPUTED'])
    const answer = { dispute, upheld: false, answer: 'it is right', idempotencyKey: key() }
    await answerDispute(as(world.context, 'erin'), answer)
    expect(await hindranceOf(paid)).toEqual([undefined])
  })

  test('until its partner is paid in its status, has an account, and that has stood long enough', async () => {
    const paid = await one()
    const { member } = paid[0]
    await changePartnerStatus(world.context, { partner: member.partner, status: 'SUSPENDED', reason: 'an audit' })
    expect(await hindranceOf(paid)).toEqual(['PARTNER_NOT_PAID'])
    await changePartnerStatus(world.context, { partner: member.partner, status: 'LIVE', reason: 'all is well' })
    await giveAccount(world, member, '6222021200112233999')
    expect(await hindranceOf(paid)).toEqual([['ACCOUNT_CHANGED', '2026-02-13T00:00:00.000Z']])
    world.clock.set('2026-02-13T00:00:00Z')
    expect(await hindranceOf(paid)).toEqual([undefined])
    const accounts = await world.owner<{ id: string }[]>`
      select replace(id::text, '-', '') as id from bank_accounts where partner_id = ${member.partner.slice(4)}`
    for (const { id } of accounts) {
      const revoked = { account: `bka_${id}`, reason: 'closed', idempotencyKey: key() }
      await revokeBankAccount(as(world.context, 'dora'), revoked)
    }
    expect(await hindranceOf(paid)).toEqual(['NO_ACCOUNT'])
  })

  test('for an invoice, where its programme asks for one', async () => {
    const paid = await one()
    const { programme } = paid[0].statement
    await requireInvoices(as(world.context, 'dora'), { programme, from: '2026-01' })
    expect(await hindranceOf(paid)).toEqual(['NO_INVOICE'])
    await requireInvoices(as(world.context, 'dora'), { programme, from: '2026-02' })
    expect(await hindranceOf(paid)).toEqual([undefined])
  })

  test('no more once it is paid, and not at all when it has nothing to pay', async () => {
    const paid = await one()
    await settle(world, await onlyOf(world, await instructed(world, paid)))
    expect(await hindranceOf(paid)).toEqual([])
    expect(await hindranceOf(await one({ ...TAXED, minimumPayout: 20_000 }))).toEqual([])
  })
})

test('of a partly disputed statement the rest is paid, and what was disputed after the answer', async () => {
  const paid = await one(DISPUTABLE)
  const { id: dispute } = await disputed(paid, '40.01')
  const first = await onlyOf(world, await instructed(world, paid))
  expect(first).toMatchObject({ gross: 5999n, vat: 360n, withholding: 599n, attempt: 1 })
  await answerDispute(as(world.context, 'erin'), {
    dispute,
    upheld: false,
    answer: 'it is right',
    idempotencyKey: key(),
  })
  const second = await onlyOf(world, await instructed(world, paid))
  expect(second).toMatchObject({ gross: 4001n, vat: 240n, withholding: 401n, attempt: 2 })
  expect(first.transfer + second.transfer).toBe(paid[0].statement.transfer)
})

describe('what was prepared is not approved, nor instructed', () => {
  const reasons: readonly (readonly [string, (paid: readonly [Paid]) => Promise<unknown>])[] = [
    ['DISPUTED', async (paid) => disputed(paid, '0.01')],
    [
      'PARTNER_NOT_PAID',
      async ([{ member }]) =>
        changePartnerStatus(world.context, { partner: member.partner, status: 'SUSPENDED', reason: 'an audit' }),
    ],
    ['ACCOUNT_CHANGED', async ([{ member }]) => giveAccount(world, member, '6222021200112233999')],
    [
      'ACCOUNT_DIFFERS',
      async ([{ member }]) => {
        await giveAccount(world, member, '6222021200112233999')
        world.clock.set('2026-02-19T00:00:00Z')
      },
    ],
    [
      'NO_INVOICE',
      async ([{ statement }]) =>
        requireInvoices(as(world.context, 'dora'), { programme: statement.programme, from: '2026-01' }),
    ],
  ]

  test.each(reasons)('when it is %s since', async (reason, happen) => {
    const paid = await one(DISPUTABLE)
    world.clock.set('2026-02-11T00:00:00Z')
    const silent = { ...paid[0].statement }
    await acceptUnlessDisputed(reason, silent.id)
    world.clock.set(reason === 'DISPUTED' ? '2026-02-20T00:00:00Z' : '2026-02-11T00:00:00Z')
    const { batch } = await prepare(world, paid)
    world.clock.set(reason === 'DISPUTED' ? '2026-02-19T23:00:00Z' : '2026-02-11T00:00:00Z')
    await happen(paid)
    const refused = { code: 'WRONG_STATE', message: expect.stringContaining(reason) }
    await expect(approvePayouts(as(world.context, 'bob'), { batch: batch.id })).rejects.toMatchObject(refused)
    await cancelPayouts(as(world.context, 'alice'), { batch: batch.id, reason })
  })

  test('when it is disputed between the two', async () => {
    const paid = await one(DISPUTABLE)
    world.clock.set('2026-02-20T00:00:00Z')
    const { id } = await approved(world, paid)
    world.clock.set('2026-02-19T23:00:00Z')
    await disputed(paid, '1')
    await expect(instructPayouts(as(world.context, 'alice'), { batch: id })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await cancelPayouts(as(world.context, 'alice'), { batch: id, reason: 'disputed' })
    expect(await onlyOf(world, (await prepare(world, paid)).batch)).toMatchObject({ gross: 9900n, attempt: 2 })
  })

  test('when its day is over', async () => {
    const paid = await one()
    const { id } = await approved(world, paid)
    world.clock.set('2026-02-12T00:00:00Z')
    const instructing = instructPayouts(as(world.context, 'alice'), { batch: id })
    await expect(instructing).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'executionDate' })
  })
})

/** A statement that is to be disputed later is prepared after its days; any other is accepted by word. */
async function acceptUnlessDisputed(reason: string, statement: string): Promise<void> {
  if (reason === 'DISPUTED') return
  await acceptStatement(as(world.context, 'dora'), { statement, idempotencyKey: key() })
}
