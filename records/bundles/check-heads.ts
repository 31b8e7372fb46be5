import { verifyConsistency } from '../merkle/verify-proofs.ts'
import { type CheckpointClaim, readCheckpoint } from '../notes/checkpoint-text.ts'
import { type NoteVerifier, openNote } from '../notes/signed-note.ts'
import type { Bundle } from './bundle.ts'
import { bytesOf, bytesOfAll, type Says } from './check.ts'

/** What a checkpoint says whose signature was checked. */
export type SignedClaim = CheckpointClaim

/** What a note claims, if this key has signed it, and for the log of its name. */
export function signedClaim(note: string, verifier: NoteVerifier): SignedClaim | undefined {
  const text = openNote(note, verifier)
  const claim = text === undefined ? undefined : readCheckpoint(text)
  return claim?.origin === verifier.name ? claim : undefined
}

const NOTHING: Says = { wrong: 'there is no signed checkpoint to compare it with' }

/** Whether the bundle's earlier checkpoint is signed, and its log is the beginning of the later one. */
export function checkEarlier(
  { checkpoint, proof }: NonNullable<Bundle['earlier']>,
  later: SignedClaim | undefined,
  verifier: NoteVerifier | undefined,
): Says {
  if (!later || !verifier) return NOTHING
  const earlier = signedClaim(checkpoint, verifier)
  if (!earlier) return { wrong: 'the earlier checkpoint is not signed with this key' }
  if (!verifyConsistency({ earlier, later, proof: bytesOfAll(proof) })) {
    return { wrong: `the log of ${later.size} records is not proven to begin with the ${earlier.size} signed before` }
  }
  return { ok: `the log begins with the ${earlier.size} records signed before` }
}

/** Whether the log begins with the one of a checkpoint that was kept, by the proof that the bundle brings. */
export function checkKept(
  note: string,
  {
    bundle: { earlier },
    claim: later,
    verifier,
  }: {
    readonly bundle: Bundle
    readonly claim: SignedClaim | undefined
    readonly verifier: NoteVerifier | undefined
  },
): Says {
  if (!later || !verifier) return NOTHING
  const kept = signedClaim(note, verifier)
  if (!kept) return { wrong: 'the checkpoint that you kept is not signed with this key' }
  if (kept.size > later.size) return { wrong: `you kept one of ${kept.size} records: ask for a bundle as new as that` }
  // a proof is between two sizes only: one for another size fails here
  const proof = kept.size === later.size || kept.size === 0 ? [] : (earlier?.proof ?? [])
  if (verifyConsistency({ earlier: kept, later, proof: bytesOfAll(proof) })) {
    return { ok: `the log begins with the ${kept.size} records of the checkpoint that you kept` }
  }
  return {
    wrong: `the bundle does not prove that the log begins with the ${kept.size} records of the checkpoint that you kept`,
  }
}

/** Whether an anchor is of the same log. Whether it stands on its chain is for somebody who asks the chain. */
export function checkAnchor(anchor: NonNullable<Bundle['anchor']>, claim: SignedClaim | undefined): Says {
  if (!claim) return NOTHING
  const { size, contract, chainId } = anchor
  const anchored = { size, root: bytesOf(anchor.root) }
  const [earlier, later] = size <= claim.size ? [anchored, claim] : [claim, anchored]
  if (!verifyConsistency({ earlier, later, proof: bytesOfAll(anchor.proof ?? []) })) {
    return { wrong: `the anchored root of ${size} records is not proven to be of the same log` }
  }
  return { unchecked: `of the same log; contract ${contract} on chain ${chainId} was not asked` }
}
