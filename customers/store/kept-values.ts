import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import type { Supply } from '../customer-view.ts'
import { type TagKeyRow, wrappedKeysOf } from '../sealing/store/tag-keys.ts'
import { type TagPlace, tagKeysOf } from '../sealing/tag-keys.ts'

/** A value as a statement returns it: the broker's own and plain, sealed, or supplied by a partner. */
export type KeptValue = string | { readonly version: number; readonly sealed: string } | SuppliedValue

type SuppliedValue = {
  readonly value: string | null
  readonly version: number | null
  readonly sealed: string | null
  readonly supplier: string
  readonly at: string
  readonly quality: number
}

/** Values by `key:granularity`, as a statement returns them: still exact. */
export type KeptTags = Readonly<Record<string, KeptValue>>

/** A value, opened: still exact. */
export type OpenedValue = { readonly value: string; readonly supply: Supply | undefined }

/** Opens a value in its place; nothing for one that was changed or moved there, which is said loudly. */
export type OpenValue = (place: TagPlace, kept: KeptValue) => OpenedValue | undefined

/** The value of `v` as JSON. */
export function keptValue(sql: Reader): Fragment {
  return sql`case
    when v.supplier_id <> nobody() then json_build_object(
      'value', v.value, 'version', v.key_version, 'sealed', encode(v.sealed, 'base64'),
      'supplier', v.supplier_id, 'at', v.observed_at, 'quality', v.quality)
    when v.sealed is null then to_json(v.value)
    else json_build_object('version', v.key_version, 'sealed', encode(v.sealed, 'base64')) end`
}

/** Opens values that one statement returned, with the keys that it returned beside them. */
export function openerOf(
  { keyring, log }: Pick<Context, 'keyring' | 'log'>,
  keys: readonly TagKeyRow[] | null | undefined,
): OpenValue {
  const locks = tagKeysOf(keyring, wrappedKeysOf(keys))
  const open: OpenValue = (place, kept) => {
    if (typeof kept === 'string') return { value: kept, supply: undefined }
    if ('supplier' in kept) return supplied(open, place, kept)
    const value = locks.open(place, { keyVersion: kept.version, sealed: Buffer.from(kept.sealed, 'base64') })
    if (value !== undefined) return { value, supply: undefined }
    const fields = { tag: place.key, keyVersion: kept.version }
    log.error(fields, 'a sealed value of a tag does not open: it was changed or moved')
    return undefined
  }
  return open
}

/** The tags of one customer that open. */
export function openTags(
  open: OpenValue,
  customer: Id<'cus'>,
  tags: KeptTags | null,
): Readonly<Record<string, OpenedValue>> | null {
  if (tags === null) return null
  const opened: Record<string, OpenedValue> = {}
  for (const [name, kept] of Object.entries(tags)) {
    const value = open({ customer, key: name.split(':')[0] ?? name }, kept)
    if (value !== undefined) opened[name] = value
  }
  return opened
}

function supplied(open: OpenValue, place: TagPlace, kept: SuppliedValue): OpenedValue | undefined {
  const { value, version, sealed, quality } = kept
  const supplier = idOf('ptr', kept.supplier)
  const plain = sealed === null ? (value ?? '') : { version: version ?? 0, sealed }
  const opened = open({ ...place, supplier }, plain)
  return opened && { ...opened, supply: { supplier, observedAt: new Date(kept.at), quality } }
}
