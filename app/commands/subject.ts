import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import { act } from './act.ts'
import { withBar } from './progress.ts'

type RotateOptions = { readonly reason: string; readonly overlapDays: number; readonly key?: string }

/** `tributary subject rotate`: new names for all customers of a partner. */
export function addSubject(program: Command): void {
  program
    .command('subject')
    .description('the names under which partners know customers')
    .command('rotate')
    .argument('<code>', "the partner's code")
    .requiredOption('--reason <text>', 'why; the partner reads it')
    .option('--overlap-days <days>', 'for how long the former names are still understood', daysOf, 30)
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('gives all of them new names, or finishes what was broken off; reads go on meanwhile')
    .action((partner: string, { key, ...options }: RotateOptions, command: Command) =>
      act(command, async (context) => {
        const { rotateSubjects } = await import('../../customers/subjects/rotate-subjects.ts')
        const input = { partner, ...options, idempotencyKey: key ?? randomUUID() }
        const rotated = await withBar('renames customers', (onProgress) => rotateSubjects(context, input, onProgress))
        return { result: rotated }
      }),
    )
}

function daysOf(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) throw new InvalidArgumentError('a whole number of days, up to 365')
  return Number(text)
}
