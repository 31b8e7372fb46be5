import type { Reader } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import type { SharedTag } from './granularity.ts'
import { type Permission, selectPermissions } from './store/permitted-tags.ts'

/** What one partner asks for or is given, for one purpose. */
export type Wished = { readonly partner: Id<'ptr'>; readonly purpose: string; readonly tags: readonly SharedTag[] }

/**
 * Refuses what a partner may not ask for, whatever the purpose's catalogue has: tags of a category that is not active for
 * it, where agreements in force name data, tags that none of them names for this purpose, and for a purpose that is made for
 * supplying, tags that the partner may not supply. Throws `INVALID_INPUT` with
 * the first tag. Source: ADR 0034.
 */
export async function refuseUnpermitted(sql: Reader, { partner, purpose, tags }: Wished): Promise<void> {
  const keys = tags.map(({ key }) => key)
  const permissions = new Map((await selectPermissions(sql, { partner, purpose, keys })).map((one) => [one.key, one]))
  tags.forEach(({ key }, index) => {
    const problem = problemOf(permissions.get(key), purpose)
    if (problem === undefined) return
    const field = `tags.${index}`
    throw new Fault('INVALID_INPUT', `${field}: tag ${key} ${problem}`, { field })
  })
}

function problemOf(permission: Permission | undefined, purpose: string): string | undefined {
  if (permission === undefined) return 'is not known'
  const { category, capable, agreed, supply, supplies } = permission
  if (!capable) return `may not be asked: the partner's capability for ${JSON.stringify(category)} is not active`
  if (supply && !supplies) return 'may not be supplied: its definition does not name the partner as a supplier'
  return agreed ? undefined : `may not be asked: no agreement of the partner names it for ${purpose}`
}
