import { expect, test } from 'vitest'
import { listOwnAccounts } from '../../../ledger/bank-accounts/list-own-accounts.ts'
import { openOwnAccount } from '../../../ledger/bank-accounts/open-own-account.ts'
import { proposeOwnAccount } from '../../../ledger/bank-accounts/propose-own-account.ts'
import { rejectOwnAccount } from '../../../ledger/bank-accounts/reject-own-account.ts'
import { verifyOwnAccount } from '../../../ledger/bank-accounts/verify-own-account.ts'
import { useWorld } from '../../support/database.ts'
import { as, fresh, GERMAN, ours } from './scene.ts'

const world = useWorld()
const proposal = (code: string) => ({
  ...{ code, asset: 'EUR/2', name: 'Main', details: GERMAN, idempotencyKey: fresh() },
})

test('an account of ours is verified by another person, and opens by its code', async () => {
  const account = await ours(world.context)
  expect(account).toMatchObject({
    status: 'VERIFIED',
    masked: '****3000',
    enteredBy: 'staff:ann',
    verifiedBy: 'staff:bo',
  })
  const { details, ...shown } = await openOwnAccount(world.context, account.code)
  expect(shown).toEqual(account)
  expect(details).toEqual({ ...GERMAN, number: 'DE89370400440532013000' })
})

test('before that it pays nobody, and its code is free again once it was rejected', async () => {
  const [ann, bo] = [as(world.context, 'ann'), as(world.context, 'bo')]
  const code = fresh('main')
  await proposeOwnAccount(ann, proposal(code))
  await expect(openOwnAccount(world.context, code)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  await expect(proposeOwnAccount(bo, proposal(code))).rejects.toMatchObject({ code: 'DUPLICATE' })
  const said = { code, number: GERMAN.number, checked: 'a letter of the bank', idempotencyKey: fresh() }
  await expect(verifyOwnAccount(ann, said)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(verifyOwnAccount(bo, { ...said, number: 'DE02120300000000202051' })).rejects.toMatchObject({
    code: 'WRONG_STATE',
  })
  const telling = { code, reason: `not ${GERMAN.number}`, idempotencyKey: fresh() }
  await expect(rejectOwnAccount(ann, telling)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
  const rejected = await rejectOwnAccount(ann, { code, reason: 'another name', idempotencyKey: fresh() })
  expect(rejected).toMatchObject({ status: 'REJECTED', endedBy: 'staff:ann' })
  await expect(verifyOwnAccount(bo, said)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await proposeOwnAccount(ann, proposal(code))
  expect(await verifyOwnAccount(bo, said)).toMatchObject({ code, status: 'VERIFIED' })
  const end = { code, reason: 'too late', idempotencyKey: fresh() }
  await expect(rejectOwnAccount(ann, end)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  const all = await listOwnAccounts(world.context)
  expect(all.filter((one) => one.code === code).map(({ status }) => status)).toEqual(['VERIFIED', 'REJECTED'])
})

test('of two who take a code at once one has it', async () => {
  const code = fresh('main')
  const ends = await Promise.allSettled(
    ['ann', 'bo'].map((name) => proposeOwnAccount(as(world.context, name), proposal(code))),
  )
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('what is none is refused', async () => {
  const ann = as(world.context, 'ann')
  for (const change of [{ code: 'Main' }, { name: '' }, { asset: 'EUR' }, { details: { ...GERMAN, number: 'DE1' } }]) {
    await expect(proposeOwnAccount(ann, { ...proposal(fresh('main')), ...change })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  }
  await expect(proposeOwnAccount(world.context, proposal('x1'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(openOwnAccount(world.context, 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
