import { describe, expect, test } from 'vitest'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { findEntry } from '../../../ledger/journal/find-entry.ts'
import { type ReverseEntryInput, reverseEntry } from '../../../ledger/journal/reverse-entry.ts'
import { useWorld } from '../../support/database.ts'
import { lockPeriod, openPeriod, post, someEntry } from './scene.ts'

const world = useWorld()
const AT = new Date('2026-03-01T00:00:00Z')

async function posted(changes: Parameters<typeof someEntry>[0] = {}): Promise<Id<'jre'>> {
  const [entry] = await post(world.context, someEntry({ at: AT, ...changes }))
  return entry?.id ?? newId('jre')
}

const reverse = (entry: Id<'jre'>, changes: Partial<ReverseEntryInput> = {}) =>
  reverseEntry(world.context, { entry, reason: 'posted by mistake', ...changes })

const total = async (prefix: string) =>
  (await balances(world.context, { prefix })).map(({ account, minor }) => [account, minor])

describe('a reversal', () => {
  test('turns the signs, is linked both ways, and its record says what it reverses', async () => {
    const entry = await posted({ reference: 'to be reversed' })
    const reversal = await reverse(entry)
    expect(reversal).toMatchObject({ reference: `reversal:${entry}`, replayed: false })
    expect(await findEntry(world.context, entry)).toMatchObject({ reversedBy: reversal.id })
    const found = await findEntry(world.context, reversal.id)
    expect(found).toMatchObject({
      reverses: entry,
      reversedBy: undefined,
      description: 'Reversal: posted by mistake',
      at: world.clock.now(),
      postings: [{ minor: -1230n }, { minor: 1230n }],
    })
    const [row] = await world.owner<{ body: string }[]>`
      select body from records where id = ${uuidOf(found?.record ?? newId('rec'))}`
    expect(JSON.parse(row?.body ?? '')).toMatchObject({ actor: 'system:tests', data: { reverses: entry } })
  })

  test('is made once: the same request is replayed, another one is refused', async () => {
    const entry = await posted()
    const first = await reverse(entry)
    world.clock.set(new Date(world.clock.now().getTime() + 1000))
    expect(await reverse(entry)).toEqual({ ...first, replayed: true })
    for (const other of [{ reason: 'another' }, { reference: 'another' }, { at: new Date('2026-05-01T00:00:00Z') }]) {
      await expect(reverse(entry, other)).rejects.toMatchObject({ code: 'ALREADY_REVERSED' })
    }
    expect(await world.owner`select from journal_entries where reverses = ${uuidOf(entry)}`).toHaveLength(1)
  })

  test('asked for by many at once is made once, and of other references one wins', async () => {
    const entry = await posted()
    const same = await Promise.all(Array.from({ length: 8 }, () => reverse(entry)))
    expect(same.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(same.map(({ id }) => id)).size).toBe(1)
    const other = await posted()
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => reverse(other, { reference: `race:${n}` })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = all.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(codes).toEqual(Array.from({ length: 7 }, () => 'ALREADY_REVERSED'))
  })

  test('may itself be reversed, which puts back what it took; what was reversed first stays so', async () => {
    const entry = await posted({
      postings: [
        { account: 'Twice:A', asset: 'CNY/2', minor: 7n },
        { account: 'Twice:B', asset: 'CNY/2', minor: -7n },
      ],
    })
    const before = await total('Twice')
    const reversal = await reverse(entry)
    expect(await total('Twice')).toEqual([])
    const back = await reverse(reversal.id, { reason: 'it was right' })
    expect(await total('Twice')).toEqual(before)
    expect(await findEntry(world.context, entry)).toMatchObject({ reversedBy: reversal.id })
    await expect(reverse(entry, { reference: 'again' })).rejects.toMatchObject({ code: 'ALREADY_REVERSED' })
    await reverse(back.id)
    expect(await total('Twice')).toEqual([])
  })

  test('lands in the period of its entry, which must be open, or in the one that is named', async () => {
    const period = await openPeriod(world)
    const entry = await posted({ period })
    await lockPeriod(world, period)
    await expect(reverse(entry)).rejects.toMatchObject({ code: 'PERIOD_LOCKED' })
    expect(await world.owner`select from journal_entries where reverses = ${uuidOf(entry)}`).toHaveLength(0)
    const open = await openPeriod(world)
    const reversal = await reverse(entry, { period: open })
    expect(await findEntry(world.context, reversal.id)).toMatchObject({ period: open })
    const outside = await reverse(reversal.id, { period: null })
    expect((await findEntry(world.context, outside.id))?.period).toBeUndefined()
  })

  test('of what is not there, before its entry, or without a reason is refused', async () => {
    await expect(reverse(newId('jre'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const entry = await posted()
    await expect(reverse(entry, { reason: ' ' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
    await expect(reverse(entry, { at: new Date('2026-02-28T00:00:00Z') })).rejects.toMatchObject({ field: 'at' })
    await expect(post(world.context, someEntry({ reverses: newId('jre') }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
