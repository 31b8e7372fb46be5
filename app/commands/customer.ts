import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { Fault } from '../../kernel/fault.ts'
import { act } from './act.ts'

type EraseOptions = { readonly reason: string; readonly yes?: boolean }

/** `tributary customer …`. */
export function addCustomer(program: Command): void {
  const customer = program.command('customer').description('the people whom the broker knows')
  addErase(customer)
  addExitNotices(customer)
}

function addExitNotices(customer: Command): void {
  customer
    .command('exit-notices')
    .description('whom to tell that a partner left and a consent ended with it, the first ended first')
    .option('--after <place>', 'goes on where an earlier list ended')
    .option('--limit <count>', 'up to 1000', Number, 100)
    .action((options: { after?: string; limit: number }, command: Command) =>
      act(command, async (context) => {
        const { listExitNotices } = await import('../../customers/exits/list-exit-notices.ts')
        const { notices, next } = await listExitNotices(context, options)
        const rows = notices.map(({ accountKey, partnerCode, purpose, at, consent }) => ({
          ...{ account: accountKey, partner: partnerCode, purpose, ended: at, consent },
        }))
        return { result: { notices, next }, rows, sentence: next && `Go on with --after ${next}` }
      }),
    )
}

function addErase(customer: Command): void {
  customer
    .command('erase')
    .description(
      'destroys the key of a customer and takes out what names them; the log still verifies, the money stands',
    )
    .argument('<accountKey>', "the broker's opaque key of the customer")
    .requiredOption('--reason <text>', 'why; it stands in the log, so let it name nobody')
    .option('--yes', 'do not ask: this cannot be undone')
    .action((accountKey: string, { reason, yes }: EraseOptions, command: Command) =>
      act(command, async (context) => {
        if (yes !== true) await confirm()
        const { eraseCustomer } = await import('../../customers/erase-customer.ts')
        const { eraseElsewhere } = await import('../erase-elsewhere.ts')
        return { result: await eraseCustomer(context, { accountKey, reason }, eraseElsewhere) }
      }),
    )
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) throw new Fault('INVALID_INPUT', 'an erasure cannot be undone: say --yes')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal
    .question('This cannot be undone. Type "erase" to go on: ')
    .finally(() => terminal.close())
  if (answer.trim() !== 'erase') throw new Fault('INVALID_INPUT', 'nothing was erased')
}
