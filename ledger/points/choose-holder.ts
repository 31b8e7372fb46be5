import { Fault } from '../../kernel/fault.ts'
import type { WhosePoints } from './require-holder.ts'

type Named = { readonly accountKey?: string | null | undefined; readonly partner?: string | null | undefined }

/** Whose points are meant by one of two names. Throws `INVALID_INPUT` for none and for both. */
export function chooseHolder({ accountKey, partner }: Named): WhosePoints {
  if (typeof accountKey === 'string' && typeof partner !== 'string') return { accountKey }
  if (typeof partner === 'string' && typeof accountKey !== 'string') return { partner }
  throw new Fault('INVALID_INPUT', 'say whose points: those of a customer or those of a partner')
}
