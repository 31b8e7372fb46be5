import { computeAddress, type Signature, SigningKey } from 'ethers'
import { Fault } from '../kernel/fault.ts'

/**
 * Who signs transactions. Keep the key where you like, in a hardware module or a key service: all that is asked of it is
 * an ECDSA signature (secp256k1) of 32 bytes.
 */
export type TransactionSigner = {
  /** The account, as 0x and hexadecimal digits. */
  readonly address: string
  /** Signs a transaction's digest, given as 0x and 64 hexadecimal digits; `s` is in the lower half of the order. */
  readonly signDigest: (digest: string) => Promise<Pick<Signature, 'r' | 's' | 'yParity'>>
}

/** A signer that holds the key itself. Throws `CONFIG_INVALID` for what is no key; the key is never told. */
export function signerOfKey(key: string): TransactionSigner {
  const { signingKey, address } = readKey(key)
  return { address, signDigest: async (digest) => signingKey.sign(digest) }
}

function readKey(key: string): { readonly signingKey: SigningKey; readonly address: string } {
  try {
    const signingKey = new SigningKey(key)
    return { signingKey, address: computeAddress(signingKey) }
  } catch {
    // the library's sentence is not passed on, so that no part of the key is
    throw new Fault('CONFIG_INVALID', 'the key of the chain’s account is not 32 bytes in hexadecimal')
  }
}
