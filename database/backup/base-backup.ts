import { randomBytes } from 'node:crypto'
import { addAbortSignal, type Readable } from 'node:stream'
import type pg from 'pg'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { DatabaseAddress } from '../client.ts'
import { readArchiveMessage } from './archive-message.ts'
import { copyOut } from './copy-out.ts'
import { type HashedFile, openHashedFile, type WrittenFile } from './hashed-file.ts'
import { refusalOf, replicationClient } from './replication-client.ts'

/** The cluster's files, and the write-ahead log of what happened while they were copied. */
export const ARCHIVE = 'base.tar'
/** PostgreSQL's own list of the files in the archive, with their checksums. */
export const FILE_LIST = 'backup_manifest'

export type BaseBackup = {
  readonly address: DatabaseAddress
  /** An empty folder of ours, which takes the two files. */
  readonly folder: string
  readonly onBytes?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** WAL: the archive has all that recovery needs, so that it stands for itself. */
const COMMAND = `BASE_BACKUP (LABEL 'tributary', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')`

/**
 * Copies a running cluster over the replication protocol: writers go on, and what is restored stands as at the instant
 * at which the copy ended. The role must be one that may replicate. Any complaint of the server fails it, also one about
 * the checksums of its pages. Throws `UNSUPPORTED` when the server does not give a backup, `DATABASE_UNAVAILABLE` when it
 * goes away, and the system's error when a file cannot be written. Source: PostgreSQL manual, “Streaming Replication Protocol”.
 */
export async function baseBackup(backup: BaseBackup): Promise<readonly WrittenFile[]> {
  const client = replicationClient(backup.address, 'tributary:backup')
  try {
    return await writeFiles(await begin(client, backup.signal), backup)
  } finally {
    await client.end()
  }
}

async function begin(client: pg.Client, signal: AbortSignal | undefined): Promise<Readable> {
  // keeps the server from recycling the log that the copy still needs; it goes with the connection
  const slot = `tributary_backup_${randomBytes(6).toString('hex')}`
  try {
    await client.connect()
    await client.query(`CREATE_REPLICATION_SLOT ${slot} TEMPORARY PHYSICAL (RESERVE_WAL)`)
  } catch (error) {
    throw refusalOf(error)
  }
  const messages = copyOut(client, COMMAND)
  return signal === undefined ? messages : addAbortSignal(signal, messages)
}

async function writeFiles(messages: Readable, { folder, onBytes }: BaseBackup): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = []
  let file: HashedFile | undefined
  let total = 0
  try {
    for await (const bytes of messages) {
      const message = readArchiveMessage(bytes)
      if (message.kind === 'data') {
        invariant(file, 'a base backup names an archive before its data')
        await file.write(message.bytes)
        total += message.bytes.length
        onBytes?.(total)
      } else if (message.kind !== 'progress') {
        if (file) written.push(await file.end())
        file = await openHashedFile(folder, nameOf(message))
      }
    }
    if (file) written.push(await file.end())
    return written
  } catch (error) {
    await file?.close()
    throw error
  }
}

function nameOf(message: { readonly kind: 'archive'; readonly name: string } | { readonly kind: 'manifest' }): string {
  if (message.kind === 'manifest') return FILE_LIST
  if (message.name === ARCHIVE) return ARCHIVE
  throw new Fault('UNSUPPORTED', 'the database has tablespaces outside its folder: back it up with pg_basebackup')
}
