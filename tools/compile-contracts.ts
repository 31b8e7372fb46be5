import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutRoot } from './checkout-root.ts'
import { compileContracts } from './solidity.ts'

// Writes contracts/artifacts anew from contracts/sources; with --check it only says what is not as committed.
const artifacts = join(checkoutRoot, 'contracts', 'artifacts')
const compiled = new Map(
  compileContracts(join(checkoutRoot, 'contracts', 'sources')).map((each) => [
    `${each.contract}.json`,
    `${JSON.stringify(each, null, 2)}\n`,
  ]),
)

if (process.argv.includes('--check')) check()
else write()

function check(): void {
  const findings = [
    ...[...compiled].flatMap(([name, text]) => (committed(name) === text ? [] : [`${name} is not as compiled`])),
    ...leftOver().map((name) => `${name} has no source`),
  ]
  for (const finding of findings) console.error(`contracts/artifacts/${finding}: run "npm run contracts"`)
  if (findings.length > 0) process.exitCode = 1
  else console.log(`${compiled.size} contracts are as compiled`)
}

function write(): void {
  mkdirSync(artifacts, { recursive: true })
  for (const [name, text] of compiled) writeFileSync(join(artifacts, name), text)
  for (const name of leftOver()) rmSync(join(artifacts, name))
  console.log([...compiled.keys()].join('\n'))
}

function committed(name: string): string | undefined {
  const file = join(artifacts, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function leftOver(): readonly string[] {
  return existsSync(artifacts) ? readdirSync(artifacts).filter((name) => !compiled.has(name)) : []
}
