import { invariant } from '../../kernel/invariant.ts'

/** What the server sends in a base backup. Source: PostgreSQL manual, “Streaming Replication Protocol”, BASE_BACKUP. */
export type ArchiveMessage =
  | { readonly kind: 'archive'; readonly name: string }
  | { readonly kind: 'manifest' }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'progress'; readonly bytes: bigint }

/** Reads the contents of one copy message. */
export function readArchiveMessage(message: Buffer): ArchiveMessage {
  const type = String.fromCharCode(message[0] ?? 0)
  switch (type) {
    case 'n':
      return { kind: 'archive', name: message.toString('utf8', 1, message.indexOf(0, 1)) }
    case 'm':
      return { kind: 'manifest' }
    case 'd':
      return { kind: 'data', bytes: message.subarray(1) }
    case 'p':
      return { kind: 'progress', bytes: message.readBigInt64BE(1) }
    default:
      invariant(false, `a base backup has no messages of the type ${JSON.stringify(type)}`)
  }
}
