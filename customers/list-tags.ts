import type { Context } from '../database/context.ts'
import { selectDefinitions } from './store/tag-definitions.ts'
import type { TagDefinition } from './tag-definition.ts'

/** The tags that may be asked for, by key; those that were retired are left out. There are some dozens. */
export async function listTags(context: Context): Promise<readonly TagDefinition[]> {
  const definitions = await selectDefinitions(context.database.reads)
  return definitions.flatMap(({ retiredAt, ...definition }) => (retiredAt ? [] : [definition]))
}
