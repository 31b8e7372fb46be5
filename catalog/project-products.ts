import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import { type Asset, isAsset } from '../kernel/money.ts'
import { idText, parseRecordData, wholeNumber } from '../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../records/projector.ts'
import { PRODUCT_STATUSES } from './product.ts'
import { keepProducts, type ProductVersion } from './store/upsert-products.ts'
import { PRODUCT_RISKS } from './suitability.ts'

/** Products out of the log. No record waits for another: of two versions the later one holds. */
export const productProjector: Projector = {
  kinds: ['product'],
  tables: [{ name: 'products', key: ['id'] }],
  project: projectProducts,
}

const productData = z.object({
  product: idText('prd'),
  version: wholeNumber,
  source: z.string(),
  externalId: z.string(),
  name: z.string(),
  category: z.string(),
  risk: z.enum(PRODUCT_RISKS),
  asset: z.custom<Asset>((value) => typeof value === 'string' && isAsset(value)),
  providerPartner: idText('ptr').optional(),
  attributes: z.record(z.string(), z.string()),
  status: z.enum(PRODUCT_STATUSES),
})

async function projectProducts(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const latest = new Map<Id<'prd'>, ProductVersion>()
  for (const record of records) {
    const told = versionOf(record)
    if (told.version > (latest.get(told.id)?.version ?? 0)) latest.set(told.id, told)
  }
  if (latest.size > 0) await keepProducts(tx, [...latest.values()])
  return []
}

function versionOf({ body }: ProjectedRecord): ProductVersion {
  const { product: id, version, providerPartner, ...details } = parseRecordData(productData, body)
  const product = providerPartner === undefined ? details : { ...details, providerPartner }
  return { id, version, product, updatedAt: new Date(body.at) }
}
