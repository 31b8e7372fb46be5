import { describe, expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { findProgramme } from '../../../ledger/agreements/find-programme.ts'
import { listProgrammes } from '../../../ledger/agreements/list-programmes.ts'
import { TEST_TIME, useWorld } from '../../support/database.ts'
import { someProgramme } from './factories.ts'

const world = useWorld()

const details = { code: 'spring', name: 'Spring', asset: 'CNY/2', timeZone: 'Asia/Shanghai' }

describe('a programme', () => {
  test('is found by its code and by its id, and its record says what it is', async () => {
    const programme = await createProgramme(world.context, details)
    expect(programme).toEqual({ ...details, id: programme.id, createdAt: new Date(TEST_TIME) })
    expect(await findProgramme(world.context, 'spring')).toEqual(programme)
    expect(await findProgramme(world.context, programme.id)).toEqual(programme)
    const [row] = await world.owner<{ body: { data: object } }[]>`
      select r.body::jsonb as body from programmes p join records r on r.id = p.record_id and r.kind = 'programme'
      where p.code = 'spring'`
    expect(row?.body.data).toEqual({ event: 'CREATED', programme: programme.id, ...details })
  })

  test('is nothing when nobody made it', async () => {
    for (const name of ['winter', 'NO CODE', '\u0000', `prg_${'0'.repeat(32)}`]) {
      expect(await findProgramme(world.context, name)).toBeUndefined()
    }
  })

  test('takes its code for good', async () => {
    await createProgramme(world.context, { ...details, code: 'taken' })
    await expect(createProgramme(world.context, { ...details, code: 'taken' })).rejects.toMatchObject({
      code: 'DUPLICATE',
    })
  })

  test.each([
    ['code', { code: 'Spring Time' }],
    ['name', { name: '' }],
    ['asset', { asset: 'yuan' }],
    ['timeZone', { timeZone: '+08:00' }],
    ['colour', { colour: 'red' }],
  ])('with a bad %s is refused', async (field, change) => {
    const made = createProgramme(world.context, { ...details, code: 'bad', ...change })
    await expect(made).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await findProgramme(world.context, 'bad')).toBeUndefined()
  })

  test('in a time zone that does not exist is refused', async () => {
    const made = createProgramme(world.context, { ...details, code: 'bad', timeZone: 'Asia/Atlantis' })
    await expect(made).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('never changes, not for its owner either', async () => {
    const { id } = await someProgramme(world.context)
    await expect(world.owner`update programmes set asset = 'USD/2' where id = ${uuidOf(id)}`).rejects.toThrow(
      'records are never changed',
    )
    await expect(world.owner`delete from programmes`).rejects.toThrow('records are never changed')
  })

  test('programmes are listed by code, a page at a time', async () => {
    for (const code of ['zz-c', 'zz-a', 'zz-b']) await createProgramme(world.context, { ...details, code })
    const first = await listProgrammes(world.context, { last: 2 })
    expect(first.edges.map(({ node }) => node.code)).toEqual(['zz-b', 'zz-c'])
    const before = await listProgrammes(world.context, { last: 1, before: first.edges[0]?.cursor })
    expect(before.edges.map(({ node }) => node.code)).toEqual(['zz-a'])
  })
})
