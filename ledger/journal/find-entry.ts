import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { type StandingEntry, selectEntry } from './store/entries.ts'

/** An entry with its postings, its record, what it reverses and what reversed it; `undefined` when there is none. */
export async function findEntry(context: Context, id: Id<'jre'>): Promise<StandingEntry | undefined> {
  return selectEntry(context.database.reads, id)
}
