import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { listTags } from '../list-tags.ts'
import type { TagDefinition } from '../tag-definition.ts'
import { writeCustomers } from '../write-customers.ts'
import { sampleValue } from './sample-value.ts'
import { type SandboxCustomer, sandboxAccount } from './sandbox-account.ts'

const SOURCE = 'sandbox'
const MOST_CUSTOMERS = 100

const makeSandboxCustomersInput = z.strictObject({
  partnerCode: lineOfText(60),
  count: z.int().min(1).max(MOST_CUSTOMERS),
})

/** For which partner, by its code, and how many there shall be: those that are there count. */
export type MakeSandboxCustomersInput = z.input<typeof makeSandboxCustomersInput>

/**
 * Makes synthetic customers for a partner's sandbox, each with a value of every tag that may be asked for. Those that are
 * there stay as they are, so that the same again changes nothing. Throws `INVALID_INPUT`, and `WRONG_STATE` where a real
 * customer has an account key of that form.
 */
export async function makeSandboxCustomers(
  context: Context,
  input: MakeSandboxCustomersInput,
): Promise<readonly SandboxCustomer[]> {
  const { partnerCode, count } = parseWith(makeSandboxCustomersInput, input, 'sandbox customers')
  const tags = [...(await listTags(context))].sort((a, b) => (a.key < b.key ? -1 : 1))
  const accounts = Array.from({ length: count }, (_, place) => sandboxAccount(partnerCode, place + 1))
  const at = context.clock.now()
  const observation = {
    ...{ source: SOURCE, tagKeys: tags.map(({ key }) => key), at },
    sealed: tags.map(({ sensitivity }) => sensitivity === 'HIGH'),
  }
  const items = accounts.map((accountKey, place) => ({ line: place + 1, item: madeUp(accountKey, place + 1, tags) }))
  await context.database.transaction(async (tx) => {
    const outcomes = await writeCustomers(context, tx, items, observation)
    if (outcomes.some((outcome) => typeof outcome === 'object')) {
      throw new Fault('WRONG_STATE', `a customer who is not synthetic has an account key as those of ${partnerCode}`)
    }
    const created = BigInt(outcomes.filter((outcome) => outcome === 'created').length)
    if (created > 0n) {
      const data = { kind: 'customers', source: SOURCE, partner: partnerCode, created }
      await appendRecords(context, tx, [{ kind: 'import', data }])
    }
  })
  return accounts.map((accountKey) => ({ accountKey }))
}

function madeUp(accountKey: string, number: number, tags: readonly TagDefinition[]) {
  const values = tags.map((tag) => sampleValue(tag, number))
  return { accountKey, synthetic: true, observedAt: undefined, values }
}
