import { createHmac } from 'node:crypto'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { ReadEntry } from './files/read-statement.ts'

/**
 * Tells the entries of one account apart, whichever files they come in; one reader for each statement. An entry that the
 * bank gave a reference of its own is that entry however often it stands in a file. Without one, it is its dates, amount and
 * texts, and equal ones in a statement are counted: two coffees on one day are two, and the same file again adds none.
 * Keyed, because account numbers may stand in the texts. Source: ATTACKS 25, ADR 0024.
 */
export function identityReader(key: Uint8Array): (entry: ReadEntry) => string {
  const seen = new Map<string, number>()
  return (entry) => {
    const digest = (occurrence: number) =>
      createHmac('sha256', key)
        .update(canonicalJson({ ...contentOf(entry), occurrence: BigInt(occurrence) }))
        .digest('hex')
    if (entry.bankReference !== undefined || entry.entryReference !== undefined) return digest(0)
    const bare = digest(0)
    const occurrence = (seen.get(bare) ?? 0) + 1
    seen.set(bare, occurrence)
    return digest(occurrence)
  }
}

/** Banks use references again: the date and the amount stand beside them, and what the payment is known by. */
function contentOf({ bookedOn, minor, bankReference, entryReference, parts }: ReadEntry) {
  const [part] = parts
  const endToEndId = parts.length === 1 ? (part?.references.endToEndId ?? null) : null
  const common = { bookedOn, minor, endToEndId }
  if (bankReference !== undefined) return { ...common, bankReference }
  if (entryReference !== undefined) return { ...common, entryReference }
  return { ...common, name: part?.counterparty.name ?? null, remittance: part?.counterparty.remittance ?? null }
}
