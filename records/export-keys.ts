import type { Context } from '../database/context.ts'
import type { WriteText } from './export-records.ts'
import { type CustomerKeyLine, KEYS_FORMAT, type LogKeyLine } from './replay/file-format.ts'
import { masterKeyMark } from './replay/master-key-mark.ts'
import { selectKeysBehind } from './store/customer-keys.ts'
import { selectLogKeys } from './store/log-keys.ts'

const PAGE = 5000

/**
 * Writes the keys that a replay needs, wrapped under the master key: those that sign for the log, and the customers'. Who
 * the customers are is written behind it by their own folder. A copy of this file outlives an erasure: it must be destroyed
 * when a customer is erased, and made anew.
 */
export async function exportKeys(context: Context, write: WriteText): Promise<{ readonly keys: number }> {
  const { reads } = context.database
  const header = { format: KEYS_FORMAT, masterKey: masterKeyMark(context), madeAt: context.clock.now().toISOString() }
  await write(`${JSON.stringify(header)}\n`)
  for (const { name, publicKey, wrapped, at } of await selectLogKeys(reads)) {
    const [shown, hidden] = [publicKey.toString('base64'), wrapped.toString('base64')]
    await write(
      `${JSON.stringify({ log: name, publicKey: shown, wrapped: hidden, at: at.toISOString() } satisfies LogKeyLine)}\n`,
    )
  }
  let keys = 0
  for (let page = await selectKeysBehind(reads, undefined, PAGE); page.length > 0; ) {
    await write(page.map(lineOf).join(''))
    keys += page.length
    page = await selectKeysBehind(reads, page.at(-1)?.customer, PAGE)
  }
  return { keys }
}

function lineOf({ customer, wrapped, at, erasedAt }: Awaited<ReturnType<typeof selectKeysBehind>>[number]): string {
  const state = wrapped === undefined ? { erasedAt: erasedAt?.toISOString() } : { wrapped: wrapped.toString('base64') }
  return `${JSON.stringify({ keyOf: customer, at: at.toISOString(), ...state } satisfies CustomerKeyLine)}\n`
}
