import { beforeAll, expect, test } from 'vitest'
import { registerInvoice } from '../../../ledger/invoices/register-invoice.ts'
import { requireInvoices } from '../../../ledger/invoices/require-invoices.ts'
import { withdrawInvoice } from '../../../ledger/invoices/withdraw-invoice.ts'
import { useWorld } from '../../support/database.ts'
import { as, fresh } from '../bank-accounts/scene.ts'
import { type Paid, payoutsOf, prepare, settled } from '../payouts/scene.ts'
import { fapiao } from './scene.ts'

const world = useWorld()
const ann = () => as(world.context, 'ann')

beforeAll(() => {
  world.clock.set('2026-08-02T00:00:00Z')
})

/** A statement that waits for its invoice, which is there. */
async function invoiced(): Promise<{ readonly paid: Paid; readonly withdraw: () => Promise<unknown> }> {
  const [paid] = await settled(world, [20_000])
  if (paid === undefined) throw new Error('nothing is to be paid')
  await requireInvoices(ann(), { programme: paid.statement.programme, from: '2026-01' })
  const { id: invoice } = await registerInvoice(ann(), fapiao(paid.statement))
  return { paid, withdraw: () => withdrawInvoice(ann(), { invoice, reason: 'wrong', idempotencyKey: fresh() }) }
}

test('what is in a batch of payouts keeps its invoice', async () => {
  const { paid, withdraw } = await invoiced()
  await prepare(world, [paid])
  await expect(withdraw()).rejects.toMatchObject({ code: 'WRONG_STATE' })
})

test('of preparing a payout and withdrawing its invoice at once, one is done', async () => {
  for (let round = 0; round < 4; round++) {
    const { paid, withdraw } = await invoiced()
    const [prepared, withdrawn] = await Promise.allSettled([prepare(world, [paid]), withdraw()])
    const payouts = prepared.status === 'fulfilled' ? await payoutsOf(world, prepared.value.batch) : []
    expect([payouts.length, withdrawn.status]).toEqual(payouts.length === 1 ? [1, 'rejected'] : [0, 'fulfilled'])
  }
})
