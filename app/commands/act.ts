import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Context } from '../../database/context.ts'
import type { Server } from '../../database/open-server.ts'
import { silentLog } from '../../kernel/log.ts'
import { readConfig } from '../config.ts'
import { openContext } from '../open-context.ts'
import { sayFault } from '../say-fault.ts'
import { print, type Row } from './output.ts'

/**
 * What a command gives: a document for machines; for people rows, if a table suits them better, and what it comes to. No
 * document where the command wrote everything itself.
 */
export type Outcome = {
  readonly result?: unknown
  readonly rows?: readonly Row[]
  readonly sentence?: string | undefined
  readonly failed?: boolean
}

/**
 * Runs a command in a context of its own, prints what it gives and sets the exit code: 0 only when it is so.
 * The embedded database is started if need be, and left running if a server works with it.
 */
export async function act(
  command: Command,
  work: (context: Context, server: Server) => Promise<Outcome>,
): Promise<void> {
  try {
    const { context, server, close } = await openContext(readConfig(process.env), {
      actor: `staff:${process.env['USER'] || userInfo().username}`,
      name: 'tributary:cli',
      log: silentLog,
    })
    const outcome = await work(context, server).finally(close)
    if ('result' in outcome) print(outcome.result, wantsJson(command), outcome.rows, outcome.sentence)
    if (outcome.failed === true) process.exitCode = 1
  } catch (error) {
    process.exitCode = sayFault(error)
  }
}

/** Whether `--json` was given, before or behind the verb. */
export function wantsJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true
}
