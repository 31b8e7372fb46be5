import { invariant } from '../../kernel/invariant.ts'
import type { ImportReport } from '../../records/import/import-spec.ts'

/** The demonstration's own files have nothing to refuse: a refusal is a mistake of ours, and it is not passed over. */
export function refuseRefusals(what: string, { refused, firstRefused: [first] }: ImportReport): void {
  invariant(refused === 0, `${what}: line ${first?.line} was refused: ${first?.code} ${first?.message}`)
}
