import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'

/** A SHA-256 from outside, as 64 hexadecimal digits. */
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/, 'it is no SHA-256: 64 of 0-9 and a-f')

/** Throws `HASH_MISMATCH` when another content is meant than the one that is there. */
export function refuseOtherHash(
  there: { readonly id: string; readonly hash: string },
  meant: string | undefined,
): void {
  if (meant === undefined || meant === there.hash) return
  throw new Fault('HASH_MISMATCH', `the content of ${there.id} has another hash: read it again`, { field: 'hash' })
}
