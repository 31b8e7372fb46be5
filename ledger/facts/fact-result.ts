import type { Fault } from '../../kernel/fault.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'

/** A fact that is stored: now, or by an earlier report of the same content. */
export type StoredFact = {
  readonly outcome: 'recorded' | 'replayed'
  readonly externalId: string
  readonly id: string
}

/** A fact that changed nothing, and why. */
export type RefusedFact = {
  readonly outcome: 'refused'
  /** As given, where it could be read. */
  readonly externalId: string | undefined
  readonly code: FaultCode
  readonly message: string
  /** Path of the field at fault. */
  readonly field: string | undefined
}

/** What became of one item of a batch; the others stand whatever it was. */
export type FactResult = StoredFact | RefusedFact

/** The result of an item that met a fault. */
export function refusalOf({ code, message, field }: Fault, externalId: string | undefined): RefusedFact {
  return { outcome: 'refused', externalId, code, message, field }
}

/** Whether a part of a batch has been refused already. */
export function isRefused(part: object): part is RefusedFact {
  return 'outcome' in part && part.outcome === 'refused'
}
