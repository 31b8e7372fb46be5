import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { writePrivately } from './private-files.ts'

const demoSummary = z.object({
  counts: z.object({
    partners: z.number(),
    customers: z.number(),
    tags: z.number(),
    products: z.number(),
    consenting: z.number(),
    referrals: z.number(),
    revenue: z.number(),
  }),
  months: z.object({ closed: z.array(z.string()), open: z.string() }),
  sample: z.object({
    partner: z.string(),
    clientId: z.string(),
    subject: z.string(),
    purpose: z.string(),
    accountKey: z.string(),
    programme: z.string(),
    month: z.string(),
  }),
})

/** What there is to see: how much of what, and one of each to begin with. `sample.month` is the last closed one. */
export type DemoSummary = z.infer<typeof demoSummary>

const demoState = z.object({
  /** When the demonstration was first loaded. */
  now: z.iso.datetime(),
  scale: z.number(),
  /** Present once all was loaded. */
  summary: demoSummary.optional(),
})

export type DemoState = z.infer<typeof demoState>

/** How far the demonstration of this folder is; nothing when it was never begun here. */
export async function readState(folder: string): Promise<DemoState | undefined> {
  try {
    return demoState.parse(JSON.parse(await readFile(fileOf(folder), 'utf8')))
  } catch {
    return undefined
  }
}

/** Keeps how far it is. */
export async function writeState(folder: string, state: DemoState): Promise<void> {
  await writePrivately(fileOf(folder), `${JSON.stringify(state, undefined, 2)}\n`)
}

function fileOf(folder: string): string {
  return path.join(folder, 'demo.json')
}
