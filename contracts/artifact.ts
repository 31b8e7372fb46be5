import { readFileSync } from 'node:fs'
import { Interface } from 'ethers'
import { z } from 'zod'

/** A contract as it was compiled: what it is called with, and what creates it. */
export type Artifact = { readonly abi: Interface; readonly bytecode: string }

const artifactSchema = z.object({
  abi: z.array(z.unknown()),
  bytecode: z.string().regex(/^0x([0-9a-f]{2})+$/),
})

/** Reads a committed artifact (`npm run contracts` writes them). */
export function readArtifact(contract: string): Artifact {
  const file = new URL(`artifacts/${contract}.json`, import.meta.url)
  const { abi, bytecode } = artifactSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return { abi: new Interface(JSON.stringify(abi)), bytecode }
}
