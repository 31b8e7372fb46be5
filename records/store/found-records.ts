import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A record with its place, if it is sealed, and the time of the first checkpoint that covers it. */
export type FoundRecord = {
  readonly id: Id<'rec'>
  readonly kind: string
  readonly body: string
  readonly salt: Buffer
  readonly recordedAt: Date
  /** From 1. */
  readonly seq: number | undefined
  readonly signedAt: Date | undefined
}

type Row = {
  id: string
  kind: string
  body: string
  salt: Buffer
  recorded_at: Date
  seq: string | null
  signed_at: Date | null
}

/** Of these records those that a partner may have, or all when none is named: the same statement for the two. */
export async function selectFound(
  sql: Reader,
  { ids, partner }: { readonly ids: readonly Id<'rec'>[]; readonly partner: Id<'ptr'> | undefined },
): Promise<readonly FoundRecord[]> {
  const reader = partner === undefined ? null : uuidOf(partner)
  const rows = await sql<Row[]>`
    select r.id, r.kind, r.body, r.salt, r.recorded_at, s.seq, c.at as signed_at
    from records r
    left join seals s on s.record_id = r.id
    left join lateral (select c.at from checkpoints c where c.size >= s.seq order by c.size limit 1) c on true
    where r.id = any(${ids.map(uuidOf)}::text[]::uuid[]) and (${reader}::uuid is null or r.partner_id = ${reader}::uuid)`
  return rows.map(({ id, recorded_at, seq, signed_at, ...rest }) => ({
    ...rest,
    id: idOf('rec', id),
    recordedAt: recorded_at,
    seq: seq === null ? undefined : Number(seq),
    signedAt: signed_at ?? undefined,
  }))
}
