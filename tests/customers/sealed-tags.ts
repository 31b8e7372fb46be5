import { tagKeysForWriting } from '../../customers/sealing/hold-tag-keys.ts'
import { selectOwnTags } from '../../customers/store/own-tags.ts'
import type { Pool, Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { systemClock } from '../../kernel/clock.ts'
import { idOf } from '../../kernel/ids.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { silentLog } from '../../kernel/log.ts'
import { TEST_MASTER_KEY } from '../support/database.ts'

const acting = { keyring: keyringOf(TEST_MASTER_KEY), clock: systemClock, actor: 'system:tests' } as const

/** Gives a customer values of sensitive tags, sealed as an import would. */
export async function addSealed(
  owner: Pool,
  accountKey: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const [row] = await owner<{ id: string }[]>`select id from customers where account_key = ${accountKey}`
  const customer = idOf('cus', row?.id ?? '')
  await owner.begin(async (tx) => {
    const keys = await tagKeysForWriting(acting, tx as Transaction)
    for (const [key, value] of Object.entries(values)) {
      const { sealed, keyVersion } = keys.seal({ customer, key }, value)
      await tx`
        insert into tags (customer_id, tag_key, sealed, key_version, source, observed_at)
        values (${row?.id ?? ''}, ${key}, ${sealed}, ${keyVersion}, 'tests', now())`
    }
  })
}

/** The values that are kept of a customer, opened. */
export async function openedTags(owner: Pool, accountKey: string): Promise<Record<string, string>> {
  const rows = await owner<{ id: string; key: string }[]>`
    select c.id, t.tag_key as key from customers c join tags t on t.customer_id = c.id where c.account_key = ${accountKey}
    order by t.tag_key`
  const context = { keyring: acting.keyring, log: silentLog, database: { reads: owner } } as unknown as Context
  const keys = rows.map(({ key }) => key)
  return Object.fromEntries(await selectOwnTags(context, idOf('cus', rows[0]?.id ?? ''), keys))
}
