import { openDatabase } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { migrate } from '../database/migrate.ts'
import { openServer, type Server } from '../database/open-server.ts'
import type { Actor } from '../kernel/actor.ts'
import { systemClock } from '../kernel/clock.ts'
import { keyringOf } from '../kernel/keyring.ts'
import type { Log } from '../kernel/log.ts'
import type { Config } from './config.ts'
import { masterKey } from './master-key.ts'

/** A context over a database that is up to date, and how to let go of it. */
export type OpenContext = { readonly context: Context; readonly server: Server; readonly close: () => Promise<void> }

/** The whole program wired together: database (embedded or not), migrations, keys, context. */
export async function openContext(
  config: Config,
  { actor, name, log }: { readonly actor: Actor; readonly name: string; readonly log: Log },
): Promise<OpenContext> {
  const server = await openServer(config)
  try {
    await migrate(server.owner)
    const keyring = keyringOf(await masterKey(config.masterKey, config.dataDir))
    const database = openDatabase(server.application, name, config.poolSize)
    const close = async (): Promise<void> => {
      await database.close()
      await server.close()
    }
    const { accountChangeHoldHours, reconciliation, privateWebhooks, tagCipher } = config
    const told = { accountChangeHoldHours, reconciliation, privateWebhooks, tagCipher }
    const context = { clock: systemClock, log, database, keyring, actor, ...told }
    return { context, server, close }
  } catch (error) {
    await server.close()
    throw error
  }
}
