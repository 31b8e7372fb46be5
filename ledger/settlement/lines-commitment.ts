import { createHash } from 'node:crypto'
import { canonicalJson } from '../../kernel/canonical-json.ts'

/** What is committed to of one line; the explanation as its canonical JSON. */
export type CommittedLine = { readonly lineNo: number; readonly minor: bigint; readonly explanation: string }

/** A commitment in the making; lines are added in the order of their numbers. */
export type LinesCommitment = {
  readonly add: (line: CommittedLine) => void
  /** Lower-case hexadecimal digits; the commitment takes no more lines after it. */
  readonly finish: () => string
}

/** Length of a salt: too long to be guessed, so that a commitment to one line does not give the line away. */
export const COMMITMENT_SALT_BYTES = 32

/**
 * SHA-256 over a salt and the canonical JSON of `{ lines: [{ explanation, line, minor }, …], rule, statement, v }`, made
 * line by line so that a million of them need no memory. Whoever has salt and lines can check it. Source: RULES §6.
 */
export function commitToLines(salt: Uint8Array, place: { statement: string; ruleNo: number }): LinesCommitment {
  const hash = createHash('sha256').update(salt).update('{"lines":[')
  let separator = ''
  return {
    add: ({ lineNo, minor, explanation }) => {
      hash.update(`${separator}{"explanation":${explanation},"line":"${lineNo}","minor":"${minor}"}`)
      separator = ','
    },
    finish: () => {
      const rest = canonicalJson({ rule: BigInt(place.ruleNo), statement: place.statement, v: '1' })
      return hash.update(`],${rest.slice(1)}`).digest('hex')
    },
  }
}
