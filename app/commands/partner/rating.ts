import type { Command } from 'commander'
import type { Measurement, Scored } from '../../../partners/ratings/scorecard.ts'
import { readConfig } from '../../config.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { withBar } from '../progress.ts'

type RunOptions = {
  readonly month: string
  readonly partner?: string
  readonly reason?: string
  readonly dryRun?: boolean
}

/** `tributary partner rating …`. */
export function addRating(partner: Command): void {
  const rating = partner.command('rating').description('how partners fare each month, by what was measured')
  addRun(rating)
  rating
    .command('show')
    .argument('<code>', "the partner's code")
    .option('--month <month>', 'such as 2026-10, with each measure; the months of the last year unless given')
    .description('how a partner was rated, and why')
    .action((code: string, { month }: { month?: string }, command: Command) =>
      act(command, async (context) => {
        const { listScorecards } = await import('../../../partners/ratings/list-scorecards.ts')
        const cards = await listScorecards(context, code)
        if (month === undefined) return { result: cards, rows: cards.map(rowOfCard) }
        const card = cards.find((one) => one.month === month)
        return { result: card ?? null, rows: card?.measures.map(rowOfMeasure) ?? [] }
      }),
    )
  rating
    .command('list')
    .requiredOption('--month <month>', 'such as 2026-10')
    .description('how all partners were rated for a month')
    .action(({ month }: { month: string }, command: Command) =>
      act(command, async (context) => {
        const { listRatingsOf } = await import('../../../partners/ratings/list-scorecards.ts')
        const cards = await listRatingsOf(context, month)
        return { result: cards, rows: cards.map((card) => ({ partner: card.partnerCode, ...rowOfCard(card) })) }
      }),
    )
}

function addRun(rating: Command): void {
  rating
    .command('run')
    .requiredOption('--month <month>', 'one that is over, such as 2026-10')
    .option('--partner <code>', 'this one alone')
    .option('--reason <text>', 'why this one is rated anew; the partner reads it')
    .option('--dry-run', 'tell what it would be, and change nothing')
    .description('rates all that are live or suspended, as the server does each month; safe to run again')
    .action(({ dryRun, ...input }: RunOptions, command: Command) =>
      act(command, async (context) => {
        const { readRating } = await import('../../read-rating.ts')
        const { previewMonth, rateMonth } = await import('../../../partners/ratings/rate-month.ts')
        const settings = await readRating(readConfig(process.env).ratingFile)
        if (dryRun === true) {
          const scores = await previewMonth(
            context,
            { month: input.month, ...(input.partner && { partner: input.partner }) },
            settings,
          )
          return {
            result: scores,
            rows: scores.map(({ partnerCode, grade, score }) => ({ partner: partnerCode, grade, score })),
          }
        }
        const cards = await withBar('rating', (onProgress) => rateMonth(context, input, settings, onProgress))
        return { result: cards, rows: cards.map((card) => ({ partner: card.partner, ...rowOfCard(card) })) }
      }),
    )
}

type CardRow = {
  readonly month: string
  readonly grade: string
  readonly score: number | undefined
  readonly version: number
  readonly reason: string | undefined
}

function rowOfCard({ month, grade, score, version, reason }: CardRow): Row {
  return { month, grade, score, version, reason }
}

function rowOfMeasure({ measure, good, all, points, weight }: Measurement & Scored): Row {
  return { measure, good, all, points, weight }
}
