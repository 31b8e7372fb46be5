import { expect, test } from 'vitest'
import { buildPayoutTree } from '../../../contracts/payout-tree.ts'
import { approveRound } from '../../../ledger/distribution/approve-round.ts'
import { cancelRound } from '../../../ledger/distribution/cancel-round.ts'
import { planRound } from '../../../ledger/distribution/plan-round.ts'
import { registerInvoice } from '../../../ledger/invoices/register-invoice.ts'
import { requireInvoices } from '../../../ledger/invoices/require-invoices.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { useWorld } from '../../support/database.ts'
import { ASSET, as, freshAccount, settled } from './scene.ts'

const world = useWorld()

const at = { contract: freshAccount(), token: freshAccount(), owner: freshAccount() }
const chain = { describe: async () => ({ ...at, chainId: 31_337n, decimals: 6, block: 1n }) }

function plan() {
  const deadline = new Date(world.clock.now().getTime() + 86_400_000)
  return planRound(as(world.context, 'alice'), { asset: ASSET, deadline, chain, buildTree: buildPayoutTree })
}

test('a payout waits for its invoice on a chain as at a bank, also between planning and approval', async () => {
  const [member] = await settled(world, [1_000_000])
  const { edges } = await listStatements(world.context, { partner: member?.partner, page: { first: 1 } })
  const statement = edges[0]?.node
  if (statement === undefined) throw new Error('there is a statement')
  const ann = as(world.context, 'ann')
  const { round: early } = await plan()
  await requireInvoices(ann, { programme: statement.programme, from: '2026-01' })
  await expect(approveRound(as(world.context, 'bob'), early.id)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  await cancelRound(as(world.context, 'bob'), { round: early.id, reason: 'no invoice' })
  await expect(plan()).rejects.toMatchObject({ code: 'NOT_READY' })
  const amounts = { gross: '1', vat: '0', issuedOn: '2026-03-12' }
  const number = { kind: 'OTHER', number: 'R1', idempotencyKey: 'invoice' } as const
  await registerInvoice(ann, { statement: statement.id, ...number, ...amounts })
  const { round } = await plan()
  expect(round).toMatchObject({ claims: 1, total: 1_000_000n })
  await approveRound(as(world.context, 'bob'), round.id)
})
