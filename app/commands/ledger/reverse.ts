import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, parseId } from '../../../kernel/ids.ts'
import { act } from '../act.ts'
import { readInstant } from './moment.ts'

type ReverseOptions = {
  readonly reason: string
  readonly reference?: string
  readonly at?: string
  readonly period?: string
}

/** `tributary ledger reverse ENTRY --reason TEXT`. */
export function addReverse(ledger: Command): void {
  ledger
    .command('reverse <entry>')
    .description('takes an entry back by another one, once; both stay')
    .requiredOption('--reason <text>', 'why')
    .option('--reference <text>', 'under which it is posted once; reversal:ENTRY unless given')
    .option('--at <time>', 'its time; now unless given')
    .option('--period <id>', 'the open period where it lands, or none; that of the entry unless given')
    .action((entry: string, { reason, reference, at, period }: ReverseOptions, command: Command) =>
      act(command, async (context) => {
        const { reverseEntry } = await import('../../../ledger/journal/reverse-entry.ts')
        const posted = await reverseEntry(context, {
          entry: parseId('jre', entry),
          reason,
          reference,
          at: at === undefined ? undefined : readInstant('--at', at),
          period: period === undefined ? undefined : readPeriod(period),
        })
        return { result: posted, rows: [{ ...posted, replayed: String(posted.replayed) }] }
      }),
    )
}

function readPeriod(text: string): Id<'per'> | null {
  if (text === 'none') return null
  if (text.startsWith('per_')) return parseId('per', text)
  throw new Fault('INVALID_INPUT', '--period takes the id of a period, or none')
}
