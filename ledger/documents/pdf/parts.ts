import type { DocumentLine, StatementDocument } from '../statement-document.ts'
import type { Words } from '../words.ts'
import { amountText } from './amount-text.ts'
import { timeText } from './head.ts'
import { AREA, type Sheet } from './sheet.ts'
import { beginTable } from './table.ts'

/** Lines that are printed; all of them are in the other formats. */
export const MOST_PRINTED = 300

const NOTE = { size: 8, color: '#5b6470' } as const
const AMOUNT = 92

/** What each rule gave, with its sentence. */
export function writeRules(sheet: Sheet, { rules, statement }: StatementDocument, words: Words): void {
  const { labels } = words
  title(sheet, labels.rules)
  if (rules.length === 0) {
    sheet.row([{ text: labels.none, x: 0, width: AREA, style: NOTE }])
    return
  }
  const row = beginTable(sheet, [
    { heading: labels.rule, width: 24 },
    { heading: labels.explanation, width: 0 },
    { heading: labels.lineCount, width: 40, right: true },
    { heading: labels.amount, width: AMOUNT, right: true },
  ])
  for (const { ruleNo, sentence, lineCount, minor } of rules) {
    row([`${ruleNo}`, sentence, `${lineCount}`, amountText(minor, statement.asset)])
  }
  sheet.onPage(undefined)
}

/** The first lines, and what is said of those that are not here. */
export function writeLines(
  sheet: Sheet,
  { statement }: StatementDocument,
  lines: readonly DocumentLine[],
  words: Words,
): void {
  const { labels } = words
  if (statement.lineCount === 0) return
  title(sheet, labels.lines)
  if (lines.length > 0) {
    const row = beginTable(sheet, [
      { heading: labels.line, width: 30 },
      { heading: labels.contribution, width: 84 },
      { heading: labels.explanation, width: 0 },
      { heading: labels.amount, width: 72, right: true },
    ])
    for (const { ruleNo, lineNo, contributionExternalId = '', sentence, minor } of lines) {
      row([`${ruleNo}.${lineNo}`, contributionExternalId, sentence, amountText(minor, statement.asset)])
    }
    sheet.onPage(undefined)
  }
  const left = statement.lineCount - lines.length
  if (left === 0) return
  const note = lines.length < MOST_PRINTED ? words.hidden(left) : words.more(lines.length, statement.lineCount)
  sheet.row([{ text: note, x: 0, width: AREA, style: NOTE }])
}

/** What the partner objected to, and what it was answered. */
export function writeDisputes(sheet: Sheet, { disputes, statement, programme }: StatementDocument, words: Words): void {
  const { labels } = words
  if (disputes.length === 0) return
  title(sheet, labels.disputes)
  const row = beginTable(sheet, [
    { heading: labels.status, width: 92 },
    { heading: labels.disputedParts, width: 82 },
    { heading: `${labels.reason} / ${labels.answer}`, width: 0 },
    { heading: labels.amount, width: 78, right: true },
  ])
  for (const { status, openedAt, closedAt, rules, lines, reason, answer, adjustment, held } of disputes) {
    const about = [
      ...rules.map((ruleNo) => `${labels.rules} ${ruleNo}`),
      ...(lines.length === 0 ? [] : [`${labels.lines}: ${lines.length}`]),
    ]
    const told = [reason, ...(answer === undefined ? [] : [`${labels.answer}: ${answer}`])]
    if (adjustment !== undefined) told.push(words.adjustment)
    row([
      `${words.dispute[status]} ${timeText(closedAt ?? openedAt, programme.timeZone)}`,
      about.length === 0 ? words.whole : about.join(', '),
      told.join(' / '),
      amountText(held, statement.asset),
    ])
  }
  sheet.onPage(undefined)
}

/** The checkpoint of the log that proves the statement. */
export function writeProof(sheet: Sheet, { place, statement }: StatementDocument, words: Words): void {
  const { labels } = words
  sheet.keep(80)
  title(sheet, labels.proof)
  const note = place === undefined ? labels.notSealed : words.proof(place.seq, place.size, place.origin)
  sheet.row([{ text: note, x: 0, width: AREA, style: { size: 8 } }])
  const facts = [[labels.record, statement.record], ...(place === undefined ? [] : [[labels.root, place.root]])]
  for (const [label = '', text = ''] of facts) {
    sheet.row([
      { text: label, x: 0, width: 86, style: NOTE },
      { text, x: 92, width: AREA - 92, style: { size: 8 } },
    ])
  }
}

function title(sheet: Sheet, text: string): void {
  sheet.space(8)
  sheet.keep(70)
  sheet.row([{ text, x: 0, width: AREA, style: { size: 10, weight: 'bold' } }], 4)
}
