import type { Context } from '../../database/context.ts'
import { findLogKey } from '../log-key.ts'
import { type CheckpointClaim, readCheckpoint } from '../notes/checkpoint-text.ts'
import { type NoteVerifier, openNote } from '../notes/signed-note.ts'
import { selectCheckpoints } from '../store/checkpoints.ts'
import type { Findings } from './findings.ts'

/** What was signed for about the first records of the log, and where that stands. */
export type Claim = CheckpointClaim & {
  readonly where: string
  /** It was kept outside this database. */
  readonly kept: boolean
}

/** The claims about sizes behind `from`, up to `to`, in order of size. */
export type ClaimSource = (range: { readonly from: number; readonly to: number }) => Promise<readonly Claim[]>

/** The claims of the log's own checkpoints, and of notes that were kept elsewhere. Notes that prove nothing are findings. */
export async function readClaims(context: Context, kept: readonly string[], found: Findings): Promise<ClaimSource> {
  const read = noteReader(context, found)
  const outside: Claim[] = []
  for (const [index, note] of kept.entries()) {
    const claim = await read(`kept checkpoint no. ${index + 1}`, note)
    if (claim) outside.push({ ...claim, where: `kept checkpoint no. ${index + 1}`, kept: true })
  }
  return async ({ from, to }) => {
    const claims = outside.filter(({ size }) => size > from && size <= to)
    for (const { size, root, note } of await selectCheckpoints(context.database.reads, { from, to })) {
      const where = `checkpoint of ${size} records`
      const claim = await read(where, note)
      if (!claim) continue
      if (claim.size === size && claim.root.equals(root)) claims.push({ ...claim, where, kept: false })
      else found.add(where, 'its columns are not what was signed')
    }
    return claims.sort((a, b) => a.size - b.size)
  }
}

type NoteReader = (where: string, note: string) => Promise<CheckpointClaim | undefined>

/** Opens notes; the key of each log is fetched once. */
function noteReader(context: Context, { add }: Findings): NoteReader {
  const verifiers = new Map<string, NoteVerifier | undefined>()
  return async (where, note) => {
    const origin = note.slice(0, Math.max(0, note.indexOf('\n')))
    if (!verifiers.has(origin)) verifiers.set(origin, await verifierOf(context, origin))
    const verifier = verifiers.get(origin)
    const text = verifier && openNote(note, verifier)
    const claim = text === undefined ? undefined : readCheckpoint(text)
    if (!verifier) add(where, 'there is no sound key of the log that it names')
    else if (!claim) add(where, 'its signature is not the log’s')
    return claim
  }
}

/** A key that was tampered with is none. */
async function verifierOf(context: Context, origin: string): Promise<NoteVerifier | undefined> {
  try {
    return await findLogKey(context, origin)
  } catch (error) {
    context.log.error({ err: error, origin }, 'the key of the log cannot be read')
    return undefined
  }
}
