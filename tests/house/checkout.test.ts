import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkoutRoot } from '../../tools/checkout-root.ts'

// What `.gitignore` keeps out of the repository.
const notCommitted = /^(\.git|node_modules|\.data|dist|coverage)$|\.log$/
// Put together here, so that this file does not hold what it looks for.
const machineFolders = ['work', 'root'].map((folder) => `/${folder}/`)

test('the lock file names no registry', () => {
  const lock = readFileSync(join(checkoutRoot, 'package-lock.json'), 'utf8')
  expect(lock).not.toMatch(/"resolved"/)
})

test('no committed text names a folder of one machine', () => {
  const files = textFilesUnder(checkoutRoot)
  expect(files.length).toBeGreaterThan(20)
  const guilty = files.filter((path) => machineFolders.some((folder) => readFileSync(path, 'utf8').includes(folder)))
  expect(guilty).toEqual([])
})

function textFilesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !notCommitted.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? textFilesUnder(path) : entry.isFile() && isText(path) ? [path] : []
    })
}

function isText(path: string): boolean {
  return !readFileSync(path).subarray(0, 8000).includes(0)
}
