import { DateTime } from 'luxon'
import { codeOf } from '../../../kernel/money.ts'
import type { StatementDocument } from '../statement-document.ts'
import type { Words } from '../words.ts'
import { AREA, type Sheet } from './sheet.ts'

const SIDE = 92
const GAP = 18
const HALF = (AREA - GAP) / 2

/** Who, for whom, which month, by which terms. */
export function writeHead(sheet: Sheet, document: StatementDocument, words: Words): void {
  const { issuer, partner, programme, statement, answer } = document
  const { labels, status } = words
  sheet.row([{ text: issuer, x: 0, width: AREA, style: { size: 10, color: '#5b6470' } }], 2)
  sheet.row([{ text: words.title, x: 0, width: AREA, style: { size: 18, weight: 'bold' } }], 8)
  sheet.ruler(1)
  sheet.space(4)
  const time = (at: Date): string => timeText(at, programme.timeZone)
  const facts: readonly (readonly [label: string, text: string])[] = [
    [labels.number, statement.number],
    [labels.month, statement.month],
    [labels.issuedAt, time(statement.issuedAt)],
    [labels.asset, codeOf(statement.asset)],
    [labels.status, status[statement.status]],
    [labels.disputeUntil, time(answer.disputeEndsAt)],
  ]
  const parties: typeof facts = [
    [labels.partner, `${partner.name} (${partner.code})`],
    [labels.programme, `${programme.name} (${programme.code})`],
  ]
  for (const fact of parties) sheet.row(factCells(fact, 0, AREA))
  for (let index = 0; index < facts.length; index += 2) {
    sheet.row(facts.slice(index, index + 2).flatMap((fact, place) => factCells(fact, place * (HALF + GAP), HALF)))
  }
  sheet.row(factCells([labels.agreement, statement.agreement], 0, AREA))
  const { version, hash } = statement.terms
  sheet.row(factCells([labels.terms, `${version}, ${labels.hash} ${hash}`], 0, AREA), 14)
}

function factCells([label, text]: readonly [string, string], x: number, width: number) {
  return [
    { text: label, x, width: SIDE - 6, style: { size: 8, color: '#5b6470' } },
    { text, x: x + SIDE, width: width - SIDE, style: { size: 8 } },
  ]
}

/** A time in the programme's zone, to the minute. */
export function timeText(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd HH:mm 'UTC'ZZ")
}
