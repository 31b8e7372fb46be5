import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import solc from 'solc'
import { z } from 'zod'
import { checkoutRoot } from './checkout-root.ts'

/** What is committed of a compiled contract. */
export type CompiledContract = {
  readonly contract: string
  readonly compiler: string
  /** SHA-256 of the compiler's metadata, which names every source with its hash, and the settings. */
  readonly sourceHash: string
  readonly abi: readonly unknown[]
  /** What creates the contract, as 0x and hexadecimal digits. */
  readonly bytecode: string
}

/** The bytecode depends on the sources alone: no hash of paths or comments is put into it. */
const SETTINGS = {
  optimizer: { enabled: true, runs: 1000 },
  evmVersion: 'cancun',
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'metadata', 'evm.bytecode.object'] } },
}

const outputSchema = z.object({
  errors: z.array(z.object({ formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.array(z.unknown()),
          metadata: z.string(),
          evm: z.object({ bytecode: z.object({ object: z.string() }) }),
        }),
      ),
    )
    .default({}),
})

/**
 * Compiles every source of a folder; gives of each file the contract that has the file's name. Imports are found beside it
 * and in `node_modules`. Throws with the compiler's own words on any error or warning.
 */
export function compileContracts(folder: string): readonly CompiledContract[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sol'))
    .sort()
  const sources = Object.fromEntries(files.map((name) => [name, { content: readFileSync(join(folder, name), 'utf8') }]))
  const input = JSON.stringify({ language: 'Solidity', sources, settings: SETTINGS })
  const text: string = solc.compile(input, { import: (path: string) => findImport(folder, path) })
  const { errors, contracts } = outputSchema.parse(JSON.parse(text))
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return files.map((file) => {
    const contract = file.slice(0, -'.sol'.length)
    const compiled = contracts[file]?.[contract]
    if (compiled === undefined) throw new Error(`${file} has no contract ${contract}`)
    const { abi, metadata, evm } = compiled
    const sourceHash = createHash('sha256').update(metadata).digest('hex')
    return { contract, compiler: solc.version(), sourceHash, abi, bytecode: `0x${evm.bytecode.object}` }
  })
}

function findImport(folder: string, path: string): { readonly contents: string } | { readonly error: string } {
  const found = [join(folder, path), join(checkoutRoot, 'node_modules', path)].find((file) => existsSync(file))
  return found === undefined ? { error: `${path} is not found` } : { contents: readFileSync(found, 'utf8') }
}
