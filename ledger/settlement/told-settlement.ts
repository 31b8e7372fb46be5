import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { instant } from '../../kernel/instant.ts'
import { parseMonth } from '../../kernel/month.ts'
import type { AppendedRecord } from '../../records/append-records.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { assetText } from '../agreements/asset-text.ts'
import { minorText } from '../minor-text.ts'
import { CHECKLIST_CODES } from './checklist-code.ts'
import type { NewDraft } from './store/drafts.ts'
import type { ToldClose, ToldLock, ToldPeriod } from './store/told-periods.ts'

const month = z.string().transform(parseMonth)
const ofPeriod = { period: idText('per'), programmeId: idText('prg'), month, startsAt: instant, endsAt: instant }

const statementData = z.object({
  event: z.literal('ISSUED'),
  statement: idText('sta'),
  number: z.string(),
  agreement: idText('agr'),
  ...ofPeriod,
  run: wholeNumber,
  createdAt: instant,
  asset: assetText,
  terms: z.object({ version: wholeNumber, hash: z.string() }),
  amounts: z.object({
    opening: minorText,
    earned: minorText,
    holdback: minorText,
    released: minorText,
    clawbacks: minorText,
    payout: minorText,
    vat: minorText,
    withholding: minorText,
    transfer: minorText,
    closing: minorText,
    held: minorText,
  }),
  releaseMonth: month,
  rules: z.array(z.object({ lines: wholeNumber, earnings: z.array(idText('rec')) })),
})

/** An issued statement as its record tells it. */
export type ToldStatement = {
  readonly draft: NewDraft
  readonly period: ToldPeriod
  readonly rules: z.output<typeof statementData>['rules']
  readonly record: AppendedRecord
}

/** The statement that a record tells of. */
export function toldStatement(body: RecordBody): ToldStatement {
  const { statement: id, amounts, rules, ...told } = parseRecordData(statementData, body)
  const { number, agreement, run, createdAt, asset, terms, releaseMonth } = told
  const period = periodOf(told)
  const lineCount = rules.reduce((all, { lines }) => all + lines, 0)
  const whose = { agreement, partner: partnerOf(body), programme: period.programme, period: period.id }
  const about = { number, month: period.month, asset, terms, releaseMonth, lineCount, run, createdAt }
  return {
    draft: { id, ...whose, ...about, ...amounts },
    period,
    rules,
    record: { id: body.id, at: new Date(body.at) },
  }
}

function partnerOf({ id, partner }: RecordBody): NewDraft['partner'] {
  if (partner !== undefined) return partner
  throw new Fault('INVALID_INPUT', `record ${id} of a statement names no partner`)
}

const lockData = z.object({
  event: z.literal('LOCKED'),
  ...ofPeriod,
  run: wholeNumber,
  factsUntil: instant,
  factsCut: z.string(),
  /** Absent from what was locked without looking back. */
  notAccruing: z.array(idText('agr')).optional(),
  uncorrected: z.array(month).optional(),
  /** Absent from what was locked before it was asked. */
  acknowledged: z.array(z.object({ code: z.enum(CHECKLIST_CODES) })).optional(),
})
const closeData = z.object({ event: z.literal('CLOSED'), period: idText('per') })

/** The locking of a period that a record tells of. */
export function toldLock(body: RecordBody): ToldLock {
  const { run, factsUntil, factsCut, notAccruing, uncorrected, acknowledged, ...told } = parseRecordData(lockData, body)
  const lookedBack = notAccruing && uncorrected && { notAccruing, uncorrected }
  const decided = acknowledged && { by: body.actor, acknowledged: acknowledged.map(({ code }) => code) }
  const seen = { run, cutAt: factsUntil, factsCut, lookedBack, decided }
  return { ...periodOf(told), ...seen, lockedAt: new Date(body.at), record: body.id }
}

/** The closing of a period that a record tells of; nothing where it tells of something else. */
export function toldClose(body: RecordBody): ToldClose | undefined {
  if (body.data['event'] !== 'CLOSED') return undefined
  const { period } = parseRecordData(closeData, body)
  return { period, record: { id: body.id, at: new Date(body.at) } }
}

type OfPeriod = z.output<z.ZodObject<typeof ofPeriod>>

function periodOf({ period: id, programmeId: programme, month: of, startsAt, endsAt }: OfPeriod): ToldPeriod {
  return { id, programme, month: of, startsAt, endsAt }
}
