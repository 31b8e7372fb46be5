import { beforeAll, describe, expect, test } from 'vitest'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { useWorld } from '../../support/database.ts'
import { holderOf, type Person, pointsOf, redeem, rewardFor } from './scene.ts'
import { LOCKED_AT } from './times.ts'

const world = useWorld()
let anna: Person

beforeAll(async () => {
  world.clock.set(LOCKED_AT)
  anna = await holderOf(world, 10, 20)
  await redeem(world, anna, await rewardFor(world, 5))
})

const asApplication = (statement: string) =>
  world.context.database
    .transaction((tx) => tx.unsafe(statement))
    .then(
      () => 'done',
      (error: { readonly code?: string; readonly constraint_name?: string }) => error.constraint_name ?? error.code,
    )

describe.each([
  ['points_accounts', 'id = gen_random_uuid()'],
  ['points_lots', 'points = points + 1'],
  ['points_moves', 'points = points - 1'],
  ['points_parts', 'money = money + 1'],
  ['rewards', 'points = points + 1'],
])('%s', (table, change) => {
  test.each([`update ${table} set ${change}`, `delete from ${table}`, `truncate ${table} cascade`])(
    '%s is refused',
    async (statement) => {
      await expect(world.owner.unsafe(statement)).rejects.toMatchObject({ constraint_name: 'records_are_append_only' })
      expect(['records_are_append_only', '42501']).toContain(await asApplication(statement))
    },
  )
})

test('no more is taken out of a lot than it holds, and its money goes with its last point', async () => {
  const [lot] = await world.owner<{ id: string; account_id: string }[]>`
    select l.id, l.account_id from points_lots l where l.no = 2 and l.points = 20`
  const move = uuidOf(newId('ptm'))
  const take = (points: number, money: number) =>
    asApplication(`
      insert into points_moves (id, account_id, kind, points, at, lot_id, record_id)
      values ('${move}', '${lot?.account_id}', 'EXPIRED', -1, now(), '${lot?.id}', gen_random_uuid());
      insert into points_parts (move_id, lot_id, points, money) values ('${move}', '${lot?.id}', ${points}, ${money})`)
  // it holds 20, worth 10
  for (const [points, money] of [
    [21, 10],
    [20, 9],
    [19, 11],
  ] as const) {
    expect(await take(points, money)).toBe('points_lots_not_overdrawn')
  }
  expect(await pointsOf(world, anna)).toBe(25n)
  expect(await take(19, 10)).toBe('done')
})
