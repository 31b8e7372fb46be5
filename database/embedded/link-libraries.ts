import * as fs from 'node:fs'
import * as path from 'node:path'
import { errorCode } from './error-code.ts'

type Link = { readonly source: string; readonly target: string }

/**
 * Makes the links by which the binaries find their libraries: npm packages carry no links, and install scripts, which
 * would make them, may be switched off. Where the package may not be written (root installed, another user runs), the
 * links are made in `elsewhere`, and that folder is returned, for the loader's search path.
 */
export function linkLibraries(native: string, elsewhere: string): string | undefined {
  const missing = readLinks(native).filter(({ target }) => !fs.existsSync(target))
  try {
    for (const { source, target } of missing) link(path.relative(path.dirname(target), source), target)
    return undefined
  } catch (error) {
    if (!NOT_OURS.has(errorCode(error) ?? '')) throw error
    linkElsewhere(missing, elsewhere)
    return elsewhere
  }
}

const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS'])

/** The list names paths from the package's root, e.g. `native/lib/libpq.so.5`. */
function readLinks(native: string): readonly Link[] {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return []
  const entries: unknown = JSON.parse(fs.readFileSync(list, 'utf8'))
  const root = path.dirname(native)
  return (Array.isArray(entries) ? entries : [])
    .filter(isLink)
    .map(({ source, target }) => ({ source: path.join(root, source), target: path.join(root, target) }))
}

function isLink(entry: unknown): entry is Link {
  if (typeof entry !== 'object' || entry === null) return false
  return 'source' in entry && typeof entry.source === 'string' && 'target' in entry && typeof entry.target === 'string'
}

/** A link appears whole or not at all, so it does not matter which of two processes made it. */
function link(to: string, at: string): void {
  try {
    fs.symlinkSync(to, at)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** The package may have moved since the links were made: they are made anew each time (under the start lock). */
function linkElsewhere(links: readonly Link[], folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { mode: 0o755 })
  for (const { source, target } of links) link(source, path.join(folder, path.basename(target)))
}
