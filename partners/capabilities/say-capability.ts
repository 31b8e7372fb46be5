import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Capability } from './capability.ts'
import { keepCapability } from './store/capabilities.ts'

/** Says the next version of a capability, which the transaction holds: its record, which the partner may have, and its row. */
export async function sayCapability(
  context: Context,
  tx: Transaction,
  said: Omit<Capability, 'record'>,
): Promise<Capability> {
  const { changedAt, until, permille, version, ...rest } = said
  const counts = { permille: permille === undefined ? undefined : BigInt(permille), version: BigInt(version) }
  const data = { event: 'CHANGED', ...rest, until: until?.toISOString(), ...counts }
  const [record] = await appendRecords({ ...context, clock: clockAt(changedAt) }, tx, [
    { kind: 'capability', partner: said.partner, data },
  ])
  invariant(record, 'a record was appended')
  const capability = { ...said, record: record.id }
  await keepCapability(tx, capability)
  return capability
}
