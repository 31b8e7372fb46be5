import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { previewTags } from '../../../customers/preview-tags.ts'
import { rotateTagKeys } from '../../../customers/sealing/rotate-tag-keys.ts'
import { sealTags } from '../../../customers/sealing/seal-tags.ts'
import { tagKeyStatus } from '../../../customers/sealing/tag-key-status.ts'
import { verifyTags } from '../../../customers/sealing/verify-tags.ts'
import type { Context, TagCipher } from '../../../database/context.ts'
import { idOf } from '../../../kernel/ids.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { customer, defineCatalogue, grant, importText, liveParty, type Party, read, valuesOf } from '../factories.ts'
import { openedTags } from '../sealed-tags.ts'

const world = useWorld()
let party: Party
const as = (tagCipher: TagCipher): Context => ({ ...world.context, actor: 'staff:ann', tagCipher })
const LINES = 1500
const MAPPING = {
  format: 'tributary-customers/1',
  source: 'branch',
  accountKey: { column: 'account' },
  tags: { age: { column: 'age' }, assets: { column: 'balance' } },
}
const file = (balance: number, prefix = 'many') =>
  ['account,age,balance', ...Array.from({ length: LINES }, (_, at) => `${prefix}-${at},44,${balance}`), ''].join('\n')
const versions = async () =>
  (
    await world.owner`select key_version as v, count(*)::integer as n from tags where tag_key = 'assets' group by 1 order by 1`
  ).map(({ v, n }) => [v, n])

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

describe('values of a sensitive tag', () => {
  it('that are plain from before are read, and sealed in their place', async () => {
    const { context, owner } = world
    const account = await customer(owner, { assets: '20000' })
    await behindGuards(
      owner,
      `update tags set value = '20000', sealed = null, key_version = null where tag_key = 'assets'`,
    )
    const consent = await grant(context, party, account, { tags: [{ key: 'assets', granularity: 'band' }] })
    expect(valuesOf(await read(context, party, consent))).toEqual({ assets: '10000 and over' })
    expect(await sealTags(context)).toMatchObject({ version: 1, sealed: 1, broken: [], retired: [] })
    expect(await versions()).toEqual([[1, 1]])
    expect(valuesOf(await read(context, party, consent))).toEqual({ assets: '10000 and over' })
    expect(await sealTags(context)).toMatchObject({ sealed: 0 })
  })

  it('are written in the clear by nobody', async () => {
    for (const statement of [
      `insert into tags (customer_id, tag_key, value, source, observed_at) values (gen_random_uuid(), 'assets', '1', 's', now())`,
      `update tags set value = '1', sealed = null, key_version = null where tag_key = 'assets'`,
    ]) {
      await expect(world.owner.unsafe(statement)).rejects.toMatchObject({ constraint_name: 'tags_sealed' })
    }
    const both = world.owner`update tags set value = '1' where tag_key = 'assets'`
    await expect(both).rejects.toMatchObject({ constraint_name: 'tags_plain_or_sealed' })
  })

  it('are seen opened by the customer whose they are', async () => {
    const { context, owner } = world
    const account = await customer(owner, { assets: '-5' })
    const [row] = await owner`select id from customers where account_key = ${account}`
    const [preview] = await previewTags(context, { customer: idOf('cus', row?.['id']), keys: ['assets'] })
    expect(preview?.samples).toEqual([
      { granularity: 'band', value: 'overdrawn' },
      { granularity: 'flag', value: 'false' },
    ])
  })

  it('that say the same as the ones there are change nothing in an import', async () => {
    const { context, owner } = world
    const text = 'account,age,balance\nsame-1,44,12.50\n'
    await importText(context, text, MAPPING)
    const state = () => owner`select sealed, xmin::text from tags where tag_key = 'assets' order by 1`
    const before = await state()
    expect(await importText(context, text, MAPPING)).toMatchObject({ changed: 0, unchanged: 1 })
    expect(await state()).toEqual(before)
    expect(await importText(context, text.replace('12.50', '12.51'), MAPPING)).toMatchObject({ changed: 1 })
    expect(await openedTags(owner, 'same-1')).toEqual({ age: '44', assets: '12.51' })
  })
})

