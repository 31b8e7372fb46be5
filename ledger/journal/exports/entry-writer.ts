import type { ExportedEntry } from '../store/entries.ts'

/** Turns entries into text, in the order of the file. */
export type EntryWriter = { readonly head: string; readonly write: (entries: readonly ExportedEntry[]) => string }
