import { Worker } from 'node:worker_threads'
import type { DatabaseAddress } from '../../database/client.ts'
import type { Tree } from '../merkle/tiles.ts'
import type { Places } from '../store/sealed-records.ts'
import type { CheckedPlaces } from './check-places.ts'

/** What a thread is started with. */
export type CheckerData = { readonly address: DatabaseAddress; readonly stored: Tree }

/** What a thread is told. */
export type CheckerOrder = Places | 'end'

/** A thread that checks places, with a connection of its own. */
export type Checker = {
  /** Checks places, behind those that were asked for before. Rejects when the thread fails, also earlier. */
  readonly check: (places: Places) => Promise<CheckedPlaces>
  /** Lets what is under way end, and its connection go: an embedded server is stopped once nobody works with it. */
  readonly close: () => Promise<void>
}

/** Rows are short-lived: a nursery that fits into the processor's cache is emptied faster, and the memory stays small. */
const NURSERY_MEBIBYTES = 4
const THREAD = new URL('./checker-thread.ts', import.meta.url)

/** Starts a thread. */
export function openChecker(data: CheckerData): Checker {
  const worker = new Worker(THREAD, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MEBIBYTES },
  })
  const asked = new Map<number, (checked: CheckedPlaces) => void>()
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  // whoever waits is told by the race; nobody may be waiting
  failed.catch(() => {})
  worker.on('error', fail)
  worker.on('exit', () => end())
  worker.on('message', (checked: CheckedPlaces) => {
    asked.get(checked.from)?.(asBuffers(checked))
    asked.delete(checked.from)
  })
  return {
    check: (places) => {
      const checked = new Promise<CheckedPlaces>((resolve) => asked.set(places.from, resolve))
      worker.postMessage(places satisfies CheckerOrder)
      const first = Promise.race([checked, failed])
      first.catch(() => {})
      return first
    },
    close: () => {
      worker.postMessage('end' satisfies CheckerOrder)
      return ended
    },
  }
}

/** Buffers come from a thread as plain arrays. */
function asBuffers({ leaves, roots, ...rest }: CheckedPlaces): CheckedPlaces {
  return { ...rest, leaves: bufferOver(leaves), roots: bufferOver(roots) }
}

function bufferOver({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
