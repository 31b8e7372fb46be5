import { type Command, Option } from 'commander'
import type { ClosedPeriod } from '../../../ledger/settlement/close-period.ts'
import { act } from '../act.ts'
import { withClosingBar } from './closing-bar.ts'
import { figuresRow } from './figures-row.ts'
import { type LockOptions, withAcknowledge, withPlace } from './place.ts'

type CloseOptions = LockOptions & { readonly to: (typeof ENDS)[number] }

const ENDS = ['LOCKED', 'CLOSED'] as const

/** `tributary period close`. */
export function addClose(period: Command): void {
  withAcknowledge(withPlace(period.command('close')))
    .description('carries a month on as far as it can: calculates, locks, and closes what is paid; safe to run again')
    .addOption(
      new Option('--to <status>', 'how far it is to come, else the command fails').choices(ENDS).default('LOCKED'),
    )
    .action(({ acknowledge, to, ...place }: CloseOptions, command: Command) =>
      act(command, async (context) => {
        const { closePeriod } = await import('../../../ledger/settlement/close-period.ts')
        const closed = await withClosingBar('close', (onProgress) =>
          closePeriod(context, { ...place, acknowledged: acknowledge, onProgress }),
        )
        const { status } = closed.period
        const sentence = sentenceOf(closed)
        return {
          result: closed,
          rows: [figuresRow(closed)],
          ...(sentence && { sentence }),
          failed: !(status === 'CLOSED' || status === to),
        }
      }),
    )
}

function sentenceOf({ open, factsSince }: ClosedPeriod): string | undefined {
  if (open.length > 0) {
    const lines = open.map(({ code, count, sentence }) => `  ${code} (${count}): ${sentence}`)
    return ['It is calculated, and not locked:', ...lines, '--acknowledge CODE locks it all the same.'].join('\n')
  }
  return factsSince > 0 ? `${factsSince} that came since the calculation wait for a later month.` : undefined
}
