import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import type { TestWorld } from '../../support/database.ts'
import { lastOf, type Member, memberOf } from '../settlement/corrections/scene.ts'
import { customersIn, earn, freshCode, programmeWith, refer } from '../settlement/scene.ts'

/** A member whose statement of February 2026 pays 200.00 and 6 % VAT, or as much as is told. */
export async function payable(
  world: TestWorld,
  { commission = 100_000 }: { readonly commission?: number } = {},
): Promise<{ readonly programme: string; readonly member: Member; readonly statement: StatementDetail }> {
  const programme = await programmeWith(world.context, { tax: { vatPpm: 60_000 } })
  const member = await memberOf(world, programme)
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
  await earn(world.context, customer, [[freshCode('fee'), commission, '2026-02-10T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-02' })
  return { programme, member, statement: await lastOf(world, member) }
}

let made = 10_000_000

/** A number that no fapiao has yet. */
export function freshNumber(): string {
  return `${++made}`
}

/** A fapiao that says what the statement does. */
export function fapiao({ id: statement }: { readonly id: string }, changes: object = {}) {
  const said = { kind: 'FAPIAO', code: '044001900111', issuedOn: '2026-03-12', gross: '200.00', vat: '12.00' } as const
  return { statement, ...said, number: freshNumber(), idempotencyKey: `invoice-${made}`, ...changes }
}
