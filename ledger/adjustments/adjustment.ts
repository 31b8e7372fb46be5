import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Proposal } from '../proposal.ts'

/** What is given to an agreement by hand, or taken from it, once two persons agree. */
export type Adjustment = Proposal & {
  readonly id: Id<'adj'>
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  /** Minor units; below zero it is taken. Never zero. */
  readonly minor: bigint
  /** Its partner reads it. */
  readonly reason: string
  /** The issued statement that has it. */
  readonly statement: Id<'sta'> | undefined
}
