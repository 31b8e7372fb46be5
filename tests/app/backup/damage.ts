import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BackupManifest } from '../../../app/backup/manifest.ts'

const BLOCK = 512

/** A member of an archive: where its header is, and how long its contents are. */
type Member = { readonly name: string; readonly at: number; readonly size: number }

/** Lets a backup's archive be changed byte by byte; what is left is written back. */
export async function changeArchive(
  backup: string,
  change: (archive: Buffer, members: readonly Member[]) => Buffer,
): Promise<void> {
  const file = path.join(backup, 'base.tar')
  const archive = await readFile(file)
  await writeFile(file, change(archive, membersOf(archive)))
}

/** Flips a bit in the middle of a member. */
export function flip(archive: Buffer, { at, size }: Member): Buffer {
  const place = at + BLOCK + Math.floor(size / 2)
  archive.writeUInt8(archive.readUInt8(place) ^ 1, place)
  return archive
}

/** Takes a member out. */
export function remove(archive: Buffer, { at, size }: Member): Buffer {
  return Buffer.concat([archive.subarray(0, at), archive.subarray(at + BLOCK + padded(size))])
}

/** A copy of a member under another name. */
export function renamed(archive: Buffer, { at, size }: Member, name: string): Buffer {
  const copy = Buffer.from(archive.subarray(at, at + BLOCK + padded(size)))
  copy.fill(0, 0, 100).write(name)
  // the sum over the header's bytes, taken with spaces in its own place
  copy.fill(' ', 148, 156)
  const sum = copy.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0)
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return copy
}

/** What a test is looking for among the members; a test that does not find it has failed. */
export function one(members: readonly Member[], is: (member: Member) => boolean): Member {
  const found = members.find(is)
  if (!found) throw new Error('the archive has no such member')
  return found
}

/** Writes the manifest anew, as somebody would who wants it to agree with what was changed. */
export async function changeManifest(
  backup: string,
  change: (manifest: BackupManifest) => Partial<BackupManifest>,
): Promise<void> {
  const file = path.join(backup, 'manifest.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as BackupManifest
  await writeFile(file, JSON.stringify({ ...manifest, ...change(manifest) }))
}

/** Lets the manifest agree with the files as they are now. */
export async function agree(backup: string): Promise<void> {
  const names = ['base.tar', 'backup_manifest']
  const contents = await Promise.all(names.map((name) => readFile(path.join(backup, name))))
  const files = contents.map((bytes, index) => ({
    name: names[index] ?? '',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
  await changeManifest(backup, () => ({ files }))
}

/** Headers hold the name in their first hundred bytes and the size in octal at 124. Source: POSIX pax, ustar. */
function membersOf(archive: Buffer): readonly Member[] {
  const members: Member[] = []
  for (let at = 0; archive[at]; ) {
    const name = archive.toString('utf8', at, archive.indexOf(0, at))
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8)
    members.push({ name, at, size })
    at += BLOCK + padded(size)
  }
  return members
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}
