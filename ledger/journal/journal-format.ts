/** What the journal is exported as. */
export const JOURNAL_FORMATS = ['hledger', 'beancount', 'csv'] as const

export type JournalFormat = (typeof JOURNAL_FORMATS)[number]
