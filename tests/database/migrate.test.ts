import { describe, expect, test } from 'vitest'
import { openPool } from '../../database/client.ts'
import { migrate } from '../../database/migrate.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()

describe('migrations', () => {
  test('run once: a second run finds nothing to do', async () => {
    expect(await migrate(world.ownerAddress)).toBe(0)
  })

  test('two processes that start together take turns', async () => {
    await world.owner.unsafe('drop schema public cascade; create schema public')
    const runs = await Promise.all([1, 2, 3].map(() => migrate(world.ownerAddress)))
    expect(runs.filter((count) => count > 0)).toHaveLength(1)
  })

  test('a migration that was changed after it ran is refused', async () => {
    await world.owner`update schema_migrations set digest = 'other' where number = 1`
    await expect(migrate(world.ownerAddress)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})

describe('the application role', () => {
  test('cannot update, delete or truncate records, and neither can the owner', async () => {
    const app = openPool(world.address, 'test', 1)
    for (const statement of ['update records set kind = kind', 'delete from records', 'truncate records']) {
      await expect(app.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
      await expect(world.owner.unsafe(statement)).rejects.toMatchObject({ code: '23001' })
    }
    await app.end()
  })
})
