import { hash } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { appendEntries, EMPTY_TREE, rootOf, type Tree } from '../merkle/tiles.ts'
import { readCheckpoint } from '../notes/checkpoint-text.ts'
import { type NoteVerifier, openNote } from '../notes/signed-note.ts'
import { ownerOf } from '../personal-data.ts'
import { type RecordBody, readBody } from '../record-body.ts'
import { type CheckpointLine, type LogHeader, logHeader, logLine, type RecordLine } from './file-format.ts'
import { refuseOtherMasterKey } from './master-key-mark.ts'
import { type OnBytes, parseLine, readLines } from './read-lines.ts'

export type CheckedLog = {
  readonly header: LogHeader
  readonly checkpoints: number
  /** Customers whom the log says were erased: their keys are not taken in, whatever file they stand in. */
  readonly erased: ReadonlySet<Id<'cus'>>
}

type Check = {
  readonly context: Context
  readonly header: LogHeader
  readonly verifiers: ReadonlyMap<string, NoteVerifier>
  readonly erased: Set<Id<'cus'>>
  tree: Tree
  /** Commitments that are not in the tree yet. */
  coming: Buffer[]
  last: { readonly tx: bigint; readonly id: string }
  checkpoints: number
}

/** So many commitments go into the tree together. */
const TOGETHER = 4096

/**
 * Reads a log file from its first line to its last, before anything of it is taken in: each record is the one that its
 * commitment is of, they stand in the log's order without gaps, and they make the root of the header and of each checkpoint.
 * Signatures are checked where the log's key is given. Throws `INVALID_INPUT` with the number of the line at fault.
 */
export async function checkLogFile(
  context: Context,
  file: string,
  { verifiers, onBytes }: { readonly verifiers: ReadonlyMap<string, NoteVerifier>; readonly onBytes?: OnBytes },
): Promise<CheckedLog> {
  let check: Check | undefined
  for await (const line of readLines(file, onBytes)) {
    if (check === undefined) {
      check = begin(context, parseLine(logHeader, line), verifiers)
      continue
    }
    const value = parseLine(logLine, line)
    const problem = 'note' in value ? checkpointProblem(check, value) : recordProblem(check, value)
    if (problem !== undefined) throw new Fault('INVALID_INPUT', `line ${line.number}: ${problem}`)
  }
  if (check === undefined) throw new Fault('INVALID_INPUT', `${file} is empty`)
  const { header, tree, checkpoints, erased } = grown(check)
  if (tree.size !== header.size) {
    throw new Fault('INVALID_INPUT', `the file ends after ${tree.size} of ${header.size} records`)
  }
  if (rootOf(tree).toString('hex') !== header.root) {
    throw new Fault('INVALID_INPUT', 'the records do not make the root that the first line says')
  }
  return { header, checkpoints, erased }
}

function begin(context: Context, header: LogHeader, verifiers: Check['verifiers']): Check {
  refuseOtherMasterKey(context, header.masterKey)
  const last = { tx: -1n, id: '' }
  return { context, header, verifiers, erased: new Set(), tree: EMPTY_TREE, coming: [], last, checkpoints: 0 }
}

function recordProblem(check: Check, { seq, tx, commitment, salt, body: text }: RecordLine): string | undefined {
  const { header, last, coming } = check
  const place = check.tree.size + coming.length + 1
  if (seq !== place) return `the record in place ${place} is expected, and this is ${seq}`
  const bytes = Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(text)])
  if (hash('sha256', bytes, 'hex') !== commitment) return 'its body or salt is not the one that was sealed'
  const body = tryReadBody(text)
  if (body === undefined) return 'its body is not one that this version reads'
  const here = { tx: BigInt(tx), id: uuidOf(body.id) }
  if (here.tx < last.tx || (here.tx === last.tx && here.id <= last.id)) return 'it is not in the log’s order'
  if (here.tx >= BigInt(header.nextTx)) return 'its transaction is none that had begun when the file was written'
  check.last = here
  coming.push(Buffer.from(commitment, 'hex'))
  if (coming.length === TOGETHER) grown(check)
  if (body.kind === 'customer') noteErased(check, body)
  return undefined
}

function noteErased({ context, erased }: Check, body: RecordBody): void {
  const owner = ownerOf(context, body)
  if (owner !== undefined && body.data['event'] === 'ERASED') erased.add(owner)
}

function checkpointProblem(check: Check, { size, root, note }: CheckpointLine): string | undefined {
  const { tree, verifiers } = grown(check)
  check.checkpoints += 1
  if (size !== tree.size) return `a checkpoint of ${size} records stands behind ${tree.size}`
  const claim = readCheckpoint(note)
  if (claim?.size !== size || claim.root.toString('hex') !== root) return 'the checkpoint is not what was signed'
  if (rootOf(tree).toString('hex') !== root) return `the first ${size} records are not those that were signed for`
  const verifier = verifiers.get(claim.origin)
  return verifier !== undefined && openNote(note, verifier) === undefined ? 'its signature is not the log’s' : undefined
}

/** The check with all that has come in the tree. */
function grown(check: Check): Check {
  check.tree = appendEntries(check.tree, Buffer.concat(check.coming)).tree
  check.coming = []
  return check
}

function tryReadBody(text: string): RecordBody | undefined {
  try {
    return readBody(text)
  } catch {
    return undefined
  }
}
