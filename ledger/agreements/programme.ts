import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/** The form of a programme's code. */
export const PROGRAMME_CODE = /^[a-z][a-z0-9-]{1,39}$/

/** What members share in: one asset, and calendar months of one time zone as periods. */
export type Programme = {
  readonly id: Id<'prg'>
  readonly code: string
  readonly name: string
  readonly asset: Asset
  /** IANA name. */
  readonly timeZone: string
  readonly createdAt: Date
}
