import { beforeAll, expect, test } from 'vitest'
import { proposeOwnAccount } from '../../../ledger/bank-accounts/propose-own-account.ts'
import { verifyOwnAccount } from '../../../ledger/bank-accounts/verify-own-account.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { resolveBreak } from '../../../ledger/reconciliation/resolve-break.ts'
import { useWorld } from '../../support/database.ts'
import { camtOf } from './camt.ts'
import { as, decimal, fresh, openBreaks, ourAccount, sentPayouts, statusOf } from './scene.ts'

const world = useWorld()
const DOLLARS = 'GB82WEST12345698765432'

beforeAll(async () => {
  world.clock.set('2026-02-10T08:00:00Z')
  await ourAccount(world)
  const details = { holder: 'Broker', scheme: 'IBAN', number: DOLLARS, bankCode: 'NWBKGB2L', country: 'GB' } as const
  const account = { code: 'dollars', asset: 'USD/2', name: 'Dollars', details, idempotencyKey: fresh() }
  await proposeOwnAccount(as(world.context, 'ann'), account)
  const checked = { number: DOLLARS, checked: 'a paper of the bank', idempotencyKey: fresh() }
  await verifyOwnAccount(as(world.context, 'bo'), { code: 'dollars', ...checked })
})

test.each([-1n, 1n])('money in another asset is no payout, also by hand: %s', async (sign) => {
  const [payout] = await sentPayouts(world, [4400])
  if (payout === undefined) throw new Error('one payout')
  const entry = { amount: decimal(sign * payout.transfer), date: '2026-02-11', bankReference: fresh('bank') }
  const text = camtOf([{ id: fresh('stmt'), iban: DOLLARS, currency: 'USD', entries: [entry] }])
  await importBankStatements(world.context, { file: fileOf(Buffer.from(text)) })
  await matchBankEntries(world.context, { ownAccount: 'dollars' })
  const open = (await openBreaks(world)).find(({ minor }) => minor === sign * payout.transfer)
  const byHand = { break: open?.id ?? '', payout: payout.id, idempotencyKey: fresh() }
  await expect(resolveBreak(as(world.context, 'ann'), byHand)).rejects.toMatchObject({ code: 'ASSET_MISMATCH' })
  expect(await statusOf(world, payout)).toBe('SENT')
})
