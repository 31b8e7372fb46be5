import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { attestDeletion } from '../../../customers/deletions/attest-deletion.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { addDays, monthOf, monthSpan } from '../../../kernel/month.ts'
import { measurePartner } from '../../../partners/ratings/measure-partner.ts'
import { customer, defineCatalogue, grant, liveParty } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'

const world = useWorld()

test('ends of consents: acknowledged within a minute or not, deleted in time or not', async () => {
  const { context, owner } = world
  await defineCatalogue(context)
  const { partner } = await liveParty(context)
  // the database's clock ends consents
  const now = new Date()
  const consents = []
  for (const seconds of [10, 300, undefined]) {
    const account = await customer(owner)
    const { id } = await grant(context, { partner }, account)
    await revokeConsent(context, { accountKey: account, consentId: id, idempotencyKey: randomUUID() })
    consents.push(id)
    const endpoint = randomUUID()
    await owner`
      insert into webhook_endpoints (id, partner_id, url, types, status, version, created_at, record_id)
      values (${endpoint}, ${uuidOf(partner.id)}, 'https://example.com', '{}', 'ACTIVE', 1, now(), gen_random_uuid())`
    await owner`
      insert into webhook_deliveries (id, endpoint_id, partner_id, seq, type, about, order_key, body, status, first_sent_at,
        delivered_at)
      values (gen_random_uuid(), ${endpoint}, ${uuidOf(partner.id)}, 1, 'consent.revoked', ${id}, ${id}, '{}',
        ${seconds === undefined ? 'PENDING' : 'DELIVERED'}, ${now},
        ${seconds === undefined ? null : new Date(now.getTime() + seconds * 1000)})`
  }
  await attestDeletion(context, { partner: partner.id, consent: consents[0] ?? '', idempotencyKey: 'a' })

  const measured = async (at: Date) => {
    const all = await measurePartner(context.database.reads, partner.id, monthSpan(monthOf(at, 'UTC'), 'UTC'))
    return (name: string) => all.find(({ measure }) => measure === name)
  }
  expect((await measured(now))('ACKNOWLEDGEMENT')).toMatchObject({ good: 1, all: 3 })
  // what the customer revoked is due within fifteen days
  expect((await measured(addDays(now, 15)))('DELETIONS')).toMatchObject({ good: 1, all: 3 })
  expect((await measured(addDays(now, 60)))('DELETIONS')).toMatchObject({ good: 0, all: 0 })
})
