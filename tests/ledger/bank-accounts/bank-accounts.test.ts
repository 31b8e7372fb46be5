import { beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../../database/context.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { findBankAccount } from '../../../ledger/bank-accounts/find-bank-account.ts'
import { listBankAccounts } from '../../../ledger/bank-accounts/list-bank-accounts.ts'
import { openBankAccount } from '../../../ledger/bank-accounts/open-bank-account.ts'
import { proposeBankAccount } from '../../../ledger/bank-accounts/propose-bank-account.ts'
import { rejectBankAccount } from '../../../ledger/bank-accounts/reject-bank-account.ts'
import { revokeBankAccount } from '../../../ledger/bank-accounts/revoke-bank-account.ts'
import { verifyBankAccount } from '../../../ledger/bank-accounts/verify-bank-account.ts'
import { TEST_TIME, useWorld } from '../../support/database.ts'
import { as, CHINESE, entered, fresh, GERMAN, partnerIn, verified } from './scene.ts'

const world = useWorld()
let partner: string

beforeEach(async () => {
  world.clock.set(TEST_TIME)
  partner = await partnerIn(world.context)
})

const payable = (asset = 'CNY/2') => world.context.database.reads<{ account_id: string; usable_from: Date }[]>`
  select replace(account_id::text, '-', '') as account_id, usable_from from payable_bank_accounts v
  join partner_duties d on d.partner_id = v.partner_id where d.code = ${partner} and asset = ${asset}`

const said = (account: string) => ({
  account,
  number: CHINESE.number,
  checked: 'called the office',
  idempotencyKey: fresh(),
})

describe('an account of a partner', () => {
  test('is in force once another person has verified it, and opens for a payment alone', async () => {
    const proposed = await entered(world.context, partner)
    expect(proposed).toMatchObject({ status: 'PROPOSED', masked: '****3445', bankCode: '102100099996', country: 'CN' })
    expect(proposed).toMatchObject({ enteredBy: 'staff:ann', verifiedBy: undefined, usableFrom: undefined })
    expect(await payable()).toEqual([])
    const account = await verifyBankAccount(as(world.context, 'bo'), said(proposed.id))
    expect(account).toMatchObject({ status: 'VERIFIED', verifiedBy: 'staff:bo', checked: 'called the office' })
    expect(account.usableFrom).toEqual(new Date(TEST_TIME))
    expect(await payable()).toEqual([{ account_id: uuidOf(account.id), usable_from: new Date(TEST_TIME) }])
    expect(await openBankAccount(world.context, account.id)).toEqual({ ...CHINESE, number: '6222021200112233445' })
  })

  test('waits when it takes the place of another one, for as long as is set', async () => {
    const held: Context = { ...world.context, accountChangeHoldHours: 5 }
    await verified(held, partner)
    world.clock.set('2026-03-16T08:00:00Z')
    const second = await verified(held, partner)
    expect(second.usableFrom).toEqual(new Date('2026-03-16T13:00:00Z'))
    expect(await payable()).toEqual([{ account_id: uuidOf(second.id), usable_from: second.usableFrom }])
    const other = await verified(world.context, partner, { asset: 'EUR/2', details: GERMAN })
    expect(other.usableFrom).toEqual(new Date('2026-03-19T08:00:00Z'))
    const atOnce = await verified({ ...world.context, accountChangeHoldHours: 0 }, partner)
    expect(atOnce.usableFrom).toEqual(new Date('2026-03-16T08:00:00Z'))
    expect((await payable('EUR/2'))[0]?.account_id).toBe(uuidOf(other.id))
  })

  test('that is revoked gives way to the one before', async () => {
    const first = await verified(world.context, partner)
    world.clock.set('2026-03-16T08:00:00Z')
    const second = await verified(world.context, partner)
    const revoked = await revokeBankAccount(as(world.context, 'ann'), {
      ...{ account: second.id, reason: 'nobody there knows of it', idempotencyKey: fresh() },
    })
    expect(revoked).toMatchObject({ status: 'REVOKED', endedBy: 'staff:ann', reason: 'nobody there knows of it' })
    expect((await payable()).map(({ account_id }) => account_id)).toEqual([uuidOf(first.id)])
  })

  test('is listed with all that came before, the last first, and found by its own partner alone', async () => {
    const first = await verified(world.context, partner)
    const second = await entered(world.context, partner)
    const reason = { reason: 'typed wrongly', idempotencyKey: fresh() }
    await rejectBankAccount(as(world.context, 'ann'), { account: second.id, ...reason })
    const { edges } = await listBankAccounts(world.context, { partner, page: { first: 10 } })
    expect(edges.map(({ node: { id, status } }) => [id, status])).toEqual([
      [second.id, 'REJECTED'],
      [first.id, 'VERIFIED'],
    ])
    const stranger = await entered(world.context, await partnerIn(world.context))
    const own = { partner: first.partner }
    expect(await findBankAccount(world.context, { id: first.id, ...own })).toMatchObject({ id: first.id })
    expect(await findBankAccount(world.context, { id: stranger.id, ...own })).toBeUndefined()
    expect(await findBankAccount(world.context, { id: 'bka_1', ...own })).toBeUndefined()
  })
})

describe('entering and deciding', () => {
  test('has one effect for one key, whatever the spaces in the number', async () => {
    const input = { partner, asset: 'CNY/2', details: CHINESE, idempotencyKey: fresh() }
    const ann = as(world.context, 'ann')
    const [one, two] = await Promise.all([proposeBankAccount(ann, input), proposeBankAccount(ann, input)])
    expect(two).toEqual(one)
    const plain = { ...CHINESE, number: '6222021200112233445' }
    expect(await proposeBankAccount(ann, { ...input, details: plain })).toEqual(one)
    const other = proposeBankAccount(ann, { ...input, details: { ...CHINESE, number: '6222021200112233446' } })
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  })

  test('is refused to one person alone, by the database too, and to what is no person', async () => {
    const { id } = await entered(world.context, partner)
    for (const actor of ['staff:ann', 'system:tests', 'partner:ptr_1'] as const) {
      const context = { ...world.context, actor }
      await expect(verifyBankAccount(context, said(id))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    const round = world.context.database.transaction(
      (tx) => tx`update bank_accounts set status = 'VERIFIED', verified_by = 'staff:ann', verified_at = now(),
        usable_from = now(), checked = 'x' where id = ${uuidOf(id)}`,
    )
    await expect(round).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const input = { partner, asset: 'CNY/2', details: CHINESE, idempotencyKey: fresh() }
    await expect(proposeBankAccount(world.context, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('is refused where the second person has another number, or gives it away, however written', async () => {
    const { id } = await entered(world.context, partner)
    const bo = as(world.context, 'bo')
    const wrong = { ...said(id), number: '6222021200112233446' }
    await expect(verifyBankAccount(bo, wrong)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'number' })
    for (const written of [
      '6222-0212-0011-2233-445',
      '6222.0212.0011.2233.445',
      '６２２２０２１２００１１２２３３４４５',
    ]) {
      const telling = { ...said(id), checked: `it is ${written}` }
      await expect(verifyBankAccount(bo, telling)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'checked' })
      const end = { account: id, reason: `not ${written}`, idempotencyKey: fresh() }
      await expect(rejectBankAccount(bo, end)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    }
    expect(await findBankAccount(world.context, { id })).toMatchObject({ status: 'PROPOSED' })
  })

  test('happens once: of those who decide at once one is heard', async () => {
    const { id: account } = await entered(world.context, partner)
    const reason = { account, reason: 'no', idempotencyKey: fresh() }
    const ends = await Promise.allSettled([
      verifyBankAccount(as(world.context, 'bo'), said(account)),
      rejectBankAccount(as(world.context, 'cy'), reason),
      verifyBankAccount(as(world.context, 'di'), said(account)),
    ])
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []))
    expect(refused).toEqual(['WRONG_STATE', 'WRONG_STATE'])
    await expect(revokeBankAccount(as(world.context, 'bo'), { ...reason, account: 'bka_1' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('of two accounts that are verified at once the hold is on one', async () => {
    const [one, two] = [await entered(world.context, partner), await entered(world.context, partner)]
    const both = await Promise.all([one, two].map(({ id }) => verifyBankAccount(as(world.context, 'bo'), said(id))))
    const waits = both.map(({ usableFrom }) => ((usableFrom?.getTime() ?? 0) - Date.parse(TEST_TIME)) / 3_600_000)
    expect(waits.sort()).toEqual([0, 72])
  })

  test.each([
    [{ partner: 'nobody' }, 'NOT_FOUND', 'partner'],
    [{ partner: undefined }, 'INVALID_INPUT', 'partner'],
    [{ asset: 'YUAN' }, 'INVALID_INPUT', 'asset'],
    [{ details: { ...CHINESE, holder: ' ' } }, 'INVALID_INPUT', 'details.holder'],
    [{ details: { ...CHINESE, holder: 'x'.repeat(71) } }, 'INVALID_INPUT', 'details.holder'],
    [{ details: { ...CHINESE, number: '62220' } }, 'INVALID_INPUT', 'details.number'],
    [{ details: { ...CHINESE, bankCode: '10210009999' } }, 'INVALID_INPUT', 'details.bankCode'],
    [{ details: { ...CHINESE, country: 'HK' } }, 'INVALID_INPUT', 'details.country'],
    [{ details: { ...CHINESE, swift: 'x' } }, 'INVALID_INPUT', 'details.swift'],
    [{ details: { ...GERMAN, number: 'DE88370400440532013000' } }, 'INVALID_INPUT', 'details.number'],
    [{ details: { ...GERMAN, bankCode: 'COBADE' } }, 'INVALID_INPUT', 'details.bankCode'],
    [{ details: { ...GERMAN, country: 'FR' } }, 'INVALID_INPUT', 'details.country'],
    [{ details: { ...GERMAN, scheme: 'OTHER', number: '12+45678' } }, 'INVALID_INPUT', 'details.number'],
    [{ idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
  ])('refuses what is none: %j', async (change, code, field) => {
    const input = { partner, asset: 'CNY/2', details: CHINESE, idempotencyKey: fresh(), ...change }
    const error = await proposeBankAccount(as(world.context, 'ann'), input as never).catch((raised: unknown) => raised)
    expect(error).toMatchObject({ code, field })
    expect(String(error)).not.toMatch(/6222|3704/)
  })
})
