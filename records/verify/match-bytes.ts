/** Whether ASCII text stands in the bytes at this place. Quicker than taking a text out of them, of which nothing remains. */
export function isTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}

/** Whether bytes of a source, from one place up to another, stand at this place. */
export function areBytesAt(bytes: Uint8Array, at: number, source: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (bytes[at + index - from] !== source[index]) return false
  }
  return true
}

/** Whether bytes of a source stand in hexadecimal digits, lower case, at this place. */
export function isHexAt(bytes: Uint8Array, at: number, source: Uint8Array, from: number, to: number): boolean {
  for (let index = from, digit = at; index < to; index++, digit += 2) {
    const byte = source[index] ?? 0
    if (bytes[digit] !== HEX_DIGITS[byte >> 4] || bytes[digit + 1] !== HEX_DIGITS[byte & 15]) return false
  }
  return true
}

/** Bytes of a time as `toISOString` writes it in our days: `2026-03-15T08:00:00.000Z`. */
export const TIME_BYTES = 24

/** The time that is written at this place, in milliseconds since 1970; NaN when none is. */
export function timeAt(bytes: Uint8Array, at: number): number {
  const isDate = bytes[at + 4] === DASH && bytes[at + 7] === DASH && bytes[at + 10] === LETTER_T
  const isTime = bytes[at + 13] === COLON && bytes[at + 16] === COLON && bytes[at + 19] === POINT
  if (!isDate || !isTime || bytes[at + 23] !== LETTER_Z) return Number.NaN
  const month = numberAt(bytes, at + 5, 2) - 1
  const midnight = Date.UTC(numberAt(bytes, at, 4), month, numberAt(bytes, at + 8, 2))
  const minutes = numberAt(bytes, at + 11, 2) * 60 + numberAt(bytes, at + 14, 2)
  return midnight + minutes * 60_000 + numberAt(bytes, at + 17, 2) * 1000 + numberAt(bytes, at + 20, 3)
}

const [DASH, LETTER_T, COLON, POINT, LETTER_Z, ZERO] = [45, 84, 58, 46, 90, 48]
const HEX_DIGITS = Buffer.from('0123456789abcdef')

function numberAt(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0
  for (let index = at; index < at + digits; index++) {
    const digit = (bytes[index] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
