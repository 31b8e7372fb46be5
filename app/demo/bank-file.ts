import { create } from 'xmlbuilder2'
import { type Asset, formatDecimal } from '../../kernel/money.ts'

/** Money that a bank moved. */
export type BankMove = {
  /** Minor units; below zero went out. */
  readonly minor: bigint
  /** The bank's own name for it. */
  readonly reference: string
  readonly text: string
  /** What the payment was instructed with, where it was ours. */
  readonly endToEndId?: string | undefined
  /** Why a payment came back: a code of ISO 20022, `AC04` for a closed account. */
  readonly returnReason?: string | undefined
}

export type BankDay = {
  readonly accountNumber: string
  readonly asset: Asset
  /** `2026-02-10` */
  readonly on: string
  /** Balance before the moves. */
  readonly opening: bigint
  readonly moves: readonly BankMove[]
}

/** The statement of one day as a bank would send it: `camt.053.001.08`. The same day gives the same bytes. */
export function bankFile({ accountNumber, asset, on, opening, moves }: BankDay): string {
  const [currency = ''] = asset.split('/')
  const amount = (minor: bigint) => ({
    Amt: { '@Ccy': currency, '#': formatDecimal({ asset, minor: minor < 0n ? -minor : minor }) },
    CdtDbtInd: minor < 0n ? 'DBIT' : 'CRDT',
  })
  const balance = (code: string, minor: bigint) => ({
    Tp: { CdOrPrtry: { Cd: code } },
    ...amount(minor),
    Dt: { Dt: on },
  })
  const closing = moves.reduce((sum, { minor }) => sum + minor, opening)
  const id = `${currency}-${on}`
  const made = `${on}T22:00:00Z`
  const statement = {
    Id: id,
    CreDtTm: made,
    Acct: { Id: { Othr: { Id: accountNumber } }, Ccy: currency },
    Bal: [balance('OPBD', opening), balance('CLBD', closing)],
    Ntry: moves.map(({ minor, reference, text, endToEndId, returnReason }) => ({
      ...amount(minor),
      Sts: { Cd: 'BOOK' },
      BookgDt: { Dt: on },
      ValDt: { Dt: on },
      AcctSvcrRef: reference,
      BkTxCd: { Prtry: { Cd: returnReason === undefined ? 'TRF' : 'RTN' } },
      NtryDtls: {
        TxDtls: {
          Refs: endToEndId === undefined ? { AcctSvcrRef: reference } : { EndToEndId: endToEndId },
          ...amount(minor),
          RmtInf: { Ustrd: text },
          ...(returnReason === undefined ? {} : { RtrInf: { Rsn: { Cd: returnReason } } }),
        },
      },
    })),
  }
  const document = {
    Document: {
      '@xmlns': 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08',
      BkToCstmrStmt: { GrpHdr: { MsgId: id, CreDtTm: made }, Stmt: statement },
    },
  }
  return `${create({ version: '1.0', encoding: 'UTF-8' }, document).end({ prettyPrint: true })}\n`
}
