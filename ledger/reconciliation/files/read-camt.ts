import { Fault } from '../../../kernel/fault.ts'
import { type Asset, codeOf } from '../../../kernel/money.ts'
import { accountIn, type CamtDetail, detailOf } from './camt-detail.ts'
import { entryOf } from './camt-entry.ts'
import { dateOf, momentOf, referenceOf, signedAmount, signOf } from './camt-values.ts'
import type { ReadBalance, ReadHead, StatementPart } from './read-statement.ts'
import { at, textAt, type XmlNode, xmlReader } from './xml-tree.ts'

/** What the account of a statement is kept in; throws where there is no such account. */
export type AssetOf = (account: { readonly number: string | undefined; readonly currency: string | undefined }) => Asset

/** Versions whose elements that are read here are the same. */
const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-3])$/
const STATEMENT_PATH = 'Document/BkToCstmrStmt/Stmt'
const OPENING = new Set(['OPBD', 'PRCD'])
const MOST_DETAILS = 200_000

/**
 * Reads the statements of an ISO 20022 `camt.053` (versions .02 to .13) as its text comes; memory holds one entry at a time.
 * Booked entries alone are given; others are counted. Throws `INVALID_INPUT` for what is not such a file, whatever `assetOf`
 * throws, and `ASSET_MISMATCH`. Source: ISO 20022 message definition camt.053.001.08.
 */
export async function* readCamt(
  text: AsyncIterable<string>,
  assetOf: AssetOf,
): AsyncGenerator<StatementPart, void, void> {
  const found: StatementPart[] = []
  const reader = xmlReader(handlersOf(found, assetOf))
  for await (const piece of text) {
    reader.write(piece)
    yield* found.splice(0)
  }
  reader.end()
  yield* found.splice(0)
}

function handlersOf(found: StatementPart[], assetOf: AssetOf): Parameters<typeof xmlReader>[0] {
  let head: XmlNode[] = []
  let asset: Asset | undefined
  let details: CamtDetail[] = []
  let entrySign = 1n
  let passedOver = 0
  let statements = 0
  /** Once for each statement: what stands before its first entry. */
  const opened = (): Asset => {
    if (asset === undefined) {
      const told = headOf(head, assetOf)
      asset = told.asset
      found.push({ kind: 'HEAD', head: told })
    }
    return asset
  }
  return {
    root: (name, namespace) => {
      if (name !== 'Document' || !NAMESPACE.test(namespace)) {
        throw new Fault('INVALID_INPUT', 'the file is no camt.053 statement of the versions 02 to 13')
      }
    },
    gathers: (name, path) => {
      if (path.length === 3) return path.join('/') === STATEMENT_PATH
      return name === 'TxDtls' ? path.at(-1) === 'NtryDtls' : name === 'CdtDbtInd' && path.at(-1) === 'Ntry'
    },
    gathered: (node, path) => {
      if (node.name === 'CdtDbtInd' && path.at(-1) === 'Ntry') {
        entrySign = node.text.trim() === 'CRDT' ? 1n : -1n
        return true
      }
      if (node.name === 'TxDtls') {
        if (details.length >= MOST_DETAILS)
          throw new Fault('INVALID_INPUT', 'an entry has more transactions than are read')
        details.push(detailOf(node, opened(), entrySign))
        return false
      }
      if (node.name !== 'Ntry') head.push(node)
      else {
        const entry = entryOf(node, details, opened())
        if (entry === undefined) passedOver += 1
        else found.push({ kind: 'ENTRY', entry })
        details = []
      }
      return false
    },
    closed: (name, path) => {
      if (name === 'Stmt' && path.join('/') === 'Document/BkToCstmrStmt') {
        opened()
        found.push({ kind: 'END', passedOver })
        statements += 1
        ;[head, asset, passedOver] = [[], undefined, 0]
      }
      if (name === 'Document' && statements === 0) throw new Fault('INVALID_INPUT', 'the file has no statement')
    },
  }
}

function headOf(nodes: readonly XmlNode[], assetOf: AssetOf): ReadHead {
  const statement: XmlNode = { name: 'Stmt', currency: undefined, text: '', children: [...nodes] }
  const account = at(statement, 'Acct')
  const balances = nodes.filter(({ name }) => name === 'Bal')
  const number = accountIn(account)
  const currency = textAt(account, 'Ccy') ?? at(balances[0], 'Amt')?.currency
  const asset = assetOf({ number, currency })
  // some banks give balances in several currencies; those of a page that is not the last are in between
  const booked = balances.filter(
    (one) => textAt(one, 'Tp', 'SubTp', 'Cd') !== 'INTM' && at(one, 'Amt')?.currency === codeOf(asset),
  )
  return {
    accountNumber: number,
    asset,
    reference: referenceOf(textAt(statement, 'Id')),
    sequence: referenceOf(textAt(statement, 'ElctrncSeqNb') ?? textAt(statement, 'LglSeqNb')),
    createdAt: momentOf(textAt(statement, 'CreDtTm')),
    opening: balanceOf(
      booked.find((one) => OPENING.has(codeOfBalance(one))),
      asset,
    ),
    closing: balanceOf(
      booked.find((one) => codeOfBalance(one) === 'CLBD'),
      asset,
    ),
  }
}

function codeOfBalance(node: XmlNode): string {
  return textAt(node, 'Tp', 'CdOrPrtry', 'Cd') ?? ''
}

function balanceOf(node: XmlNode | undefined, asset: Asset): ReadBalance | undefined {
  const date = dateOf(at(node, 'Dt'))
  if (node === undefined || date === undefined) return undefined
  signOf(node)
  return { date, minor: signedAmount(node, asset) }
}
