import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'

/** Throws `FORBIDDEN` unless the partner's client may read and sign contracts. */
export function requireSigner({ scopes }: PartnerCaller): void {
  if (!scopes.has('agreements:sign')) throw new Fault('FORBIDDEN', 'this needs the scope agreements:sign')
}
