import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { accountKey, idempotencyKey } from '../consent-input.ts'
import { holdCustomer, requireCustomer } from '../store/customers.ts'
import type { Preferences } from './preferences.ts'
import { keepPreferences, selectPreferences } from './store/preferences.ts'

const switchRecommendationsInput = z.strictObject({
  accountKey,
  on: z.boolean(),
  idempotencyKey: idempotencyKey.optional(),
})

/** The signed-in customer, and whether they want products recommended; a key where the same request may come again. */
export type SwitchRecommendationsInput = z.input<typeof switchRecommendationsInput>

/**
 * Switches recommendations off or on, for every partner at once: a statement that begins after this returns recommends
 * nothing to a customer who does not want it. As it is already, nothing changes. Throws `NOT_FOUND` and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function switchRecommendations(context: Context, input: SwitchRecommendationsInput): Promise<Preferences> {
  const { accountKey: account, on, idempotencyKey: key } = parseWith(switchRecommendationsInput, input, 'preferences')
  const { id } = await requireCustomer(context.database.reads, account)
  const scope = `${id}:preferences.recommendations`
  const { answer } = await once<Preferences>(
    context,
    { scope, key: key ?? randomUUID(), request: { on } },
    async (tx) => {
      await switchIn(context, tx, id, on)
      return { recommendations: on }
    },
  )
  return answer
}

/** No partner is named: each of them learns of it by what it is recommended. */
async function switchIn(context: Context, tx: Transaction, customer: Id<'cus'>, on: boolean): Promise<void> {
  await holdCustomer(tx, customer, 'no key update')
  const { recommendations = true, version = 0 } = (await selectPreferences(tx, customer)) ?? {}
  if (recommendations === on) return
  const changedAt = await databaseTime(tx)
  const data = { v: '1', recommendations: on, change: BigInt(version + 1) }
  const [record] = await appendRecords({ ...context, clock: clockAt(changedAt) }, tx, [
    { kind: 'preference', data, personal: { customer, data: { customer } }, actor: 'customer:self' },
  ])
  invariant(record, 'a record that was appended has an id')
  await keepPreferences(tx, { customer, recommendations: on, changedAt, version: version + 1, record: record.id })
}
