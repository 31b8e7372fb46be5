import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { Proposal } from '../proposal.ts'

type OfAgreement = { readonly agreement: Id<'agr'>; readonly programme: Id<'prg'>; readonly partner: Id<'ptr'> }
type Amount = { readonly asset: Asset; readonly minor: bigint }

/**
 * A balance out of another system, in minor units: of an account (positive is debit), or of an agreement: what is carried
 * (above zero we owe it, below zero the partner does), or what is held back until a month.
 */
export type OpeningLine =
  | (Amount & { readonly kind: 'ACCOUNT'; readonly account: AccountPath })
  | (Amount & OfAgreement & { readonly kind: 'CARRIED' })
  | (Amount & OfAgreement & { readonly kind: 'HOLDBACK'; readonly releaseMonth: Month })

/** Balances that are brought along together, once two persons agree: all of them or none. */
export type Opening = Proposal & {
  readonly id: Id<'opn'>
  /** From this instant on we keep the books; the balances are those just before. */
  readonly cutOver: Date
  readonly reason: string
  readonly lines: readonly OpeningLine[]
}
