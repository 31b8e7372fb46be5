/** Whether ASCII text stands in the bytes at this place. Quicker than taking a text out of them, of which nothing remains. */
export function isTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  }
  return true
}

/** Whether the bytes at one place, up to `end`, are those that stand at another. */
export function areBytesAt(bytes: Uint8Array, at: number, source: Uint8Array, from: number, to: number): boolean {
  for (let index = 0; index < to - from; index++) {
    if (bytes[at + index] !== source[from + index]) return false
  }
  return true
}

/** Whether bytes stand in hexadecimal digits, lower case, at this place. */
export function isHexAt(bytes: Uint8Array, at: number, source: Uint8Array, from: number, to: number): boolean {
  for (let index = 0; index < to - from; index++) {
    const byte = source[from + index] ?? 0
    if (bytes[at + 2 * index] !== hexDigit(byte >> 4) || bytes[at + 2 * index + 1] !== hexDigit(byte & 15)) return false
  }
  return true
}

/** Bytes of a time as `toISOString` writes it in our days: `2026-03-15T08:00:00.000Z`. */
export const TIME_BYTES = 24

/** The time that is written at this place, in milliseconds since 1970; NaN when none is. */
export function timeAt(bytes: Uint8Array, at: number): number {
  for (const [offset, mark] of MARKS) if (bytes[at + offset] !== mark) return Number.NaN
  const [year, month, day] = [digits(bytes, at, 4), digits(bytes, at + 5, 2), digits(bytes, at + 8, 2)]
  const [hour, minute, second] = [digits(bytes, at + 11, 2), digits(bytes, at + 14, 2), digits(bytes, at + 17, 2)]
  return Date.UTC(year, month - 1, day, hour, minute, second, digits(bytes, at + 20, 3))
}

const ZERO = 48
const LETTER_A_LESS_TEN = 87
const MARKS = [...'    -  -  T  :  :  .   Z'].flatMap((mark, offset) =>
  mark === ' ' ? [] : [[offset, mark.charCodeAt(0)] as const],
)

function hexDigit(value: number): number {
  return value < 10 ? ZERO + value : LETTER_A_LESS_TEN + value
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = at; index < at + count; index++) {
    const digit = (bytes[index] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
