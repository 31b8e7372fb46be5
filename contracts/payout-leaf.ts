import { isHexString } from 'ethers'
import { invariant } from '../kernel/invariant.ts'
import { type Keccak, keccak } from './keccak.ts'

/** What a leaf is bound to: a proof of one round holds in no other, nor in another contract or on another chain. */
export type PayoutRound = {
  readonly chainId: bigint
  /** The distributor's address. */
  readonly contract: string
  /** The round's number in that contract. */
  readonly number: bigint
}

/** Who may claim how much. The salt, 32 random bytes, keeps others from guessing the amount from the leaf's hash. */
export type PayoutLeaf = { readonly account: string; readonly amount: bigint; readonly salt: string }

export const HASH_BYTES = 32
const WORDS = { chainId: 0, contract: 1, round: 2, index: 3, account: 4, amount: 5, salt: 6 }
const ENCODED_BYTES = HASH_BYTES * Object.keys(WORDS).length
const LARGEST = 2n ** 128n - 1n

/**
 * Hashes the leaves of a round as `PayoutDistributor.leafOf` does: Keccak-256 twice over seven words (chain, contract,
 * round, index, account, amount, salt), so that no inner node can be shown as a leaf. A leaf's index is its place in
 * the list. Gives the hashes one after another.
 */
export function hashLeaves(round: PayoutRound, leaves: readonly PayoutLeaf[]): Uint8Array {
  const words = Buffer.alloc(ENCODED_BYTES)
  writeInteger(words, WORDS.chainId, round.chainId)
  writeAddress(words, WORDS.contract, round.contract)
  writeInteger(words, WORDS.round, round.number)
  const sponge = keccak()
  const hashes = new Uint8Array(leaves.length * HASH_BYTES)
  for (const [index, leaf] of leaves.entries()) {
    writeInteger(words, WORDS.index, BigInt(index))
    writeAddress(words, WORDS.account, leaf.account)
    writeInteger(words, WORDS.amount, leaf.amount)
    writeSalt(words, leaf.salt)
    hashTwice(sponge, words, hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES))
  }
  return hashes
}

function hashTwice(sponge: Keccak, message: Uint8Array, target: Uint8Array): void {
  sponge.hashInto(message, target, 0)
  sponge.hashInto(target, target, 0)
}

/** The upper half of the word stays zero: amounts have at most 38 digits, the other integers far fewer. */
function writeInteger(words: Buffer, word: number, value: bigint): void {
  invariant(value >= 0n && value <= LARGEST, 'an integer of a leaf has at most 128 bits')
  words.writeBigUInt64BE(value >> 64n, word * HASH_BYTES + 16)
  words.writeBigUInt64BE(value & 0xffff_ffff_ffff_ffffn, word * HASH_BYTES + 24)
}

function writeAddress(words: Buffer, word: number, address: string): void {
  invariant(isHexString(address, 20), 'an account of a leaf is an address')
  words.write(address.slice(2), word * HASH_BYTES + 12, 'hex')
}

function writeSalt(words: Buffer, salt: string): void {
  invariant(isHexString(salt, HASH_BYTES), 'the salt of a leaf has 32 bytes')
  words.write(salt.slice(2), WORDS.salt * HASH_BYTES, 'hex')
}
