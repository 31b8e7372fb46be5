import { expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { settlementProjector } from '../../../ledger/settlement/project-settlement.ts'
import type { ProjectedRecord } from '../../../records/projector.ts'
import { readBody } from '../../../records/record-body.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { memberOf } from './corrections/scene.ts'
import { programmeWith } from './scene.ts'

const from = useWorld()
const to = useWorld()

test('that a month is closed waits for the word that it is locked, and then gives the same row', async () => {
  from.clock.set('2026-03-02T00:00:00Z')
  const programme = await programmeWith(from.context, { disputeDays: 0 })
  await memberOf(from, programme)
  const acting = { ...from.context, actor: 'staff:ann' as const }
  await closePeriod(acting, { programme, month: '2026-02' })
  await sealAll(from.context, from.owner)
  const { period } = await closePeriod(acting, { programme, month: '2026-02' })
  expect(period.status).toBe('CLOSED')
  const [locked, closed] = await recordsOfPeriods()
  if (locked === undefined || closed === undefined) throw new Error('a month has two records')

  expect(await project(closed)).toEqual([closed])
  expect(await project(locked)).toEqual([])
  expect(await project(closed)).toEqual([])
  const rowOf = ({ owner }: typeof from) => owner`select * from periods where id = ${uuidOf(period.id)}`
  expect(await rowOf(to)).toEqual(await rowOf(from))
})

async function recordsOfPeriods(): Promise<readonly ProjectedRecord[]> {
  const rows = await from.owner<{ body: string }[]>`
    select r.body from records r where r.kind = 'period' order by r.tx_id, r.id`
  return rows.map(({ body }) => ({ body: readBody(body), personal: undefined, owner: undefined }))
}

function project(record: ProjectedRecord) {
  return to.context.database.transaction((tx) => settlementProjector.project(to.context, tx, [record]))
}
