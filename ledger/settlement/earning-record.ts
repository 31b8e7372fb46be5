import { z } from 'zod'
import type { CanonicalText } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { parseMonth } from '../../kernel/month.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { minorText } from '../minor-text.ts'
import type { LineExplanation, RuleExplanation } from '../splits/explanation.ts'
import type { AnyRule } from '../splits/manual-adjustment.ts'
import type { DraftEarning } from './store/drafts.ts'

/** Lines of one record at most: a body of some 60 kB, so that whoever reads records in thousands has the memory. */
export const LINES_IN_RECORD = 100

/** What a rule gave, without the ids that follow from its place. */
export type RuleTotal = Omit<DraftEarning, 'id' | 'statement' | 'ruleNo' | 'records'>

/** A line as its record has it. Whose money is behind it is not there: that follows from the contribution. */
export type RecordedLine = {
  readonly line: number
  /** None where a rule looks at what others earn. */
  readonly contribution?: Id<'ctr'> | undefined
  readonly externalId?: string | undefined
  readonly minor: bigint
  readonly explanation: LineExplanation
}

/** A line on its way into its record. */
export type LineToRecord = Omit<RecordedLine, 'explanation'> & { readonly explanation: CanonicalText }

/** Some lines of one rule of a statement; the last part has the rule's total, and the salt that opens the commitment. */
export type EarningPart<Line = RecordedLine> = {
  readonly statement: Id<'sta'>
  readonly rule: number
  /** From 1 to `of`. */
  readonly part: number
  readonly of: number
  readonly lines: readonly Line[]
  readonly total?: RuleTotal | undefined
}

/**
 * The record of a part, which is for nobody but us: a partner may have lines only under their customers' consents.
 * A rule's explanation has numbers, which canonical JSON has not: it stands there as the text of its JSON.
 */
export function earningRecord({ statement, rule, part, of, lines, total }: EarningPart<LineToRecord>): NewRecord {
  const data = {
    statement,
    rule: BigInt(rule),
    part: BigInt(part),
    of: BigInt(of),
    lines: lines.map(({ line, ...rest }) => ({ line: BigInt(line), ...rest })),
    total: total && {
      ...total,
      lineCount: BigInt(total.lineCount),
      explanation: JSON.stringify(total.explanation),
      salt: Buffer.from(total.salt).toString('hex'),
    },
  }
  return { kind: 'earning', data }
}

const earningData = z.object({
  statement: idText('sta'),
  rule: wholeNumber,
  part: wholeNumber,
  of: wholeNumber,
  lines: z.array(
    z.object({
      line: wholeNumber,
      contribution: idText('ctr').optional(),
      externalId: z.string().optional(),
      minor: minorText,
      explanation: z.custom<LineExplanation>(isObject),
    }),
  ),
  total: z
    .object({
      kind: z.custom<AnyRule['kind']>((value) => typeof value === 'string'),
      originPeriod: z.string().transform(parseMonth).optional(),
      adjustment: idText('adj').optional(),
      terms: idText('trm'),
      minor: minorText,
      forgone: minorText,
      lineCount: wholeNumber,
      explanation: z.string().transform(readExplanation),
      salt: z.string().transform((text) => Buffer.from(text, 'hex')),
      commitment: z.string(),
    })
    .optional(),
})

/** Reads the record of a part. Throws `INVALID_INPUT` that names it when it is none. */
export function readEarning(body: RecordBody): EarningPart {
  return parseRecordData(earningData, body)
}

/** Safe because we wrote it, and what was changed since is found by whoever verifies the log. */
function readExplanation(text: string): RuleExplanation {
  return JSON.parse(text) as RuleExplanation
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
