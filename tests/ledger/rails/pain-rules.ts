import { SaxesParser } from 'saxes'

/** An element with its attributes and what is in it. */
export type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** Reads XML; anything that is not well-formed throws. */
export function readXml(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open: Element[] = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: { ...attributes }, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', (part) => {
    const last = open.at(-1)
    if (last !== undefined) last.text += part
  })
  parser.on('closetag', () => open.pop())
  parser.write(text).close()
  const [document] = root.children
  if (document === undefined) throw new Error('there is no element')
  return document
}

const AMOUNT = /^(?=(?:[0-9]\.?){1,18}$)[0-9]+(?:\.[0-9]{1,5})?$/
const ID_35 = /^[0-9A-Za-z]{1,35}$/
const NAME = /^[\s\S]{1,140}$/u

/** What we rely on of the schema: each element's parts in their order (`?` may be absent, `+` repeats), or its form. */
const RULES: Readonly<Record<string, readonly string[] | RegExp>> = {
  Document: ['CstmrCdtTrfInitn'],
  CstmrCdtTrfInitn: ['GrpHdr', 'PmtInf'],
  GrpHdr: ['MsgId', 'CreDtTm', 'NbOfTxs', 'CtrlSum', 'InitgPty'],
  InitgPty: ['Nm'],
  PmtInf: [
    ...[
      'PmtInfId',
      'PmtMtd',
      'BtchBookg',
      'NbOfTxs',
      'CtrlSum',
      'ReqdExctnDt',
      'Dbtr',
      'DbtrAcct',
      'DbtrAgt',
      'ChrgBr',
    ],
    'CdtTrfTxInf+',
  ],
  ReqdExctnDt: ['Dt'],
  Dbtr: ['Nm'],
  DbtrAcct: ['Id', 'Ccy'],
  DbtrAgt: ['FinInstnId'],
  CdtTrfTxInf: ['PmtId', 'Amt', 'CdtrAgt', 'Cdtr', 'CdtrAcct', 'RmtInf'],
  PmtId: ['InstrId', 'EndToEndId'],
  Amt: ['InstdAmt'],
  CdtrAgt: ['FinInstnId'],
  FinInstnId: ['BICFI?', 'ClrSysMmbId?', 'Nm?', 'PstlAdr'],
  ClrSysMmbId: ['ClrSysId', 'MmbId'],
  ClrSysId: ['Cd'],
  PstlAdr: ['Ctry'],
  Cdtr: ['Nm'],
  CdtrAcct: ['Id'],
  RmtInf: ['Ustrd'],
  MsgId: ID_35,
  PmtInfId: ID_35,
  InstrId: ID_35,
  EndToEndId: ID_35,
  CreDtTm: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/,
  Dt: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
  NbOfTxs: /^[1-9][0-9]{0,14}$/,
  CtrlSum: AMOUNT,
  InstdAmt: AMOUNT,
  PmtMtd: /^TRF$/,
  BtchBookg: /^false$/,
  ChrgBr: /^(?:DEBT|SLEV)$/,
  Ccy: /^[A-Z]{3}$/,
  Ctry: /^[A-Z]{2}$/,
  BICFI: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/,
  MmbId: /^[0-9]{12}$/,
  Cd: /^(?:CNAPS|BBAN)$/,
  IBAN: /^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/,
  SchmeNm: ['Cd'],
  Nm: NAME,
  Ustrd: NAME,
}

/** Every rule that an element and what is in it break, each as a sentence. */
export function brokenRules(element: Element): readonly string[] {
  const { name, children, text } = element
  if (name === 'Id') return brokenId(element)
  const rule = name === 'Othr' ? ['Id', 'SchmeNm'] : RULES[name]
  if (rule === undefined) return [`${name} is not foreseen`]
  if (rule instanceof RegExp) return children.length === 0 && rule.test(text) ? [] : [`${name} has not its form`]
  const wrong = formOf(rule).test(`${children.map((child) => child.name).join(' ')} `)
    ? []
    : [`${name} has other parts`]
  return [...wrong, ...children.flatMap(brokenRules)]
}

/** An account's is a choice, an other account's a number. */
function brokenId({ children, text }: Element): readonly string[] {
  const [only, another] = children
  if (only === undefined) return /^[0-9A-Z]{1,34}$/.test(text) ? [] : ['Id has not its form']
  if (another !== undefined || (only.name !== 'IBAN' && only.name !== 'Othr')) return ['Id is one of IBAN and Othr']
  return brokenRules(only)
}

function formOf(parts: readonly string[]): RegExp {
  return new RegExp(`^${parts.map((part) => part.replace(/^(\w+)([?+]?)$/, '(?:$1 )$2')).join('')}$`)
}

/** All elements of a name below one. */
export function all(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)])
}
