import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { AccountFace, AccountLife } from '../bank-account.ts'
import type { AccountScheme } from '../bank-details.ts'
import type { SealedDetails } from '../seal-details.ts'

/** Who acted, by which record. */
export type Act = { readonly by: Actor; readonly record: AppendedRecord }

/** What accounts of partners and of ours have in common. */
export type CommonRow = {
  readonly id: string
  readonly asset: Asset
  readonly scheme: AccountScheme
  readonly country: string
  readonly bank_code: string
  readonly masked: string
  readonly entered_by: Actor
  readonly entered_at: Date
  readonly verified_by: Actor | null
  readonly verified_at: Date | null
  readonly checked: string | null
  readonly ended_by: Actor | null
  readonly ended_at: Date | null
  readonly reason: string | null
}

export function commonColumns(sql: Reader): Fragment {
  return sql`a.id, a.asset, a.scheme, a.country, a.bank_code, a.masked, a.status, a.entered_by, a.entered_at, a.verified_by,
    a.verified_at, a.checked, a.ended_by, a.ended_at, a.reason`
}

export function commonOf(row: CommonRow): AccountFace & AccountLife {
  return {
    asset: row.asset,
    scheme: row.scheme,
    country: row.country,
    bankCode: row.bank_code,
    masked: row.masked,
    enteredBy: row.entered_by,
    enteredAt: row.entered_at,
    verifiedBy: row.verified_by ?? undefined,
    verifiedAt: row.verified_at ?? undefined,
    checked: row.checked ?? undefined,
    endedBy: row.ended_by ?? undefined,
    endedAt: row.ended_at ?? undefined,
    reason: row.reason ?? undefined,
  }
}

/** The sealed part of a row. */
export type SealedRow = { readonly sealed: Buffer; readonly key_version: number }

export function sealedOf({ sealed, key_version: keyVersion }: SealedRow): SealedDetails {
  return { sealed, keyVersion }
}

export function base64Of({ sealed }: SealedDetails): string {
  return sealed.toString('base64')
}
