import { verifyInclusion } from '../merkle/verify-proofs.ts'
import { type NoteVerifier, readVerifier } from '../notes/signed-note.ts'
import { type RecordBody, readBody } from '../record-body.ts'
import { type Bundle, bundleSchema } from './bundle.ts'
import { type BundleCheck, bytesOf, bytesOfAll, checkOf, leafOf, type Says } from './check.ts'
import { checkDisclosure } from './check-disclosure.ts'
import { checkAnchor, checkEarlier, checkKept, type SignedClaim, signedClaim } from './check-heads.ts'

export type BundleVerdict = {
  /** Everything that was given holds. */
  readonly sound: boolean
  readonly checks: readonly BundleCheck[]
  /** What the record says of itself; it counts only when the bundle is sound. */
  readonly record: RecordBody | undefined
}

/** What whoever checks has from elsewhere: the log's public key, and a checkpoint that was kept. */
export type Trusted = { readonly key?: string | undefined; readonly kept?: string | undefined }

/**
 * Checks a bundle as an outsider would, trusting nothing in it: the record is hashed anew. Without a key of one's own the
 * bundle's is used, and that is said. Pure: the chain of an anchor is not asked.
 */
export function verifyBundle(document: unknown, trusted: Trusted = {}): BundleVerdict {
  const parsed = bundleSchema.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const why = `${issue?.path.map(String).join('.') || 'the document'}: ${issue?.message ?? 'not understood'}`
    return { sound: false, checks: [checkOf('form', { wrong: why })], record: undefined }
  }
  const bundle = parsed.data
  const record = readRecord(bundle.record.body)
  const checks = [checkOf('record', record ? { ok: tell(record) } : { wrong: 'its body is not one of a record' })]
  checks.push(...checkTree(bundle, trusted))
  if (bundle.disclosure) checks.push(checkOf('disclosure', checkDisclosure(bundle.disclosure, record)))
  return { sound: checks.every(({ result }) => result !== 'wrong'), checks, record }
}

/** What is no body of a record is `undefined`: here that is the sender's fault, not ours. */
function readRecord(text: string): RecordBody | undefined {
  try {
    return readBody(text)
  } catch {
    return undefined
  }
}

function tell({ id, kind, at, partner }: RecordBody): string {
  return `${id}, ${kind}, ${at}${partner === undefined ? '' : `, of ${partner}`}`
}

function checkTree(bundle: Bundle, { key, kept }: Trusted): readonly BundleCheck[] {
  const verifier = readVerifier(key ?? bundle.key)
  const claim = verifier && signedClaim(bundle.checkpoint, verifier)
  return [
    checkOf('key', checkKey(bundle.key, key, verifier)),
    checkOf('signature', claim ? { ok: `${claim.origin} signed for ${claim.size} records` } : { wrong: UNSIGNED }),
    checkOf('inclusion', checkInclusion(bundle, claim)),
    ...(bundle.earlier ? [checkOf('earlier', checkEarlier(bundle.earlier, claim, verifier))] : []),
    ...(kept === undefined ? [] : [checkOf('kept', checkKept(kept, { bundle, claim, verifier }))]),
    ...(bundle.anchor ? [checkOf('anchor', checkAnchor(bundle.anchor, claim))] : []),
  ]
}

const UNSIGNED = 'the checkpoint is not signed with this key'

function checkKey(own: string, given: string | undefined, verifier: NoteVerifier | undefined): Says {
  if (!verifier) return { wrong: 'it is not the public key of a log' }
  if (given === undefined) return { unchecked: 'it is the bundle’s own: compare it with the one that you were given' }
  return given === own ? { ok: 'it is the one that you gave' } : { wrong: 'the bundle’s is not the one that you gave' }
}

function checkInclusion({ record, inclusion }: Bundle, claim: SignedClaim | undefined): Says {
  if (!claim) return { wrong: 'there is no signed root to lead to' }
  const { index, size, proof } = inclusion
  if (size !== claim.size) return { wrong: `the proof is for ${size} records, the checkpoint for ${claim.size}` }
  const leaf = leafOf(bytesOf(record.salt), record.body)
  const holds = verifyInclusion({ index, size, leaf, root: claim.root, proof: bytesOfAll(proof) })
  if (!holds) return { wrong: 'body, salt, place and proof do not lead to the signed root' }
  return { ok: `it stands in place ${index + 1} of ${size}` }
}