describe('a new key', { timeout: 60_000 }, () => {
  it.each(['SM4', 'AES-256-GCM'] as const)(
    'for %s seals what is there and what comes, while reads and imports go on and two rotate at once',
    async (cipher) => {
      const { context, owner } = world
      await importText(context, file(20_000), MAPPING)
      const consent = await grant(context, party, 'many-7', { tags: [{ key: 'assets', granularity: 'flag' }] })
      const { keys: before } = await tagKeyStatus(context)
      let rotating = true
      const steps: string[] = []
      const onProgress = ({ done, total }: { done: number; total: number }) => void steps.push(`${done}/${total}`)
      const rotation = Promise.all([rotateTagKeys(as(cipher), { onProgress }), rotateTagKeys(as(cipher))]).finally(
        () => {
          rotating = false
        },
      )
      const seen = new Set<unknown>()
      const reading = (async () => {
        while (rotating) seen.add(JSON.stringify(valuesOf(await read(context, party, consent))))
      })()
      const importing = Promise.all([20_001, 20_002].map((balance) => importText(context, file(balance), MAPPING)))
      const [one, two] = await rotation
      await Promise.all([reading, importing])
      expect([...seen]).toEqual(['{"assets":"true"}'])
      expect([one.broken, two.broken]).toEqual([[], []])
      expect(steps.at(-1)).toMatch(/^(\d+)\/\1$/)
      const { keys, waiting } = await tagKeyStatus(context)
      const newest = keys.at(-1)
      expect([waiting, newest?.cipher, newest?.begunBy]).toEqual([0, cipher, 'staff:ann'])
      expect(newest?.version).toBeGreaterThan(before.at(-1)?.version ?? 0)
      expect(keys.slice(0, -1).map(({ values, retiredAt }) => [values, retiredAt !== undefined])).toEqual(
        keys.slice(0, -1).map(() => [0, true]),
      )
      expect(await owner`select from tag_keys where retired_at is not null and wrapped is not null`).toEqual([])
      expect(Object.keys(await openedTags(owner, 'many-9'))).toEqual(['age', 'assets'])
      expect((await openedTags(owner, 'many-9'))['assets']).toMatch(/^2000[12]$/)
      expect(await verifyTags(context)).toEqual([])
    },
  )

  it('that was broken off is gone on with, and not begun again', async () => {
    const { context } = world
    const ending = new AbortController()
    const stopped = await rotateTagKeys(as('SM4'), { onProgress: () => ending.abort(), signal: ending.signal })
    expect([stopped.retired, stopped.sealed]).toEqual([[], 500])
    expect(await versions()).toHaveLength(2)
    const finished = await rotateTagKeys(as('SM4'))
    expect(finished).toMatchObject({ version: stopped.version, resumed: true, retired: [stopped.version - 1] })
    expect(await versions()).toEqual([[stopped.version, stopped.sealed + finished.sealed]])
    expect((await tagKeyStatus(context)).waiting).toBe(0)
  })

  it('passes over what somebody is writing, and comes back to it', async () => {
    let sealed: unknown
    await world.owner.begin(async (tx) => {
      await tx`select from tags where tag_key = 'assets' for update`
      const rotation = rotateTagKeys(as('AES-256-GCM')).then((rotated) => {
        sealed = rotated.sealed
      })
      await sleep(200)
      expect(sealed).toBeUndefined()
      setTimeout(() => void rotation, 0)
    })
    await expect.poll(() => sealed).toBeGreaterThan(LINES)
    expect((await tagKeyStatus(world.context)).waiting).toBe(0)
  })

  it('leaves what does not open as it is, tells it, and keeps the key that it may need', async () => {
    const { context, owner } = world
    const swap = `update tags a set sealed = b.sealed from tags b
      where a.tag_key = 'assets' and b.tag_key = 'assets'
        and (a.customer_id, b.customer_id) in (
          select x.id, y.id from customers x, customers y
          where (x.account_key, y.account_key) in (('many-1', 'many-2'), ('many-2', 'many-1')))`
    await behindGuards(owner, swap)
    const findings = await verifyTags(context)
    expect(findings).toHaveLength(2)
    expect(findings[0]).toEqual({
      where: expect.stringMatching(/^tag assets of cus_/),
      what: 'its value does not open',
    })
    const rotated = await rotateTagKeys(as('SM4'))
    expect([rotated.broken.length, rotated.retired]).toEqual([2, []])
    expect(await openedTags(owner, 'many-1')).toEqual({ age: '44' })
    await behindGuards(owner, swap)
    const again = await rotateTagKeys(as('SM4'))
    expect(again).toMatchObject({ version: rotated.version, sealed: 2, broken: [], retired: [rotated.version - 1] })
    expect((await openedTags(owner, 'many-1'))['assets']).toMatch(/^2000[12]$/)
  })

  it('is begun by the staff alone, and is kept while a value needs it', async () => {
    await expect(rotateTagKeys(world.context)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const retire = world.context.database.transaction(
      (tx) => tx`update tag_keys set wrapped = null, retired_at = now() where wrapped is not null`,
    )
    await expect(retire).rejects.toMatchObject({ constraint_name: 'tag_keys_retire_once_unused' })
    const revive = world.owner`update tag_keys set wrapped = '\\x00', retired_at = null where retired_at is not null`
    await expect(revive).rejects.toMatchObject({ constraint_name: 'tag_keys_retire_once_unused' })
  })
})
