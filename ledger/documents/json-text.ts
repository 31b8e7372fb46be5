import { CanonicalText, type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { formatDecimal } from '../../kernel/money.ts'
import type { Dispute } from '../disputes/dispute.ts'
import type { DocumentLine, DocumentRule, StatementDocument } from './statement-document.ts'

/** Stands where the lines come: canonical JSON never holds it as it is. */
const LINES = '\u0000'
const LINES_AT_ONCE = 200

/**
 * A statement as canonical JSON (RFC 8785, integers as strings), in chunks as its lines are read. Each amount is
 * `{amount, asset, minor}`. Memory does not grow with the lines.
 */
export async function* jsonText(document: StatementDocument): AsyncGenerator<string> {
  const [head = '', tail = ''] = canonicalJson(frameOf(document)).split(LINES)
  yield head
  let separator = ''
  let chunk: string[] = []
  for await (const line of document.lines()) {
    chunk.push(`${separator}${canonicalJson(lineOf(document, line))}`)
    separator = ','
    if (chunk.length < LINES_AT_ONCE) continue
    yield chunk.join('')
    chunk = []
  }
  yield `${chunk.join('')}${tail}\n`
}

function frameOf(document: StatementDocument): CanonicalValue {
  const { language, issuer, partner, programme, statement, rules, answer, disputes, place, whole } = document
  const { accepted } = answer
  return {
    v: '1',
    ...{ language, issuer, partner },
    statement: { id: statement.id, number: statement.number, month: statement.month, status: statement.status },
    asset: statement.asset,
    programme: { id: programme.id, code: programme.code, name: programme.name, timeZone: programme.timeZone },
    agreement: statement.agreement,
    terms: { version: BigInt(statement.terms.version), hash: statement.terms.hash },
    issuedAt: statement.issuedAt.toISOString(),
    disputeEndsAt: answer.disputeEndsAt.toISOString(),
    accepted: accepted === undefined ? null : { reason: accepted.reason, at: accepted.at.toISOString() },
    amounts: amountsOf(document),
    releaseMonth: statement.releaseMonth,
    rules: rules.map((rule) => ruleOf(document, rule)),
    disputes: disputes.map((dispute) => disputeOf(document, dispute)),
    record: statement.record,
    checkpoint: place === undefined ? null : { ...place, seq: BigInt(place.seq), size: BigInt(place.size) },
    lineCount: BigInt(statement.lineCount),
    linesShown: whole ? 'ALL' : 'CONSENTED',
    lines: new CanonicalText(`[${LINES}]`),
  }
}

function amountsOf(document: StatementDocument): CanonicalValue {
  const { statement, earned, answer } = document
  const amount = amountIn(document)
  const { opening, holdback, released, clawbacks, payout, vat, withholding, transfer, closing, held } = statement
  const all = { opening, earned: statement.earned, holdback, released, clawbacks, payout, vat, withholding, transfer }
  const parts = {
    earnedOfMonth: earned.ofMonth,
    earnedByAdjustment: earned.adjusted,
    earnedByCorrection: earned.corrected,
  }
  return Object.fromEntries(
    Object.entries({ ...all, ...parts, closing, held, disputed: answer.disputed }).map(([name, minor]) => [
      name,
      amount(minor),
    ]),
  )
}

function ruleOf(document: StatementDocument, rule: DocumentRule): CanonicalValue {
  const amount = amountIn(document)
  const { ruleNo, kind, part, originPeriod, adjustment, minor, forgone, lineCount, commitment, sentence } = rule
  const { terms } = rule.explanation
  return {
    rule: BigInt(ruleNo),
    ...{ kind, part, originPeriod, adjustment, commitment, sentence },
    terms: { version: BigInt(terms.version), hash: terms.hash },
    total: amount(minor),
    forgone: amount(forgone),
    lineCount: BigInt(lineCount),
  }
}

function lineOf(document: StatementDocument, line: DocumentLine): CanonicalValue {
  const { id, ruleNo, lineNo, contribution, contributionExternalId, subject, minor, sentence } = line
  return {
    id,
    rule: BigInt(ruleNo),
    line: BigInt(lineNo),
    ...{ contribution, contributionExternalId, subject, sentence },
    earned: amountIn(document)(minor),
  }
}

function disputeOf(document: StatementDocument, dispute: Dispute): CanonicalValue {
  const { id, status, rules, lines, held, reason, openedAt, closedAt, answer } = dispute
  return {
    ...{ id, status, lines, reason, answer },
    rules: rules.map(BigInt),
    held: amountIn(document)(held),
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString(),
  }
}

function amountIn({ statement: { asset } }: StatementDocument): (minor: bigint) => CanonicalValue {
  return (minor) => ({ amount: formatDecimal({ asset, minor }), asset, minor })
}
