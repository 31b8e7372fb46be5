import { invariant } from '../../../kernel/invariant.ts'
import { type Rational, rational, reduce } from '../../../kernel/rational.ts'

/**
 * Solves a square system of linear equations over whole numbers exactly, by elimination without fractions: every division
 * on the way leaves no remainder, so numbers stay as short as determinants are. The matrix must not be singular.
 * Source: E. H. Bareiss, “Sylvester’s identity and multistep integer-preserving Gaussian elimination” (1968).
 */
export function solveExactly(matrix: readonly (readonly bigint[])[], right: readonly bigint[]): readonly Rational[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0n])
  let before = 1n
  for (let column = 0; column < rows.length; column++) {
    const pivotRow = swapIn(rows, column)
    const pivot = pivotRow[column] ?? 0n
    for (const [index, row] of rows.entries()) {
      if (index !== column) eliminate(row, pivotRow, { column, pivot, before })
    }
    before = pivot
  }
  return rows.map((row, index) => reduce(rational(row.at(-1) ?? 0n, row[index] ?? 0n)))
}

/** Brings a row whose number in this column is not zero to the column's place. */
function swapIn(rows: bigint[][], column: number): readonly bigint[] {
  const found = rows.findIndex((row, index) => index >= column && row[column] !== 0n)
  const [row, there] = [rows[found], rows[column]]
  invariant(row && there, 'the equations have one solution')
  rows[found] = there
  rows[column] = row
  return row
}

type Step = { readonly column: number; readonly pivot: bigint; readonly before: bigint }

function eliminate(row: bigint[], pivotRow: readonly bigint[], { column, pivot, before }: Step): void {
  const factor = row[column] ?? 0n
  for (const [place, value] of row.entries()) {
    row[place] = (value * pivot - factor * (pivotRow[place] ?? 0n)) / before
  }
}
