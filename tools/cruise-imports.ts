import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult, type IViolation } from 'dependency-cruiser'
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { checkoutRoot } from './checkout-root.ts'

/** What one reading of the imports found; `unread` are source files on disk that were not read. */
export type ImportReport = {
  readonly modulesRead: number
  readonly unread: readonly string[]
  readonly violations: readonly ImportViolation[]
}

export type ImportViolation = { readonly rule: string; readonly from: string; readonly to: string }

const sourceFolders = [
  ...['kernel', 'database', 'records', 'customers', 'catalog', 'partners', 'ledger', 'contracts', 'schema'],
  ...['gateway', 'app', 'console', 'bin', 'tools', 'benchmarks', 'examples', 'tests'],
] as const

/**
 * Judges every import under `root` by the rules in `.dependency-cruiser.mjs`. Files that were not read are reported,
 * because the reader has been seen to read nothing and call that a success.
 */
export async function cruiseImports(root: string = checkoutRoot): Promise<ImportReport> {
  const folders = sourceFolders.filter((folder) => existsSync(join(root, folder)))
  const { modules, summary } = await readModules(root, folders)
  const read = new Set(modules.map((each) => each.source))
  const sources = folders.flatMap((folder) => sourcesIn(root, folder))
  return {
    modulesRead: sources.filter((path) => read.has(path)).length,
    unread: sources.filter((path) => !read.has(path)),
    violations: summary.violations.map(toViolation),
  }
}

async function readModules(root: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { options, ...ruleSet } = await extractConfiguration(join(checkoutRoot, '.dependency-cruiser.mjs'))
  const { enhancedResolveOptions, ...cruiseOptions } = options ?? {}
  const { output } = await cruise(
    [...folders],
    { ...cruiseOptions, ruleSet, validate: true, baseDir: root },
    enhancedResolveOptions,
    { tsConfig: extractTsConfig(join(checkoutRoot, 'tsconfig.json')) },
  )
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave a text where an object was asked for')
  return output
}

function sourcesIn(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length))
    .filter((path) => !/(^|\/)(node_modules|dist|coverage|\.data)\//.test(path))
}

function toViolation({ rule, from, to }: IViolation): ImportViolation {
  return { rule: rule.name, from, to }
}
