import { z } from 'zod'
import type { PartnerCaller } from '../kernel/caller.ts'
import type { Id } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import type { TagRead } from './customer-view.ts'

/** A read and who asks, ready for the statement: nothing in it can make the statement fail for the others it runs with. */
export type Ask = TagRead & {
  readonly partner: Id<'ptr'>
  readonly client: Id<'cli'>
  readonly requestId: string
}

/** The most reads in one call, and tags in one read. */
const MOST_READS = 500
const MOST_TAGS = 100
const LONGEST_NAME = 128

const name = z
  .string()
  .max(LONGEST_NAME, `it has more than ${LONGEST_NAME} characters`)
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'it has characters that no name has')

const tagReads = z
  .array(z.strictObject({ subject: name, purpose: name, tags: z.array(name).max(MOST_TAGS).optional() }))
  .max(MOST_READS, `there are more than ${MOST_READS} reads`)

/** Reads what a partner asks. Throws `INVALID_INPUT` for what cannot be a name at all; any name is let through. */
export function parseAsks(caller: PartnerCaller, reads: readonly TagRead[]): readonly Ask[] {
  const { partner, client } = caller
  const requestId = caller.requestId.slice(0, LONGEST_NAME)
  return parseWith(tagReads, reads, 'reads').map((read) => ({ ...read, partner, client, requestId }))
}

/** Reads a purpose's name. Throws `INVALID_INPUT` for what cannot be a name at all. */
export function parsePurposeName(purpose: string): string {
  return parseWith(name, purpose, 'purpose')
}
