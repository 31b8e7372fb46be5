import type { Projector } from '../records/projector.ts'
import { agreementProjector } from './agreements/project-agreements.ts'
import { factProjector } from './facts/project-facts.ts'
import { journalProjector } from './journal/project-entries.ts'
import { settlementProjector } from './settlement/project-settlement.ts'

/** The ledger out of the log, in the order in which what comes later needs what comes first. */
export const ledgerProjectors: readonly Projector[] = [
  agreementProjector,
  factProjector,
  journalProjector,
  settlementProjector,
]
