import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Proposal } from '../proposal.ts'

/** What a partner owes by an agreement and will not pay, given up once two persons agree. */
export type WriteOff = Proposal & {
  readonly id: Id<'wof'>
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  /** Minor units, above zero. */
  readonly minor: bigint
  /** Why; its partner may read it once it is approved. */
  readonly reason: string
}
