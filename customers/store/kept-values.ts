import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { type TagKeyRow, wrappedKeysOf } from '../sealing/store/tag-keys.ts'
import { type SealedValue, type TagPlace, tagKeysOf } from '../sealing/tag-keys.ts'
import type { RawTags } from './masked-tags.ts'

/** A value as a statement returns it: plain, or sealed. */
export type KeptValue = string | { readonly version: number; readonly sealed: string }

/** Values by `key:granularity`, as a statement returns them: still exact. */
export type KeptTags = Readonly<Record<string, KeptValue>>

/** Opens a value in its place; nothing for one that was changed or moved there, which is said loudly. */
export type OpenValue = (place: TagPlace, kept: KeptValue) => string | undefined

/** The value of `v` as JSON. */
export function keptValue(sql: Reader): Fragment {
  return sql`case when v.sealed is null then to_json(v.value)
    else json_build_object('version', v.key_version, 'sealed', encode(v.sealed, 'base64')) end`
}

/** Opens values that one statement returned, with the keys that it returned beside them. */
export function openerOf(
  { keyring, log }: Pick<Context, 'keyring' | 'log'>,
  keys: readonly TagKeyRow[] | null | undefined,
): OpenValue {
  const locks = tagKeysOf(keyring, wrappedKeysOf(keys))
  return (place, kept) => {
    if (typeof kept === 'string') return kept
    const value = locks.open(place, sealedOf(kept))
    if (value === undefined) {
      log.error(
        { tag: place.key, keyVersion: kept.version },
        'a sealed value of a tag does not open: it was changed or moved',
      )
    }
    return value
  }
}

/** The tags of one customer that open. */
export function openTags(open: OpenValue, customer: Id<'cus'>, tags: KeptTags | null): RawTags | null {
  if (tags === null) return null
  const opened: Record<string, string> = {}
  for (const [name, kept] of Object.entries(tags)) {
    const value = open({ customer, key: name.split(':')[0] ?? name }, kept)
    if (value !== undefined) opened[name] = value
  }
  return opened
}

function sealedOf({ version, sealed }: Exclude<KeptValue, string>): SealedValue {
  return { keyVersion: version, sealed: Buffer.from(sealed, 'base64') }
}
