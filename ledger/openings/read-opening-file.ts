import { parse } from 'csv-parse/sync'
import { Fault } from '../../kernel/fault.ts'

/**
 * The lines of a file: JSON (an array of lines), or CSV with a header of the lines' fields, in which empty cells are absent.
 * What they mean is for `proposeOpening`. Throws `INVALID_INPUT` with the file's name.
 */
export function readOpeningFile(name: string, text: string): unknown {
  try {
    if (name.endsWith('.json')) return JSON.parse(text)
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true })
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')))
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `${name} is neither JSON nor CSV with a header`, { cause })
  }
}
