import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import type { Outcome, Simulation } from '../../../ledger/settlement/simulation.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { openProgress } from '../progress.ts'
import { readTermsFile } from '../read-terms-file.ts'
import { untilTold } from '../until-told.ts'

type SimulateOptions = {
  readonly programme: string
  readonly from: string
  readonly to?: string
  readonly partner?: string
}

/** `tributary rules simulate FILE`. */
export function addSimulate(rules: Command): void {
  rules
    .command('simulate <file>')
    .description('tries terms on the facts that are stored, beside the terms in force; writes nothing')
    .requiredOption('--programme <code>')
    .requiredOption('--from <month>', 'the first month, such as 2026-01')
    .option('--to <month>', 'the last month; the first alone unless given')
    .option('--partner <code>', 'tells of one partner alone')
    .action((file: string, options: SimulateOptions, command: Command) =>
      act(command, async (context) => {
        const { simulateTerms } = await import('../../../ledger/settlement/simulate-terms.ts')
        const terms = await readTermsFile(file)
        const bar = openProgress('simulate')
        const simulation = await simulateTerms(context, {
          ...{ ...options, terms, signal: untilTold('stopped; nothing was written') },
          onProgress: ({ step, steps, month, facts }) => bar.show(step, steps, `${month}, ${facts} facts`),
        }).finally(bar.end)
        return { result: simulation, rows: rowsOf(simulation), sentence: sentenceOf(simulation) }
      }),
    )
}

/** A row for each rule of a partner on either side, and one for the partner; then one for all. */
function rowsOf({ programme: { asset }, partners, total }: Simulation): readonly Row[] {
  const amounts = ({ today, tried, change }: Outcome): Row => ({
    today: formatDecimal({ asset, minor: today }),
    tried: formatDecimal({ asset, minor: tried }),
    change: formatDecimal({ asset, minor: change }),
  })
  const rows = partners.flatMap(({ partner, rules, ...outcome }): readonly Row[] => [
    { partner, rule: '', ...amounts(outcome) },
    ...(['today', 'tried'] as const).flatMap((side) =>
      rules[side].map(({ version, place, kind, total: given }): Row => {
        const none = { today: '', tried: '', change: '' }
        const rule = side === 'today' ? `version ${version}, ${place + 1}: ${kind}` : `tried, ${place + 1}: ${kind}`
        return { partner: '', rule, ...none, [side]: formatDecimal({ asset, minor: given }) }
      }),
    ),
  ])
  return [...rows, { partner: 'all', rule: '', ...amounts(total) }]
}

function sentenceOf({ programme, months, facts, hash }: Simulation): string {
  const span = [...new Set([months[0]?.month, months.at(-1)?.month])].join(' to ')
  return `Tried on ${facts} facts of ${programme.code}, ${span}; nothing was written. Hash of the terms: ${hash}.`
}
