import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { errorCode } from '../embedded/error-code.ts'
import { fileDigest } from './hashed-file.ts'

/** A file that is not as it was backed up. */
export type WrongFile = { readonly file: string; readonly what: string }

const FILE = z.object({
  Path: z.string().min(1),
  Size: z.number().int().min(0),
  'Checksum-Algorithm': z.literal('SHA256'),
  Checksum: z.string().regex(/^[0-9a-f]{64}$/),
})
const LIST = z.object({ 'PostgreSQL-Backup-Manifest-Version': z.literal([1, 2]), Files: z.array(FILE) })

type ListedFile = z.infer<typeof FILE>

/** The write-ahead log is the one thing in an archive that PostgreSQL does not list. */
const UNLISTED = `pg_wal${path.sep}`

/**
 * Compares the files of an unpacked cluster with PostgreSQL's own list of them: none is missing, changed or new.
 * Source: PostgreSQL manual, “Backup Manifest Format”.
 */
export async function checkFiles(
  cluster: string,
  list: string,
  onBytes: (bytes: number) => void,
): Promise<readonly WrongFile[]> {
  const listed = filesOf(list)
  if (!listed) return [{ file: 'backup_manifest', what: 'it is not a list of files that PostgreSQL made' }]
  const wrong: WrongFile[] = []
  let done = 0
  for (const file of listed) {
    const what = await faultOf(cluster, file)
    if (what !== undefined) wrong.push({ file: file.Path, what })
    done += file.Size
    onBytes(done)
  }
  const known = new Set(listed.map((file) => path.normalize(file.Path)))
  for (const file of await filesIn(cluster)) {
    if (!known.has(file) && !file.startsWith(UNLISTED)) wrong.push({ file, what: 'it was not backed up' })
  }
  return wrong
}

function filesOf(list: string): readonly ListedFile[] | undefined {
  try {
    return LIST.parse(JSON.parse(list)).Files
  } catch {
    return undefined
  }
}

async function faultOf(cluster: string, { Path, Size, Checksum }: ListedFile): Promise<string | undefined> {
  const file = path.join(cluster, Path)
  try {
    const found = await lstat(file)
    if (!found.isFile()) return 'it is not a file'
    if (found.size !== Size) return `it has ${found.size} bytes instead of ${Size}`
    return (await fileDigest(file)) === Checksum ? undefined : 'its contents are not those that were backed up'
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return 'it is missing'
    throw error
  }
}

/** Everything in the folder that is no folder, by paths from it. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
}
