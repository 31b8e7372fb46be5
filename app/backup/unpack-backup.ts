import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { ARCHIVE, FILE_LIST } from '../../database/backup/base-backup.ts'
import { checkFiles } from '../../database/backup/check-files.ts'
import { fileDigest, type WrittenFile } from '../../database/backup/hashed-file.ts'
import { unpackCluster } from '../../database/backup/unpack-cluster.ts'
import { errorCode } from '../../database/embedded/error-code.ts'
import type { Finding } from '../../records/verify/findings.ts'
import type { Watch } from '../commands/progress.ts'
import type { BackupManifest } from './manifest.ts'

export type UnpackBackup = {
  readonly backup: string
  readonly manifest: BackupManifest
  /** A data folder without a database. */
  readonly dataDir: string
  readonly watch: Watch
}

const CHANGED = 'its contents are not those that were backed up'

/** Unpacks the database of a backup, and says which files are not as they were backed up. */
export async function unpackBackup(input: UnpackBackup): Promise<readonly Finding[]> {
  const { backup, manifest } = input
  const known = new Map(manifest.files.map((file) => [file.name, file]))
  const [archive, list] = [known.get(ARCHIVE), known.get(FILE_LIST)]
  if (!archive || !list) return [{ where: 'manifest.json', what: `it does not name ${ARCHIVE} and ${FILE_LIST}` }]
  const sizes = await Promise.all(manifest.files.map((file) => checkSize(backup, file)))
  const found = sizes.flat()
  if (found.length > 0) return found
  if ((await fileDigest(path.join(backup, FILE_LIST))) !== list.sha256) return [{ where: FILE_LIST, what: CHANGED }]
  return unpack(input, archive)
}

async function checkSize(backup: string, { name, bytes }: WrittenFile): Promise<readonly Finding[]> {
  try {
    const { size } = await stat(path.join(backup, name))
    return size === bytes ? [] : [{ where: name, what: `it has ${size} bytes instead of ${bytes}` }]
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    return [{ where: name, what: 'it is missing' }]
  }
}

/** The archive is hashed while it is unpacked; its files are hashed again from where they were written to. */
async function unpack(
  { backup, manifest, dataDir, watch }: UnpackBackup,
  { bytes: total, sha256 }: WrittenFile,
): Promise<readonly Finding[]> {
  const archive = path.join(backup, ARCHIVE)
  const unpacked = await watch('unpack', (onProgress) => {
    const onBytes = (done: number): void => onProgress({ done, total })
    return unpackCluster({ dataDir, archive, postgresql: manifest.postgresql, onBytes })
  })
  if (unpacked.complaint !== undefined) {
    return [{ where: ARCHIVE, what: `it cannot be unpacked: ${unpacked.complaint.split('\n')[0]}` }]
  }
  const list = await readFile(path.join(backup, FILE_LIST), 'utf8')
  const wrong = await watch('files', (onProgress) =>
    checkFiles(unpacked.cluster, list, (done) => onProgress({ done, total: Math.max(done, total) })),
  )
  const files = wrong.map(({ file, what }) => ({ where: `file ${file}`, what }))
  if (files.length > 0 || unpacked.sha256 === sha256) return files
  return [{ where: ARCHIVE, what: 'all listed files in it are sound, but its write-ahead log or its form was changed' }]
}
