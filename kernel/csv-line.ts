const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?$/

/**
 * A line of CSV (RFC 4180). A spreadsheet takes a text for a formula that begins like one (OWASP, “CSV injection”): such a
 * cell gets an apostrophe before it, unless it is a plain number such as -12.50.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
