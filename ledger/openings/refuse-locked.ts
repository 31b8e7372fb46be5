import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Opening } from './opening.ts'
import { selectLocked } from './store/hindrances.ts'

/** Programmes whose agreements' balances are brought along, in the order of their ids. */
export function programmesOf({ lines }: Pick<Opening, 'lines'>): readonly Id<'prg'>[] {
  return [...new Set(lines.flatMap((line) => (line.kind === 'ACCOUNT' ? [] : line.programme)))].sort()
}

/**
 * Throws `PERIOD_LOCKED` when a month of a programme concerned is locked; where accounts are brought along, which are of no
 * programme, also when one of any that ends after the cut-over is.
 */
export async function refuseLocked(sql: Reader, opening: Pick<Opening, 'cutOver' | 'lines'>): Promise<void> {
  const after = opening.lines.some(({ kind }) => kind === 'ACCOUNT') ? opening.cutOver : undefined
  const locked = await selectLocked(sql, { programmes: programmesOf(opening), after })
  if (locked === undefined) return
  throw new Fault('PERIOD_LOCKED', `${locked} is locked: balances are brought along before that`, { field: 'cutOver' })
}
