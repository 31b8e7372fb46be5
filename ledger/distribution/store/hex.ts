const HASH_DIGITS = 64

/** `bytea` as 0x and hexadecimal digits. */
export function hexOf(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`
}

/** The digits alone, for `decode(…, 'hex')`. */
export function digitsOf(hex: string): string {
  return hex.slice(2)
}

/** Hashes that lie one after another. */
export function hashesOf(bytes: Buffer): readonly string[] {
  const digits = bytes.toString('hex')
  return Array.from(
    { length: digits.length / HASH_DIGITS },
    (_, place) => `0x${digits.slice(place * HASH_DIGITS, (place + 1) * HASH_DIGITS)}`,
  )
}
