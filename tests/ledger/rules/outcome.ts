import type { Context } from '../../../database/context.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import type { StatementLine } from '../../../ledger/settlement/statement.ts'
import type { Amounts, NaiveStatement } from '../../support/naive-rules/settle.ts'
import type { World } from '../../support/naive-rules/world.ts'
import type { PutIn } from './put-in.ts'

/** What a statement says, so that two of them can be compared. */
export type Outcome = { readonly [name: string]: bigint | Outcome }

/** What the statements of a programme say. */
export async function outcomesOf(context: Context, { programme, codes, facts: world }: PutIn): Promise<Outcome> {
  const { edges } = await listStatements(context, { programme, page: { first: 100 } })
  const outcomes: Record<string, Outcome> = {}
  for (const { node } of edges) {
    const detail = await findStatement(context, { id: node.id })
    if (detail === undefined) throw new Error('a statement that is listed is found')
    const code = codes.get(node.partner) ?? ''
    const all = await linesOf(context, node.id)
    const rules = detail.rules.map(({ ruleNo, minor, forgone, originPeriod, explanation: { rule, terms } }) => {
      const own = all.filter((line) => line.ruleNo === ruleNo)
      const lines = own.map((line) => [factOf(line, { code, kind: rule.kind, world }), line.minor] as const)
      const origin = originPeriod === undefined ? '' : ` of ${originPeriod}`
      return [
        `${terms.version}.${rule.place} ${rule.kind}${origin}`,
        { total: minor, forgone, ...summed(lines) },
      ] as const
    })
    outcomes[`${node.month} ${code}`] = { ...amountsOf(detail), ...Object.fromEntries(rules) }
  }
  return outcomes
}

/** What the naive rules say, of those who have a statement. */
export function naiveOutcomesOf(statements: readonly NaiveStatement[]): Outcome {
  return Object.fromEntries(
    statements.map(({ month, code, earnings, corrections, amounts }) => {
      const rules = [...earnings, ...corrections].map(
        ({ placed: { version, place, rule }, total, forgone, lines, ...more }) => {
          const told = lines.map(({ fact, minor }) => [fact, minor] as const)
          const origin = 'origin' in more ? ` of ${more.origin}` : ''
          return [`${version}.${place} ${rule.kind}${origin}`, { total, forgone, ...summed(told) }] as const
        },
      )
      return [`${month} ${code}`, { ...amountsOf(amounts), ...Object.fromEntries(rules) }]
    }),
  )
}

function amountsOf(amounts: Amounts): Outcome {
  const { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held } = amounts
  return { opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held }
}

function summed(lines: readonly (readonly [string, bigint])[]): Outcome {
  const sums: Record<string, bigint> = {}
  for (const [fact, minor] of lines) sums[fact] = (sums[fact] ?? 0n) + minor
  return sums
}

/** Where two outcomes differ, each as a line: what is nought, or nothing, is the same as what is not there. */
export function differences(stated: Outcome, naive: Outcome, path = ''): readonly string[] {
  return [...new Set([...Object.keys(stated), ...Object.keys(naive)])].sort().flatMap((name) => {
    const [one = 0n, other = 0n] = [stated[name], naive[name]]
    const at = `${path} / ${name}`
    if (typeof one === 'bigint' && typeof other === 'bigint') {
      return one === other ? [] : [`${at}: stated ${one}, naive ${other}`]
    }
    return differences(typeof one === 'bigint' ? {} : one, typeof other === 'bigint' ? {} : other, at)
  })
}

async function linesOf(
  context: Context,
  statement: Parameters<typeof findStatement>[1]['id'],
): Promise<readonly StatementLine[]> {
  const lines: StatementLine[] = []
  for (let after: string | undefined; ; ) {
    const page = after === undefined ? { first: 100 } : { first: 100, after }
    const { edges, hasNextPage } = await listStatementLines(context, { statement, page })
    lines.push(...edges.map(({ node }) => node))
    after = edges.at(-1)?.cursor
    if (!hasNextPage) return lines
  }
}

type OfRule = { readonly code: string; readonly kind: string; readonly world: World }

/** The fact behind a line, as the naive rules name it. */
function factOf({ explanation, contributionExternalId }: StatementLine, { code, kind, world }: OfRule): string {
  const { event, detail } = explanation
  const named = world.contributions.find((one) => one.code === code && one.externalId === contributionExternalId)
  switch (kind) {
    case 'TRAFFIC_UNIT_FEE':
    case 'SERVICE_OUTCOME':
      return `contribution ${contributionExternalId}`
    case 'COURSE_COMPLETION':
      return `course ${JSON.stringify([named?.customer, named?.course])}`
    case 'AUM_INCREMENT_TIERS':
      return `assets ${named?.customer}`
    case 'OVERRIDE':
      return detail?.kind === 'OVERRIDE' ? detail.child : ''
    case 'MINIMUM_GUARANTEE':
      return 'guarantee'
    default:
      return `event ${JSON.stringify([event?.source, event?.externalId])}`
  }
}
