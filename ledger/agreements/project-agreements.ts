import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { AGREEMENT_STATUSES } from './agreement.ts'
import { assetText } from './asset-text.ts'
import { dataScope } from './data-scope.ts'
import { knownContracts } from './known-contracts.ts'
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
    dataScope: dataScope.optional(),
  }),
  z.object({ event: z.literal('ENDED'), ...ofAgreement, endsAt: instant, reason: z.string() }),
])

/** Programmes and terms are few: each is written on its own. */
async function projectInOrder(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const of = (kind: Kind): readonly ProjectedRecord[] => records.filter(({ body }) => body.kind === kind)
  for (const { body } of of('programme')) await projectProgramme(tx, body)
  const waiting: ProjectedRecord[] = []
  for (const record of of('terms')) if (!(await projectTerms(tx, record.body))) waiting.push(record)
  return [...waiting, ...(await projectAgreements(tx, of('agreement')))]
}

async function projectProgramme(tx: Transaction, body: RecordBody): Promise<void> {
  const { programme: id, code, name, asset, timeZone } = parseRecordData(programmeData, body)
  await insertProgramme(tx, { id, code, name, asset, timeZone, createdAt: new Date(body.at) }, body.id)
}

/** Says whether it could be written. */
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

type ToldAgreement = z.output<typeof agreementData>
type Made = { readonly record: ProjectedRecord; readonly said: Extract<ToldAgreement, { readonly event: 'CREATED' }> }
type End = { readonly record: ProjectedRecord; readonly said: Extract<ToldAgreement, { readonly event: 'ENDED' }> }

/**
 * An agreement whose end is told in the same batch is written with it: the one that follows it may be there already, and
 * the two run at no time together.
 */
async function projectAgreements(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const waiting: ProjectedRecord[] = []
  const made: Made[] = []
  const ends = new Map<Id<'agr'>, End>()
  for (const record of records) {
    const said = parseRecordData(agreementData, record.body)
    if (said.event === 'CREATED') made.push({ record, said })
    else ends.set(said.agreement, { record, said })
  }
  const programmes = await knownContracts(
    tx,
    made.map(({ said }) => said.programme),
  )
  for (const one of made) {
    const { programme, agreement } = one.said
    const written = programmes.has(programme) && (await projectMade(tx, one, ends.get(agreement)))
    if (written) ends.delete(agreement)
    else waiting.push(one.record)
  }
  const ended = await knownContracts(tx, [...ends.keys()])
  for (const end of ends.values()) {
    if (ended.has(end.said.agreement)) await projectEnd(tx, end)
    else waiting.push(end.record)
  }
  return waiting
}

async function projectMade(tx: Transaction, { record: { body }, said }: Made, end: End | undefined): Promise<boolean> {
  const { agreement: id, programme, partner, startsAt, status, dataScope: scope } = said
  const agreement = {
    id,
    programme,
    partner,
    startsAt,
    endsAt: end?.said.endsAt ?? said.endsAt,
    status,
    dataScope: scope,
  }
  if (await isMemberIn(tx, agreement)) return false
  await insertAgreement(tx, { ...agreement, record: body.id, createdAt: new Date(body.at) })
  if (end !== undefined) await projectEnd(tx, end)
  return true
}

async function projectEnd(tx: Transaction, { record: { body }, said }: End): Promise<void> {
  const { agreement: id, endsAt, reason } = said
  await updateEnd(tx, { id, endsAt, end: { reason, endedAt: new Date(body.at), record: body.id } })
}
