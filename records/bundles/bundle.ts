import { z } from 'zod'

/** The version of the document below: raised when a member changes its meaning. */
export const BUNDLE_VERSION = 1

const hex = (bytes: number): z.ZodType<string, string> =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `it is not ${bytes} bytes in lower-case hexadecimal digits`)
const hash = hex(32)
/** A tree that a computer can hold is not higher. */
const proof = z.array(hash).max(64)
const count = z.int().min(0)
const note = z.string().max(100_000)

/**
 * All that it takes to check one record without us, in one JSON document. Hashes and salts are lower-case hexadecimal;
 * counts are JSON numbers; a member that is not named here is refused, so that nothing unproven rides along.
 */
export const bundleSchema = z.strictObject({
  format: z.literal('tributary-bundle'),
  version: z.literal(BUNDLE_VERSION),
  /** The record: the log's entry is SHA-256(salt ‖ body), the body as UTF-8. */
  record: z.strictObject({ body: z.string(), salt: hex(16) }),
  /** Its place from 0, the tree's size, and the path from the leaf up (RFC 9162 §2.1.3). */
  inclusion: z.strictObject({ index: count, size: count, proof }),
  /** The signed head of a tree of that size (C2SP tlog-checkpoint). */
  checkpoint: note,
  /** The public key that checks it, `<name>+<key id>+<key>` (C2SP signed-note). */
  key: z.string().max(1000),
  /** A checkpoint from before, and the proof that its log is the beginning of this one (RFC 9162 §2.1.4). */
  earlier: z.strictObject({ checkpoint: note, proof }).optional(),
  /** A head of the log in a contract on a chain; the proof joins it to the checkpoint where their sizes differ. */
  anchor: z
    .strictObject({
      chainId: z.string().regex(/^[1-9][0-9]{0,30}$/),
      contract: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
      sequence: count,
      transaction: z
        .string()
        .regex(/^0x[0-9a-f]{64}$/)
        .optional(),
      size: count,
      root: hash,
      proof: proof.optional(),
    })
    .optional(),
  /** One disclosure in the batch whose root the record holds: the entry is SHA-256(salt ‖ row), the row as UTF-8. */
  disclosure: z.strictObject({ row: z.string(), salt: hash, index: count, count, proof }).optional(),
})

export type Bundle = z.output<typeof bundleSchema>
