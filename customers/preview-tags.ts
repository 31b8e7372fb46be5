import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import type { Granularity } from './granularity.ts'
import { maskOf } from './masking.ts'
import { selectOwnTags } from './store/own-tags.ts'
import { selectDefinitions } from './store/tag-definitions.ts'
import type { TagDefinition } from './tag-definition.ts'

/** A tag as its customer is shown it: what each granularity that it may be shared in would reveal now. */
export type TagPreview = {
  readonly definition: TagDefinition
  /** From the finest; `value` is absent where nothing is known of this customer. */
  readonly samples: readonly { readonly granularity: Granularity; readonly value: string | undefined }[]
}

/**
 * What a customer would share of tags, in the order given; those that were retired or never defined are left out. It is for
 * the customer's own eyes: no disclosure is written, and no partner may be given what this returns.
 */
export async function previewTags(
  context: Context,
  { customer, keys }: { readonly customer: Id<'cus'>; readonly keys: readonly string[] },
): Promise<readonly TagPreview[]> {
  const { reads } = context.database
  const [definitions, values] = await Promise.all([
    selectDefinitions(reads, keys),
    selectOwnTags(context, customer, keys),
  ])
  return keys.flatMap((key) => {
    const definition = definitions.find((one) => one.key === key && one.retiredAt === undefined)
    return definition === undefined ? [] : [previewOf(definition, values.get(key))]
  })
}

function previewOf(definition: TagDefinition, value: string | undefined): TagPreview {
  const { type, values, bands, flag, granularities } = definition
  const mask = maskOf({ type, values, bands, flag })
  const inOrder = (['exact', 'band', 'flag'] as const).filter((one) => granularities.includes(one))
  const samples = inOrder.map((granularity) => ({
    granularity,
    value: value === undefined ? undefined : mask(granularity, value),
  }))
  return { definition, samples }
}
