import { verifyInclusion } from '../merkle/verify-proofs.ts'
import type { RecordBody } from '../record-body.ts'
import type { Bundle } from './bundle.ts'
import { bytesOf, bytesOfAll, leafOf, type Says } from './check.ts'

/** Whether a disclosure is in the batch whose root the record holds. */
export function checkDisclosure(
  { row, salt, index, count, proof }: NonNullable<Bundle['disclosure']>,
  record: RecordBody | undefined,
): Says {
  if (record?.kind !== 'disclosure_batch') return { wrong: 'the record is not of a batch of disclosures' }
  const { root, count: recorded } = record.data
  if (recorded !== String(count)) return { wrong: `the batch has ${String(recorded)} disclosures, not ${count}` }
  const leaf = leafOf(bytesOf(salt), row)
  const claim = { index, size: count, leaf, root: Buffer.from(String(root), 'hex'), proof: bytesOfAll(proof) }
  if (!verifyInclusion(claim)) return { wrong: 'row, salt, place and proof do not lead to the root of the batch' }
  return { ok: `it stands in place ${index + 1} of ${count} of its batch` }
}
