import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A Debian package that the tests need, and how to see that what it brings is there. */
export type SystemPackage = {
  readonly debianName: string
  readonly brings: { readonly program: string } | { readonly fontsFor: string }
}

/** Everything outside npm that the tests need, in one place; `npm test` installs what is missing. */
export const systemPackages: readonly SystemPackage[] = [
  { debianName: 'chromium', brings: { program: 'chromium' } },
  { debianName: 'hledger', brings: { program: 'hledger' } },
  { debianName: 'beancount', brings: { program: 'bean-check' } },
  { debianName: 'libxml2-utils', brings: { program: 'xmllint' } },
  { debianName: 'fontconfig', brings: { program: 'fc-list' } },
  { debianName: 'fonts-noto-cjk', brings: { fontsFor: 'zh' } },
]

/** Debian's names of the packages whose program or font this machine lacks, in the order of the list. */
export function findMissingPackages(packages: readonly SystemPackage[] = systemPackages): readonly string[] {
  return packages.filter((each) => !isPresent(each)).map((each) => each.debianName)
}

/** The absolute path of a program of the list; throws an `Error` that names the cure when it is not installed. */
export function programPath(program: string): string {
  const path = findProgram(program)
  if (path === undefined) throw new Error(`${program} is not installed: "npm test -- --only-packages" installs it.`)
  return path
}

function isPresent({ brings }: SystemPackage): boolean {
  return 'program' in brings ? findProgram(brings.program) !== undefined : hasFontsFor(brings.fontsFor)
}

function hasFontsFor(language: string): boolean {
  const { stdout } = spawnSync('fc-list', [`:lang=${language}`], { encoding: 'utf8' })
  // Without fc-list there is no output at all: the fonts count as missing, like the program.
  return (stdout ?? '').trim() !== ''
}

function findProgram(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
