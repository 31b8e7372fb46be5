import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const computed = crypto.hash

/**
 * Runs work for which SHA-256 of the same bytes is computed once: millions of proofs over the same tree hash the same
 * pairs over and over. It is the same function, only remembered, so what the work accepts is what it would accept.
 */
export function rememberingHashes<T>(work: () => T): T {
  const known = new Map<string, Buffer>()
  const remembered = (algorithm: string, data: crypto.BinaryLike, encoding: 'buffer'): Buffer => {
    const bytes =
      typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const key = bytes.toString('latin1')
    const hash = known.get(key) ?? computed(algorithm, bytes, encoding)
    known.set(key, hash)
    return hash
  }
  setHash(remembered)
  try {
    return work()
  } finally {
    setHash(computed)
  }
}

function setHash(hash: unknown): void {
  Object.assign(crypto, { hash })
  syncBuiltinESMExports()
}
