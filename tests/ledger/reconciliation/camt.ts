/** A camt.053 for tests, in the shapes that banks' files have. Valid against the official schema of camt.053.001.08. */

export type CamtEntry = {
  /** Decimal with its sign: below zero went out. */
  readonly amount: string
  readonly date: string
  readonly bankReference?: string
  readonly entryReference?: string
  readonly status?: 'BOOK' | 'PDNG'
  readonly reversal?: boolean
  readonly charges?: { readonly amount: string; readonly included?: boolean }
  readonly batch?: { readonly messageId?: string; readonly paymentInformationId?: string }
  readonly details?: readonly CamtDetails[]
  readonly text?: string
}

export type CamtDetails = {
  readonly amount?: string
  readonly endToEndId?: string
  readonly instructionId?: string
  readonly name?: string
  readonly iban?: string
  readonly remittance?: string
  readonly returnReason?: string
}

export type CamtStatement = {
  readonly id?: string
  readonly iban: string
  readonly currency?: string
  readonly opening?: readonly [date: string, amount: string]
  readonly closing?: readonly [date: string, amount: string]
  readonly entries: readonly CamtEntry[]
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'

/** The file's text. */
export function camtOf(statements: readonly CamtStatement[], { namespace = NAMESPACE } = {}): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="${namespace}"><BkToCstmrStmt>`,
    tag('GrpHdr', tag('MsgId', 'M1') + tag('CreDtTm', '2026-03-31T20:00:00Z')),
    ...statements.map(statementOf),
    '</BkToCstmrStmt></Document>',
  ].join('\n')
}

function statementOf({ id = 'S1', iban, currency = 'EUR', opening, closing, entries }: CamtStatement): string {
  return tag(
    'Stmt',
    tag('Id', id) +
      tag('ElctrncSeqNb', '1') +
      tag('CreDtTm', '2026-03-31T20:00:00Z') +
      tag('Acct', tag('Id', tag('IBAN', iban)) + tag('Ccy', currency)) +
      balance('OPBD', currency, opening) +
      balance('CLBD', currency, closing) +
      entries.map((entry) => entryOf(entry, currency)).join('\n'),
  )
}

function balance(code: string, currency: string, told: readonly [string, string] | undefined): string {
  if (told === undefined) return ''
  const [date, amount] = told
  return tag('Bal', tag('Tp', tag('CdOrPrtry', tag('Cd', code))) + money(amount, currency) + tag('Dt', tag('Dt', date)))
}

function entryOf(entry: CamtEntry, currency: string): string {
  const { date, batch, details = [], charges } = entry
  const inner = [
    batch && tag('Btch', opt('MsgId', batch.messageId) + opt('PmtInfId', batch.paymentInformationId)),
    ...details.map((one) => detailOf(one, entry.amount, currency)),
  ].join('')
  return tag(
    'Ntry',
    opt('NtryRef', entry.entryReference) +
      money(entry.amount, currency) +
      (entry.reversal ? tag('RvslInd', 'true') : '') +
      tag('Sts', tag('Cd', entry.status ?? 'BOOK')) +
      tag('BookgDt', tag('Dt', date)) +
      tag('ValDt', tag('Dt', date)) +
      opt('AcctSvcrRef', entry.bankReference) +
      tag('BkTxCd', tag('Domn', tag('Cd', 'PMNT') + tag('Fmly', tag('Cd', 'ICDT') + tag('SubFmlyCd', 'ESCT')))) +
      (charges ? tag('Chrgs', tag('Rcrd', chargeOf(charges, currency))) : '') +
      (inner === '' ? '' : tag('NtryDtls', inner)) +
      opt('AddtlNtryInf', entry.text),
  )
}

function chargeOf({ amount, included = true }: { amount: string; included?: boolean }, currency: string): string {
  return money(`-${amount}`, currency) + tag('ChrgInclInd', String(included))
}

function detailOf(one: CamtDetails, entryAmount: string, currency: string): string {
  const out = entryAmount.startsWith('-')
  const party = (out ? 'Cdtr' : 'Dbtr') as string
  const refs = opt('InstrId', one.instructionId) + opt('EndToEndId', one.endToEndId)
  const parties =
    (one.name ? tag(party, tag('Pty', tag('Nm', one.name))) : '') +
    (one.iban ? tag(`${party}Acct`, tag('Id', tag('IBAN', one.iban))) : '')
  return tag(
    'TxDtls',
    (refs === '' ? '' : tag('Refs', refs)) +
      (one.amount ? money(one.amount, currency) : '') +
      (parties === '' ? '' : tag('RltdPties', parties)) +
      (one.remittance ? tag('RmtInf', tag('Ustrd', one.remittance)) : '') +
      (one.returnReason ? tag('RtrInf', tag('Rsn', tag('Cd', one.returnReason))) : ''),
  )
}

function money(amount: string, currency: string): string {
  const out = amount.startsWith('-')
  return `<Amt Ccy="${currency}">${out ? amount.slice(1) : amount}</Amt>${tag('CdtDbtInd', out ? 'DBIT' : 'CRDT')}`
}

function opt(name: string, text: string | undefined): string {
  return text === undefined ? '' : tag(name, escaped(text))
}

function tag(name: string, content: string): string {
  return `<${name}>${content}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
