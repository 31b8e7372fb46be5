import type { OpenedEntry } from './bank-entry.ts'

/** By what an entry may name a payment of ours. */
export type EntryClues = {
  /** The end-to-end id that the bank gives as such. */
  readonly endToEndId: string | undefined
  /** End-to-end ids of ours in whatever else it says, in lower case. */
  readonly mentioned: readonly string[]
  /** Words that may be numbers of statements. */
  readonly words: readonly string[]
  /** Batches of ours that it may stand for as a whole: 32 hexadecimal digits of their ids. */
  readonly batches: readonly string[]
}

const END_TO_END = /[0-9a-f]{32}[0-9]{3}/g
const BATCH = /[0-9a-f]{32}/g
const MOST_WORDS = 50

/** What an entry names. Banks cut texts into lines, so that ids are looked for without the white space between them. */
export function cluesOf(entry: OpenedEntry): EntryClues {
  const { endToEndId, instructionId, transactionId, messageId, paymentInformationId, counterparty } = entry
  const remittance = counterparty.remittance ?? ''
  const texts = [endToEndId, instructionId, transactionId, remittance].map(packed)
  const batches = [messageId, paymentInformationId].flatMap((text) => packed(text).match(BATCH) ?? [])
  return {
    endToEndId: endToEndId?.toLowerCase(),
    mentioned: [...new Set(texts.flatMap((text) => text.match(END_TO_END) ?? []))],
    words: [...new Set(remittance.split(/[\s,;:/()]+/))].filter((word) => /[0-9]/.test(word)).slice(0, MOST_WORDS),
    batches: [...new Set(batches)],
  }
}

function packed(text: string | undefined): string {
  return (text ?? '').toLowerCase().replaceAll(/[^0-9a-z]/g, '')
}
