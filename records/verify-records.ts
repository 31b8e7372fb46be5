import type { Context } from '../database/context.ts'
import { EMPTY_TREE, rootOf, type Tree } from './merkle/tiles.ts'
import { selectLatestCheckpoint } from './store/checkpoints.ts'
import { selectSealHead } from './store/seals.ts'
import { checkHead } from './verify/check-head.ts'
import { checkStrays } from './verify/check-strays.ts'
import { checkedPlaces } from './verify/checked-places.ts'
import { type ClaimSource, readClaims } from './verify/claims.ts'
import { type Finding, type Findings, findings } from './verify/findings.ts'
import { type Walked, walkLog } from './verify/walk-log.ts'

export type VerifyProgress = { readonly done: number; readonly total: number }

export type VerifyOptions = {
  readonly onProgress?: (progress: VerifyProgress) => void
  /** Signed checkpoints that were kept outside: what a log that was cut off as a whole is held against. */
  readonly kept?: readonly string[]
  /** Stops at the next opportunity; its reason is thrown. */
  readonly signal?: AbortSignal
  /** Threads that share the work; by default as many as there are cores, and none for a small log. */
  readonly threads?: number
}

/** What the log was found to be. */
export type LogReport = {
  /** Empty when the log is sound. */
  readonly findings: readonly Finding[]
  /** How many records it has, and the root over them as they were hashed again. */
  readonly size: number
  readonly root: Buffer
  /** Checkpoints, its own and those kept outside, that it agrees with. */
  readonly checkpoints: number
}

const EVERYTHING = Number.MAX_SAFE_INTEGER

/**
 * Checks the whole log, and says what is wrong and where; nothing found means that it is as it was signed. Each record
 * is hashed again, places have no gaps, columns say what bodies say, the tree is computed anew and compared with the
 * stored one and with every signed checkpoint, and no record was passed over. It may run beside writers and sealers, it
 * uses all cores, and its memory does not grow with the log. Source: DESIGN invariants 6 to 8; RFC 9162; ADR 0008.
 */
export async function verifyLog(context: Context, options: VerifyOptions = {}): Promise<LogReport> {
  const { reads } = context.database
  const found = findings()
  // in this order: whatever is signed for is sealed already
  const latest = await selectLatestCheckpoint(reads)
  const head = await selectSealHead(reads)
  if (!head) found.add('the sealer', 'its head is missing')
  const stored: Tree = head?.tree ?? { ...EMPTY_TREE, size: latest?.size ?? 0 }
  const claims = await readClaims(context, options.kept ?? [], found)
  const walked = await walk(context, { ...options, stored, claims, found })
  await checkSignedFor(claims, { sealed: stored.size, signed: latest?.size ?? 0 }, found)
  if (head) checkHead(head, walked, found)
  await checkStrays(context, { head, walked }, found)
  return { findings: found.list(), size: stored.size, root: rootOf(walked.tree), checkpoints: walked.claims }
}

/** What is wrong with the log, and where: the findings of {@link verifyLog}. */
export async function verifyRecords(context: Context, options: VerifyOptions = {}): Promise<readonly Finding[]> {
  return (await verifyLog(context, options)).findings
}

type WalkInput = VerifyOptions & { readonly stored: Tree; readonly claims: ClaimSource; readonly found: Findings }

async function walk(context: Context, { stored, claims, found, ...options }: WalkInput): Promise<Walked> {
  const { signal, threads, onProgress } = options
  const { database } = context
  return walkLog({
    context,
    checked: checkedPlaces({ database, stored, signal, threads }),
    claims,
    found,
    onPlaces: (done) => onProgress?.({ done, total: stored.size }),
  })
}

/** A log that was cut off has fewer records than were signed for. */
async function checkSignedFor(
  claims: ClaimSource,
  { sealed, signed }: { readonly sealed: number; readonly signed: number },
  { add }: Findings,
): Promise<void> {
  // checkpoints beyond `signed` were made meanwhile; what was kept outside counts whatever it says
  const beyond = await claims({ from: sealed, to: EVERYTHING })
  const missing = beyond.filter(({ size, kept }) => kept || size <= signed)
  for (const { where, size } of missing) add(where, `${size} records were signed for, and only ${sealed} are sealed`)
}
