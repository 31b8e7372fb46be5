import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { IRouter, Request, Response } from 'express'
import type { Context } from '../../database/context.ts'
import { type PartnerCaller, STAFF_ROLES, type StaffCaller, type StaffRole } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { DOCUMENT_FORMATS, type DocumentFormat, documentIn } from '../../ledger/documents/document-format.ts'
import { statementDocument } from '../../ledger/documents/statement-document.ts'
import { LANGUAGES, type Language } from '../../ledger/splits/explain/words.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { onBehalfOf } from '../graphql/graph-context.ts'
import type { Quotas } from '../limits/quotas.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { requestIdOf } from '../requests/request-id.ts'

/** What the door for statements as files is made of. */
export type StatementParts = {
  /** Who issues statements, as it stands on top of them. */
  readonly issuer: string
  readonly quotas: Quotas
  /** Say who calls, or throw. */
  readonly authenticatePartner: (request: Request, requestId: string) => Promise<PartnerCaller>
  readonly authenticateStaff: (request: Request, requestId: string) => Promise<StaffCaller>
}

const FILE = new RegExp(`^(.{1,200})\\.(${DOCUMENT_FORMATS.join('|')})$`)
const TYPE_OF: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}
/** What a file costs of a quota: much of a month stands in one. */
const FILE_POINTS = 100

const READERS: readonly StaffRole[] = STAFF_ROLES.filter((role) => role !== 'ingest')

/**
 * `GET /statements/<id or number>.pdf`, `.csv`, `.json`, with `?language=zh-CN` for Chinese: an issued statement as a file, for
 * its partner (a token with statements:read and a DPoP proof), or for the staff (a token for the operations graph). What a
 * partner may not see is not in it, and what it sees of customers is disclosed before it leaves.
 */
export function mountStatements(router: IRouter, context: Context, parts: StatementParts): void {
  // a HEAD would disclose what it does not show
  router.all('/statements/:file', (request, response) => {
    if (request.method !== 'GET') throw new MethodNotAllowed(['GET'])
    return send(context, parts, request, response)
  })
}

async function send(context: Context, parts: StatementParts, request: Request, response: Response): Promise<void> {
  const caller = await callerOf(parts, request, requestIdOf(response))
  noteCaller(response, caller)
  const { statement, format } = askedOf(request)
  await parts.quotas.spend(caller, FILE_POINTS)
  const document = await statementDocument(onBehalfOf(context, caller), {
    ...{ statement, language: languageOf(request), issuer: parts.issuer },
    ...(caller.kind === 'partner' && { caller }),
  })
  response.set({
    'content-type': TYPE_OF[format],
    'content-disposition': `attachment; filename="${document.statement.number}.${format}"`,
    'cache-control': 'no-store',
  })
  await pipeline(Readable.from(documentIn(document, format)), response).catch((error) => {
    // whoever asked has gone: what was read until then was disclosed, and nothing more is read
    if (!(response.destroyed && isGone(error))) throw error
  })
}

async function callerOf(
  { authenticatePartner, authenticateStaff }: StatementParts,
  request: Request,
  requestId: string,
): Promise<PartnerCaller | StaffCaller> {
  if (/^Bearer /i.test(request.headers.authorization ?? '')) {
    const staff = await authenticateStaff(request, requestId)
    if (READERS.some((role) => staff.roles.has(role))) return staff
  } else {
    const partner = await authenticatePartner(request, requestId)
    if (partner.scopes.has('statements:read')) return partner
  }
  throw new Fault('FORBIDDEN', 'this needs a scope or a role that the caller does not have')
}

function askedOf({ params: { file } }: Request): { readonly statement: string; readonly format: DocumentFormat } {
  const [, statement = '', ending] = FILE.exec(typeof file === 'string' ? file : '') ?? []
  const format = DOCUMENT_FORMATS.find((each) => each === ending)
  if (format !== undefined) return { statement, format }
  throw new Fault('NOT_FOUND', `a statement is had as ${DOCUMENT_FORMATS.map((each) => `.${each}`).join(', ')}`)
}

function languageOf({ query: { language = 'en' } }: Request): Language {
  const known = LANGUAGES.find((each) => each === language)
  if (known !== undefined) return known
  throw new Fault('INVALID_INPUT', `language: one of ${LANGUAGES.join(', ')}`, { field: 'language' })
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
