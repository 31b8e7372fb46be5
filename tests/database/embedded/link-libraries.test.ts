import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, test } from 'vitest'
import { linkLibraries } from '../../../database/embedded/link-libraries.ts'
import { isRoot, makeScratch, NOBODY } from './scratch.ts'

test('links that npm did not make are made, relative, and only once', () => {
  const { native, elsewhere } = makePackage()
  expect(linkLibraries(native, elsewhere)).toBeUndefined()
  expect(linkLibraries(native, elsewhere)).toBeUndefined()
  expect(fs.readlinkSync(path.join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
  expect(fs.readFileSync(path.join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library')
  expect(fs.existsSync(elsewhere)).toBe(false)
})

test('where the package belongs to another user, the links are made elsewhere, and anew when it has moved', () => {
  const { folder, native, elsewhere } = makePackage()
  expect(linkAsOrdinaryUser(native, elsewhere)).toBe(elsewhere)
  expect(fs.readFileSync(path.join(elsewhere, 'libpq.so.5'), 'utf8')).toBe('library')
  expect(fs.readdirSync(path.join(native, 'lib'))).toEqual(['libpq.so.5.18'])
  fs.renameSync(path.join(folder, 'package'), path.join(folder, 'moved'))
  const moved = path.join(folder, 'moved', 'native')
  expect(linkAsOrdinaryUser(moved, elsewhere)).toBe(elsewhere)
  expect(fs.readFileSync(path.join(elsewhere, 'libpq.so.5'), 'utf8')).toBe('library')
})

test('a package without a list needs no links', () => {
  const { native, elsewhere } = makePackage()
  fs.rmSync(path.join(native, 'pg-symlinks.json'))
  expect(linkLibraries(native, elsewhere)).toBeUndefined()
})

/** A package as npm unpacks it, without its links. */
function makePackage(): { readonly folder: string; readonly native: string; readonly elsewhere: string } {
  const { folder } = makeScratch()
  const native = path.join(folder, 'package', 'native')
  fs.mkdirSync(path.join(native, 'lib'), { recursive: true })
  fs.writeFileSync(path.join(native, 'lib', 'libpq.so.5.18'), 'library')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }))
  fs.writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links))
  const data = path.join(folder, 'data')
  fs.mkdirSync(data)
  if (isRoot) fs.chownSync(data, NOBODY.uid, NOBODY.gid)
  return { folder, native, elsewhere: path.join(data, 'lib') }
}

/** Root may write everywhere, so it steps down for the while. */
function linkAsOrdinaryUser(native: string, elsewhere: string): string | undefined {
  fs.chmodSync(path.join(native, 'lib'), 0o555)
  if (isRoot) process.seteuid?.(NOBODY.uid)
  try {
    return linkLibraries(native, elsewhere)
  } finally {
    if (isRoot) process.seteuid?.(0)
    fs.chmodSync(path.join(native, 'lib'), 0o755)
  }
}
