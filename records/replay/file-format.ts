import { z } from 'zod'

/*
 * Two files, each of JSON lines. That of the log holds what is sealed, byte by byte; that of the keys holds what makes its
 * personal parts readable, and who the customers are: it is apart, so that erasing a customer can reach every copy of it.
 *
 *   {"format":"tributary-records/1","origin":"example.com","size":3,"root":"…","nextTx":"812","masterKey":"…","madeAt":"…"}
 *   {"seq":1,"tx":"790","commitment":"…","salt":"…","body":"{…}"}
 *   {"size":1,"root":"…","note":"example.com\n1\n…","at":"…"}
 *
 *   {"format":"tributary-keys/1","masterKey":"…","madeAt":"…"}
 *   {"log":"example.com","publicKey":"…","wrapped":"…","at":"…"}
 *   {"customer":"cus_…","accountKey":"…","synthetic":false,"at":"…"}
 *   {"keyOf":"cus_…","wrapped":"…","at":"…"}
 */

export const LOG_FORMAT = 'tributary-records/1'
export const KEYS_FORMAT = 'tributary-keys/1'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `it is not ${bytes} bytes`)
const whole = z.int().min(0)
const transaction = z.string().regex(/^(?:0|[1-9][0-9]{0,17})$/, 'it is no transaction id')
const time = z.iso.datetime({ offset: true })
const customer = z.templateLiteral(['cus_', z.string().regex(/^[0-9a-f]{32}$/)])
const base64 = z.base64()

/** What a log file is of: how many records, their root, and an id behind those of all transactions of its server. */
export const logHeader = z.strictObject({
  format: z.literal(LOG_FORMAT, `it is not ${LOG_FORMAT}`),
  origin: z.string().optional(),
  size: whole,
  root: hex(32),
  nextTx: transaction,
  /** By which a replay knows that it has the same master key. */
  masterKey: hex(32),
  madeAt: time,
})
export type LogHeader = z.output<typeof logHeader>

const recordLine = z.strictObject({
  seq: whole,
  tx: transaction,
  commitment: hex(32),
  salt: hex(16),
  body: z.string(),
})
export type RecordLine = z.output<typeof recordLine>

const checkpointLine = z.strictObject({ size: whole, root: hex(32), note: z.string(), at: time })
export type CheckpointLine = z.output<typeof checkpointLine>

/** A record, or a checkpoint behind the records that it signs for. */
export const logLine = z.union([recordLine, checkpointLine])

export const keysHeader = z.strictObject({
  format: z.literal(KEYS_FORMAT, `it is not ${KEYS_FORMAT}`),
  masterKey: hex(32),
  madeAt: time,
})

const logKeyLine = z.strictObject({ log: z.string(), publicKey: base64, wrapped: base64, at: time })
export type LogKeyLine = z.output<typeof logKeyLine>

const customerLine = z.strictObject({ customer, accountKey: z.string(), synthetic: z.boolean(), at: time })
export type CustomerLine = z.output<typeof customerLine>

/** Without `wrapped` the customer was erased, at `erasedAt`. */
const customerKeyLine = z.strictObject({
  keyOf: customer,
  at: time,
  wrapped: base64.optional(),
  erasedAt: time.optional(),
})
export type CustomerKeyLine = z.output<typeof customerKeyLine>

export const keysLine = z.union([logKeyLine, customerLine, customerKeyLine])
export type KeysLine = z.output<typeof keysLine>
