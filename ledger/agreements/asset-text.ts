import { z } from 'zod'
import { type Asset, isAsset } from '../../kernel/money.ts'

/** An asset such as `CNY/2`, inside a schema. */
export const assetText = z.string().transform((text, schema): Asset => {
  if (isAsset(text)) return text
  schema.addIssue('it is not an asset such as CNY/2')
  return z.NEVER
})
