import { hash } from 'node:crypto'
import { readBody } from '../record-body.ts'
import type { SealedRow } from '../store/sealed-records.ts'
import type { Findings } from './findings.ts'

/** Hashes a record again, and compares its columns with what its body says. */
export function checkRecord({ seq, id, commitment, record }: SealedRow, { add }: Pick<Findings, 'add'>): void {
  const where = `record ${id} in place ${seq}`
  if (!record) {
    add(where, 'the record is missing')
    return
  }
  if (!commitmentOf(record).equals(commitment)) add(where, 'its body or salt is not the one that was sealed')
  for (const column of wrongColumns(id, record)) add(where, `its ${column} is not the one in its body`)
}

function commitmentOf({ salt, body }: { readonly salt: Buffer; readonly body: string }): Buffer {
  return hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'buffer')
}

function wrongColumns(id: string, record: NonNullable<SealedRow['record']>): readonly string[] {
  const body = tryReadBody(record.body)
  if (!body) return ['form']
  const columns: readonly (readonly [string, unknown, unknown])[] = [
    ['id', id, body.id],
    ['kind', record.kind, body.kind],
    ['time', record.at, microsecondsOf(body.at)],
    ['partner', record.partner, body.partner],
  ]
  return columns.filter(([, column, told]) => column !== told).map(([name]) => name)
}

/** `undefined` when it is no time, as no column can be. */
function microsecondsOf(time: string): bigint | undefined {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1000n
}

function tryReadBody(text: string): ReturnType<typeof readBody> | undefined {
  try {
    return readBody(text)
  } catch {
    return undefined
  }
}
