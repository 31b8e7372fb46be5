import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { sha256Text } from './refuse-other-hash.ts'

/** What a document can belong to. */
export type DocumentPlace = Id<'agr'> | Id<'tpr'> | Id<'trm'>

/** A paper or file, known by its SHA-256; the bytes are kept elsewhere. */
export type DocumentContent = {
  readonly sha256: string
  /** What people call it, e.g. the name of the file. */
  readonly name: string
  readonly sizeBytes: bigint
  readonly mediaType: string
}

/** A document that belongs to a contract. */
export type ContractDocument = DocumentContent & {
  readonly id: Id<'doc'>
  readonly to: DocumentPlace
  readonly attachedAt: Date
  readonly record: Id<'rec'>
}

/** A document as it comes from outside; its size as text, since it may be large. */
export const documentContent = {
  sha256: sha256Text,
  name: lineOfText(200),
  sizeBytes: z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,15})$/, 'it is no whole number from 0')
    .transform(BigInt),
  mediaType: z
    .string()
    .max(100)
    .regex(/^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/, 'it is no media type such as application/pdf'),
}
