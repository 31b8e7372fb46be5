import type { IRouter, Request, Response } from 'express'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { fileOf } from '../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../ledger/reconciliation/import-bank-statements.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { onBehalfOf } from '../graphql/graph-context.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { atMost, chunksOf, refuseEncoded } from '../requests/read-body.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { type IngestParts, requireIngester } from './mount-ingest.ts'

/** What the door for bank statements is made of. */
export type BankStatementParts = Pick<IngestParts, 'authenticate'> & { readonly bodyBytes: number }

const MOST_SHOWN = 100

/**
 * `POST /ingest/bank-statements?account=…&mapping=…`: a bank's file, camt.053 as `application/xml` or CSV as `text/csv` with
 * its mapping (JSON) in the address. Answers with what was new. A file that is refused changes nothing.
 */
export function mountBankStatements(router: IRouter, context: Context, parts: BankStatementParts): void {
  router.post('/ingest/bank-statements', (request, response) => take(context, parts, request, response))
  router.all('/ingest/bank-statements', () => {
    throw new MethodNotAllowed(['POST'])
  })
}

async function take(
  context: Context,
  { authenticate, bodyBytes }: BankStatementParts,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = await authenticate(request, requestIdOf(response))
  noteCaller(response, caller)
  requireIngester(caller)
  refuseEncoded(request)
  const mapping = mappingOf(request)
  const chunks: Buffer[] = []
  for await (const chunk of atMost(chunksOf(request), bodyBytes)) chunks.push(chunk)
  const taken = await importBankStatements(onBehalfOf(context, caller), {
    file: fileOf(Buffer.concat(chunks)),
    ownAccount: textOf(request, 'account'),
    ...(mapping === undefined ? {} : { mapping }),
  })
  const statements = taken.statements.slice(0, MOST_SHOWN).map(({ id, entries, added }) => ({ id, entries, added }))
  response.set('cache-control', 'no-store').json({ ...taken, statements })
}

/** The mapping of a CSV body; nothing for XML. Throws `UNSUPPORTED_MEDIA_TYPE` and `INVALID_INPUT`. */
function mappingOf(request: Request): unknown {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  switch (type.trim()) {
    case 'application/xml':
    case 'text/xml':
      return undefined
    case 'text/csv':
      return parseJson(textOf(request, 'mapping'))
    default:
      throw new Fault('UNSUPPORTED_MEDIA_TYPE', 'send the file as application/xml or text/csv')
  }
}

function textOf(request: Request, name: 'account' | 'mapping'): string | undefined {
  const text = request.query[name]
  if (text === undefined || (typeof text === 'string' && !text.includes('\u0000'))) return text
  throw new Fault('INVALID_INPUT', `${name}: give it once`, { field: name })
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch (cause) {
    throw new Fault('INVALID_INPUT', 'mapping: a CSV file needs its mapping, as JSON', { field: 'mapping', cause })
  }
}
