import { hash, type KeyObject, sign, verify } from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'

/** Who signs: a name without spaces and plus signs, and the 32 bytes of an Ed25519 public key. */
export type NoteVerifier = { readonly name: string; readonly publicKey: Buffer }

const ED25519 = Buffer.from([1])
const KEY_ID_BYTES = 4
const PUBLIC_KEY_BYTES = 32
/** What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Signs a text that ends with a line break:
 *
 *     example.com/log
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *     — example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
 *
 * Source: C2SP signed-note.md.
 */
export function signNote(text: string, signer: NoteVerifier, privateKey: KeyObject): string {
  invariant(text.endsWith('\n'), 'the text of a note ends with a line break')
  const signature = Buffer.concat([keyId(signer), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`
}

/** The text of a note, if this verifier has signed it; signatures of others do not matter. Source: C2SP signed-note.md. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const end = note.lastIndexOf('\n\n')
  if (end === -1 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const signed = note
    .slice(end + 2, -1)
    .split('\n')
    .some((line) => isSignature(line, text, verifier))
  return signed ? text : undefined
}

function isSignature(line: string, text: string, verifier: NoteVerifier): boolean {
  const prefix = `— ${verifier.name} `
  if (!line.startsWith(prefix)) return false
  const bytes = Buffer.from(line.slice(prefix.length), 'base64')
  if (!bytes.subarray(0, KEY_ID_BYTES).equals(keyId(verifier))) return false
  const key = { key: Buffer.concat([SPKI_PREFIX, verifier.publicKey]), format: 'der', type: 'spki' } as const
  return verify(null, Buffer.from(text), key, bytes.subarray(KEY_ID_BYTES))
}

/** The public key as others are given it: `<name>+<key id>+<key>`. Source: C2SP signed-note.md. */
export function formatVerifier(verifier: NoteVerifier): string {
  const key = Buffer.concat([ED25519, verifier.publicKey])
  return `${verifier.name}+${keyId(verifier).toString('hex')}+${key.toString('base64')}`
}

/** Reads a public key that others were given; `undefined` when it is none, or its id is not the one of its key. */
export function readVerifier(text: string): NoteVerifier | undefined {
  const [name = '', , ...rest] = text.trim().split('+')
  const key = Buffer.from(rest.join('+'), 'base64')
  const verifier = { name, publicKey: key.subarray(ED25519.length) }
  if (!isSignerName(name) || key.length !== ED25519.length + PUBLIC_KEY_BYTES || key[0] !== ED25519[0]) return undefined
  return formatVerifier(verifier) === text.trim() ? verifier : undefined
}

/** Whether a text may name a signer. */
export function isSignerName(name: string): boolean {
  return name.length > 0 && name.length <= 200 && !/[\s+]/u.test(name) && isPlainText(name)
}

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

function keyId({ name, publicKey }: NoteVerifier): Buffer {
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey])
  return hash('sha256', preimage, 'buffer').subarray(0, KEY_ID_BYTES)
}
