import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { importProducts } from '../../catalog/import-products.ts'
import type { Context } from '../../database/context.ts'
import type { ImportReport } from '../../records/import/import-spec.ts'

/** A mapping whose every column is named like what it becomes. */
export const plainMapping = {
  format: 'tributary-products/1',
  source: 'shelf',
  externalId: { column: 'id' },
  name: { column: 'name' },
  category: { column: 'category', default: 'Other' },
  risk: { column: 'risk' },
  asset: { column: 'asset' },
  providerPartner: { column: 'provider' },
  status: { column: 'status', default: 'ACTIVE' },
  attributes: { family: { column: 'family' } },
}

type Row = {
  readonly id: string
  readonly name?: string
  readonly category?: string
  readonly risk?: string
  readonly asset?: string
  readonly provider?: string
  readonly status?: string
  readonly family?: string
}

/** A CSV file's text of rows; what a row does not say is ordinary. */
export function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(({ id, name = `Fund ${id}`, category = 'Equities', risk = 'R3', asset = 'CNY/2', ...rest }) =>
    [id, name, category, risk, asset, rest.provider ?? '', rest.status ?? '', rest.family ?? ''].map(quoted).join(','),
  )
  return ['id,name,category,risk,asset,provider,status,family', ...lines, ''].join('\n')
}

/** Imports a file's text. */
export async function importText(
  context: Context,
  text: string,
  { mapping = plainMapping, extension = 'csv' }: { readonly mapping?: unknown; readonly extension?: string } = {},
): Promise<ImportReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-products-'))
  try {
    const file = path.join(folder, `products.${extension}`)
    await writeFile(file, text)
    return await importProducts(context, { file, mapping })
  } finally {
    await rm(folder, { recursive: true })
  }
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
