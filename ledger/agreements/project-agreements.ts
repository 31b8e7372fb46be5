import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { AGREEMENT_STATUSES } from './agreement.ts'
import { assetText } from './asset-text.ts'
import { instant } from './instant.ts'
import { insertAgreement, isMemberIn, updateEnd } from './store/agreements.ts'
import { insertProgramme, selectProgramme } from './store/programmes.ts'
import { insertTerms, selectTermsStart } from './store/terms.ts'
import { readTerms } from './terms-body.ts'

const KINDS = ['programme', 'terms', 'agreement'] as const
type Kind = (typeof KINDS)[number]

/** Programmes, their terms and their members out of the log. A version of terms waits for the one before it. */
export const agreementProjector: Projector = {
  kinds: KINDS,
  tables: [
    { name: 'programmes', key: ['id'] },
    { name: 'terms', key: ['id'] },
    { name: 'agreements', key: ['id'] },
  ],
  project: projectInOrder,
}

const programmeData = z.object({
  event: z.literal('CREATED'),
  programme: idText('prg'),
  code: z.string(),
  name: z.string(),
  asset: assetText,
  timeZone: z.string(),
})

const termsData = z.object({
  event: z.literal('PUBLISHED'),
  programme: idText('prg'),
  terms: idText('trm'),
  hash: z.string(),
  // what was parsed out of canonical JSON is a value of it
  body: z.custom<CanonicalValue>((value) => typeof value === 'object' && value !== null),
})

const ofAgreement = { agreement: idText('agr'), programme: idText('prg'), partner: idText('ptr') }

const agreementData = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('CREATED'),
    ...ofAgreement,
    startsAt: instant,
    endsAt: instant.optional(),
    status: z.enum(AGREEMENT_STATUSES),
  }),
  z.object({ event: z.literal('ENDED'), ...ofAgreement, endsAt: instant, reason: z.string() }),
])

/** Says whether it could be written. */
type Project = (tx: Transaction, body: RecordBody) => Promise<boolean>

const PROJECT: Readonly<Record<Kind, Project>> = {
  programme: projectProgramme,
  terms: projectTerms,
  agreement: projectAgreement,
}

/** There are few of them: each is written on its own. */
async function projectInOrder(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const waiting: ProjectedRecord[] = []
  for (const kind of KINDS) {
    for (const record of records) {
      if (record.body.kind === kind && !(await PROJECT[kind](tx, record.body))) waiting.push(record)
    }
  }
  return waiting
}

async function projectProgramme(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { programme: id, code, name, asset, timeZone } = parseRecordData(programmeData, body)
  await insertProgramme(tx, { id, code, name, asset, timeZone, createdAt: new Date(body.at) }, body.id)
  return true
}

async function projectTerms(tx: Transaction, record: RecordBody): Promise<boolean> {
  const { programme, terms: id, hash, body: said } = parseRecordData(termsData, record)
  const body = canonicalJson(said)
  const { version, effectiveFrom } = readTerms(body)
  const followsFrom = version === 1 ? undefined : await selectTermsStart(tx, { programme, version: version - 1 })
  if (version > 1 && followsFrom === undefined) return false
  if ((await selectProgramme(tx, programme)) === undefined) return false
  const row = { id, programme, version, effectiveFrom, followsFrom, body, hash }
  await insertTerms(tx, { ...row, record: record.id, publishedAt: new Date(record.at) })
  return true
}

async function projectAgreement(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(agreementData, body)
  if (told.event === 'ENDED') return projectEnd(tx, body, told)
  const { agreement: id, programme, partner, startsAt, endsAt, status } = told
  const agreement = { id, programme, partner, startsAt, endsAt, status }
  if ((await selectProgramme(tx, programme)) === undefined) return false
  // the one before it, which was ended to make room
  if (await isMemberIn(tx, agreement)) return false
  await insertAgreement(tx, { ...agreement, record: body.id, createdAt: new Date(body.at) })
  return true
}

type ToldEnd = Extract<z.output<typeof agreementData>, { readonly event: 'ENDED' }>

async function projectEnd(
  tx: Transaction,
  body: RecordBody,
  { agreement: id, endsAt, reason }: ToldEnd,
): Promise<boolean> {
  if (!(await selectKnownIds(tx, 'agreements', [id])).has(id)) return false
  await updateEnd(tx, { id, endsAt, end: { reason, endedAt: new Date(body.at), record: body.id } })
  return true
}
