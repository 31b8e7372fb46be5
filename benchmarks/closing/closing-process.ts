import { performance } from 'node:perf_hooks'
import type { DatabaseAddress } from '../../database/client.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { openContext } from '../ledger/bench-world.ts'
import { MONTH, PROGRAMME } from '../rules/scene.ts'
import { watchMemory } from '../rules/watch-memory.ts'

/** What the process tells, a line each: how far it is, and at last what it took. */
export type ClosingLine =
  | { readonly step: string; readonly facts: number }
  | { readonly lines: number; readonly seconds: number; readonly peakMegabytes: number }

// One closing in a process of its own, so that its memory is its own and it can be killed.
const address: DatabaseAddress = JSON.parse(process.argv[2] ?? '{}')
const { context, close } = openContext(address)
const memory = watchMemory()
const start = performance.now()
const { facts } = await closePeriod(context, {
  programme: PROGRAMME,
  month: MONTH,
  onProgress: ({ step, facts: read }) => tell({ step, facts: read }),
})
tell({ lines: facts, seconds: (performance.now() - start) / 1000, peakMegabytes: memory.stop() })
await close()

function tell(line: ClosingLine): void {
  console.log(JSON.stringify(line))
}
