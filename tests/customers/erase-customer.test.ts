import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eraseElsewhere } from '../../app/erase-elsewhere.ts'
import { PROJECTORS } from '../../app/projectors.ts'
import { eraseCustomer } from '../../customers/erase-customer.ts'
import type { Pool } from '../../database/client.ts'
import { isId } from '../../kernel/ids.ts'
import { balances } from '../../ledger/journal/balances.ts'
import { openPersonal } from '../../records/personal-data.ts'
import { readBody } from '../../records/record-body.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { verifyRecords } from '../../records/verify-records.ts'
import {
  exportInto,
  LEAD,
  projectedRows,
  replayFrom,
  type WholeScene,
  wholeLog,
} from '../records/replay/whole-scene.ts'
import { sealAll } from '../records/sealed-log.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, importText, liveParty } from './factories.ts'

const reason = 'the customer asked for it'

describe('a customer who was erased', () => {
  const world = useWorld()
  const replayed = useWorld()
  let folder = ''
  let scene: WholeScene
  let before: unknown
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tributary-erasure-'))
    scene = await wholeLog(world)
    before = await balances(world.context, {})
    const erased = await eraseCustomer(world.context, { accountKey: scene.account, reason }, eraseElsewhere)
    expect(erased.consentsEnded).toBe(2)
    expect(isId('cus', erased.customer)).toBe(true)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is found by the account key no more', async () => {
    const again = eraseCustomer(world.context, { accountKey: scene.account, reason }, eraseElsewhere)
    await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('is named in no text of any table, but for the trace of accesses', async () => {
    const found = await mentions(world.owner, [scene.account, scene.subject, LEAD])
    expect(found.filter((place) => !place.startsWith('disclosures'))).toEqual([])
    // of another customer, to show that the search finds what there is
    expect(await mentions(world.owner, [scene.other])).toEqual(expect.arrayContaining(['customers.account_key']))
  })

  test('has no consent that counts, no tags, and nothing personal that can be read', async () => {
    const [row] = await world.owner`
      select (select count(*) from consents c join customers u on u.id = c.customer_id
              where u.account_key like 'erased:%' and c.status = 'AUTHORISED') as counting,
             (select count(*) from tags t join customers u on u.id = t.customer_id where u.account_key like 'erased:%') as tags`
    expect(row).toEqual({ counting: '0', tags: '0' })
    const rows = await world.owner<{ body: string }[]>`select body from records`
    const open = await openPersonal(
      world.context,
      rows.map(({ body }) => readBody(body)),
    )
    expect(open.flatMap((one) => (one === undefined ? [] : [JSON.stringify(one)])).join()).not.toContain(scene.account)
  })

  test('leaves the log sound, the tables as the records say, and the money as it was', async () => {
    await sealAll(world.context, world.owner)
    expect(await verifyRecords(world.context)).toEqual([])
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
    expect(await balances(world.context, {})).toEqual(before)
  })

  test('is erased in a replay of the log too', async () => {
    const file = path.join(folder, 'log')
    await exportInto(world.context, file)
    expect(await replayFrom(replayed.context, file)).toMatchObject({ sound: true })
    expect(await projectedRows(replayed)).toEqual(await projectedRows(world))
    expect(await verifyProjections(replayed.context, { projectors: PROJECTORS })).toEqual([])
  })

  test('is not brought back by a key that was kept', async () => {
    await expect(
      world.owner`update customer_keys set wrapped = '\\x00', erased_at = null where erased_at is not null`,
    ).rejects.toThrow(/refused/)
  })
})

describe('guards', () => {
  const world = useWorld()

  test('let nothing personal be taken out of a customer who was not erased', async () => {
    const scene = await wholeLog(world)
    const { reads } = world.context.database
    const attempts = [
      `delete from tags`,
      `delete from subjects`,
      `update customers set account_key = 'erased:cus_' || replace(id::text, '-', '')`,
      `update contributions set subject = null, lead = null, fingerprint = 'erased' where customer_id is not null`,
      `update lead_bindings set fingerprint = 'erased'`,
      `update revenue_events set fingerprint = 'erased'`,
    ]
    for (const attempt of attempts) await expect(reads.unsafe(attempt)).rejects.toThrow(/was not erased/)
    await eraseCustomer(world.context, { accountKey: scene.account, reason }, eraseElsewhere)
    const named = `update contributions set subject = 'somebody' where fingerprint = 'erased'`
    await expect(reads.unsafe(named)).rejects.toThrow(/stands for nobody/)
  })
})

describe('writing for a customer at the moment of the erasure', { timeout: 60_000 }, () => {
  const world = useWorld()

  test('either comes first or not at all: nothing personal is written after the key is gone', async () => {
    const { context, owner } = world
    await defineCatalogue(context)
    const party = await liveParty(context)
    for (let round = 0; round < 12; round++) {
      const account = await customer(owner)
      const [granted, erased, imported] = await Promise.allSettled([
        grant(context, party, account),
        eraseCustomer(context, { accountKey: account, reason }, eraseElsewhere),
        importText(context, `key,age\n${account},51\n`, MAPPING),
      ])
      expect(erased.status).toBe('fulfilled')
      expect(imported.status).toBe('fulfilled')
      if (granted.status === 'rejected')
        expect(granted.reason).toMatchObject({ code: expect.stringMatching(/WRONG_STATE|NOT_FOUND/) })
    }
    // who comes after the import may find an account of this name again: of somebody who was not erased
    const [left] = await owner`
      with erased as (select id from customers where account_key like 'erased:%')
      select (select count(*) from consents where status = 'AUTHORISED' and customer_id in (select id from erased)) as consents,
             (select count(*) from subjects where customer_id in (select id from erased)) as subjects,
             (select count(*) from tags where customer_id in (select id from erased)) as tags,
             (select count(*) from customer_keys
              where erased_at is null and customer_id in (select id from erased)) as keys`
    expect(left).toEqual({ consents: '0', subjects: '0', tags: '0', keys: '0' })
    await sealAll(context, owner)
    expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  })
})

const MAPPING = {
  format: 'tributary-customers/1',
  source: 'bank',
  accountKey: { column: 'key' },
  tags: { age: { column: 'age' } },
}

/** Columns of text in any table in which one of the texts stands. */
async function mentions(owner: Pool, texts: readonly string[]): Promise<readonly string[]> {
  const columns = await owner<{ table: string; column: string }[]>`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'jsonb', 'ARRAY', 'json')`
  const found: string[] = []
  for (const { table, column } of columns) {
    const rows = await owner.unsafe(
      `select from ${table} where exists (select from unnest($1::text[]) as t where position(t in "${column}"::text) > 0) limit 1`,
      [[...texts]],
    )
    if (rows.length > 0) found.push(`${table}.${column}`)
  }
  return found
}
