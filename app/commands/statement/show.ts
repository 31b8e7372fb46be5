import type { Command } from 'commander'
import { codeOf, formatDecimal } from '../../../kernel/money.ts'
import type { StatementDocument } from '../../../ledger/documents/statement-document.ts'
import { readConfig } from '../../config.ts'
import { act } from '../act.ts'
import { type LanguageOption, languageOption } from '../language.ts'

/** `tributary statement show`. */
export function addShow(statement: Command): void {
  statement
    .command('show')
    .argument('<statement>', 'its number or id')
    .addOption(languageOption())
    .description('one statement without its lines: amounts, rules, disputes, and the checkpoint that proves it')
    .action((named: string, { language }: LanguageOption, command: Command) =>
      act(command, async (context) => {
        const { statementDocument } = await import('../../../ledger/documents/statement-document.ts')
        const { name: issuer } = readConfig(process.env)
        const document = await statementDocument(context, { statement: named, language, issuer })
        const { lines: _, ...result } = document
        return { result, rows: rowsOf(document), sentence: sentenceOf(document) }
      }),
    )
}

function rowsOf({ statement, earned, answer }: StatementDocument) {
  const { asset, opening, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held } = statement
  const amounts = {
    ...{ opening, 'earned in the month': earned.ofMonth, adjustments: earned.adjusted, corrections: earned.corrected },
    ...{ 'held back': -holdback, released, clawbacks, payout, vat, withholding: -withholding, transfer, closing },
    ...{ 'held back in all': held, 'held while disputed': answer.disputed },
  }
  return Object.entries(amounts).map(([amount, minor]) => ({
    amount,
    [codeOf(asset)]: formatDecimal({ asset, minor }),
  }))
}

function sentenceOf({ statement, partner, rules, disputes, answer, place }: StatementDocument): string {
  const { number, status, issuedAt, terms, record } = statement
  const until = answer.disputeEndsAt.toISOString()
  return [
    `${number}: ${partner.name} (${partner.code}), ${status}, issued ${issuedAt.toISOString()}, terms version ${terms.version}.`,
    ...(status === 'ISSUED'
      ? [`It may be disputed until before ${until}; unanswered, it counts as accepted then.`]
      : []),
    ...rules.map(({ ruleNo, sentence }) => `${ruleNo}. ${sentence}`),
    ...disputes.map(({ id, status: state, reason }) => `Dispute ${id}, ${state}: ${reason}`),
    place === undefined
      ? `Its record ${record} is not sealed yet.`
      : `Its record ${record} is number ${place.seq} of the log ${place.origin}; the checkpoint of ${place.size} records covers it, root ${place.root}.`,
  ].join('\n')
}
