import type { Reader } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { type RecordBody, readBody } from '../../../records/record-body.ts'

/** Bodies of records that hold what rules gave, in the order given. Throws `INVALID_INPUT` for one that is none: it was changed since it was written. */
export async function selectEarningBodies(sql: Reader, records: readonly Id<'rec'>[]): Promise<readonly RecordBody[]> {
  const rows = await sql<{ id: string; body: string }[]>`
    select r.id, r.body from unnest(${records.map(uuidOf)}::uuid[]) with ordinality as q (id, place)
    join records r on r.id = q.id and r.kind = 'earning' order by q.place`
  return rows.map(({ id, body }) => bodyOf(idOf('rec', id), body))
}

function bodyOf(id: Id<'rec'>, text: string): RecordBody {
  try {
    return readBody(text)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `record ${id} of kind earning is not understood`, { cause })
  }
}
