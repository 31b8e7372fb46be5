import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { uuidOf } from '../../kernel/ids.ts'
import type { PayoutBatch } from '../../ledger/payouts/payout-batch.ts'
import { writePayoutFile } from '../../ledger/payouts/write-payout-file.ts'
import { as, instructed, payoutsOf, prepare, sent, settled } from '../ledger/payouts/scene.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, registerClient } from './clients.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const NUMBER = '6222021200112233445'
const OURS = 'DE89370400440532013000'
const world = useWorld()
let gateway: TestGateway
let batch: PayoutBatch

beforeAll(async () => {
  world.clock.set('2026-02-10T00:00:00Z')
  gateway = await startGateway(world)
  batch = await instructed(world, await settled(world, [1000, 2000]))
})
afterAll(async () => {
  await gateway.close()
})

async function staff(...roles: readonly StaffRole[]): Promise<string> {
  return makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'erin', roles: [...roles] })
}

async function have(file: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return gateway.fetch(`/payout-batches/${file}`, { headers, ...init })
}

it('finance has the file of an instructed batch, the same bytes each time, also once it was sent', async () => {
  const token = await staff('finance')
  const answer = await have(`${batch.id}.xml`, token)
  const text = await answer.text()
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    ...[200, 'application/xml; charset=utf-8', 'no-store'],
  ])
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${batch.id}.xml"`)
  expect(text).toContain(`<MsgId>${batch.id.slice(4)}</MsgId>`)
  expect(text.match(new RegExp(NUMBER, 'g'))).toHaveLength(2)
  for (const { endToEndId } of await payoutsOf(world, batch)) expect(text).toContain(endToEndId)
  world.clock.set('2026-02-11T00:00:00Z')
  expect(await (await have(`${batch.id}.xml`, token)).text()).toBe(text)
  const own = await writePayoutFile(as(world.context, 'alice'), { batch: batch.id, format: 'PAIN_001' })
  expect([own.text, own.sha256]).toEqual([text, createHash('sha256').update(text).digest('hex')])
  const csv = await have(`${batch.id}.csv`, token)
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect((await csv.text()).split('\r\n')).toHaveLength(4)
})

it('who had it is recorded, and what it held is nowhere', async () => {
  const text = await (await have(`${batch.id}.xml`, await staff('finance'))).text()
  const files = await world.owner<{ made_by: string; format: string }[]>`
    select made_by, format, fingerprint from payout_files where batch_id = ${uuidOf(batch.id)} order by made_at, record_id`
  expect(files.at(-1)).toMatchObject({ made_by: 'staff:erin', format: 'PAIN_001' })
  const plain = createHash('sha256').update(text).digest('hex')
  const kept = await world.owner<{ found: number }[]>`
    select count(*)::int as found from records
    where body like ${`%${NUMBER}%`} or body like ${`%${OURS}%`} or body like ${`%${plain}%`}`
  expect(kept[0]?.found).toBe(0)
  expect(gateway.logged()).toContain(batch.id)
  for (const secret of [NUMBER, OURS, plain]) expect(gateway.logged()).not.toContain(secret)
})

it('a file that would differ from the first is not given out', async () => {
  const other = await sent(world, await settled(world, [500]))
  const write = () => writePayoutFile(as(world.context, 'alice'), { batch: other.id, format: 'CSV' })
  await write()
  await world.owner.unsafe('alter table payout_batches disable trigger append_only_columns')
  await world.owner`update payout_batches set execution_date = '2026-03-01' where id = ${uuidOf(other.id)}`
  await world.owner.unsafe('alter table payout_batches enable trigger append_only_columns')
  await expect(write()).rejects.toMatchObject({ code: 'HASH_MISMATCH' })
})

it.each<[string, number, string, () => Promise<Response>]>([
  ['without a token', 401, 'UNAUTHENTICATED', () => have(`${batch.id}.xml`)],
  ['to a manager of partners', 403, 'FORBIDDEN', async () => have(`${batch.id}.xml`, await staff('partner-manager'))],
  ['to compliance', 403, 'FORBIDDEN', async () => have(`${batch.id}.csv`, await staff('compliance', 'ingest'))],
  [
    'to a partner',
    401,
    'UNAUTHENTICATED',
    async () =>
      have(
        `${batch.id}.xml`,
        await accessToken(gateway, await registerClient(gateway.context, { scopes: ['payouts:write'] })),
      ),
  ],
  ['for no batch', 404, 'NOT_FOUND', async () => have(`pob_${'0'.repeat(32)}.xml`, await staff('finance'))],
  ['in no format', 404, 'NOT_FOUND', async () => have(`${batch.id}.pdf`, await staff('finance'))],
  ['by no id', 404, 'NOT_FOUND', async () => have('..%2f..%2fetc.xml', await staff('finance'))],
  [
    'by POST',
    405,
    'METHOD_NOT_ALLOWED',
    async () => have(`${batch.id}.xml`, await staff('finance'), { method: 'POST' }),
  ],
])('it is refused %s', async (_, status, code, asked) => {
  const answer = await asked()
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code])
})

it('it is refused before the batch is instructed', async () => {
  const { batch: draft } = await prepare(world, await settled(world, [300]))
  const answer = await have(`${draft.id}.xml`, await staff('finance'))
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ code: 'WRONG_STATE' })])
})
