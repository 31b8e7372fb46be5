import { openDatabase } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { contextOver, type TestWorld } from '../support/database.ts'

/** Does the work with a context of another process, as it were: the pools of the two have nothing in common. */
export async function withOtherProcess<T>(world: TestWorld, work: (elsewhere: Context) => Promise<T>): Promise<T> {
  const database = openDatabase(world.address, 'tributary:tests:elsewhere', 5)
  try {
    return await work(contextOver(database, world.clock))
  } finally {
    await database.close()
  }
}
