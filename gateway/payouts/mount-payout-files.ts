import type { IRouter, Request, Response } from 'express'
import type { Context } from '../../database/context.ts'
import type { StaffCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { FileFormat } from '../../ledger/payouts/payout-batch.ts'
import { writePayoutFile } from '../../ledger/payouts/write-payout-file.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { onBehalfOf } from '../graphql/graph-context.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { requestIdOf } from '../requests/request-id.ts'

/** What the door for files of payouts is made of. */
export type PayoutFileParts = {
  /** Says which member of the staff calls, or throws. */
  readonly authenticate: (request: Request, requestId: string) => Promise<StaffCaller>
}

const FORMATS: Readonly<Record<string, FileFormat>> = { xml: 'PAIN_001', csv: 'CSV' }
const FILE = /^(pob_[0-9a-f]{32})\.(xml|csv)$/

/**
 * `GET /payout-batches/<id>.xml` (pain.001.001.09) and `.csv`: the file of an instructed batch, for the role finance (a token
 * for the operations graph). Each time the same bytes; that it was had is recorded first, so that no cache may keep it.
 */
export function mountPayoutFiles(router: IRouter, context: Context, parts: PayoutFileParts): void {
  router.all('/payout-batches/:file', (request, response) => {
    if (request.method !== 'GET') throw new MethodNotAllowed(['GET'])
    return send(context, parts, request, response)
  })
}

async function send(
  context: Context,
  { authenticate }: PayoutFileParts,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = await authenticate(request, requestIdOf(response))
  noteCaller(response, caller)
  if (!caller.roles.has('finance')) throw new Fault('FORBIDDEN', 'this address is for the role finance')
  const file = await writePayoutFile(onBehalfOf(context, caller), askedOf(request))
  response
    .set({
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'no-store',
    })
    .send(Buffer.from(file.text))
}

function askedOf({ params: { file } }: Request): { readonly batch: string; readonly format: FileFormat } {
  const [, batch = '', ending = ''] = FILE.exec(typeof file === 'string' ? file : '') ?? []
  const format = FORMATS[ending]
  if (format !== undefined) return { batch, format }
  throw new Fault('NOT_FOUND', 'the file of a batch of payouts is <id>.xml or <id>.csv')
}
