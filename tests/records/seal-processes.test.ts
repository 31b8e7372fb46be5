import { afterEach, expect, test } from 'vitest'
import { idOf } from '../../kernel/ids.ts'
import { verifyRecords } from '../../records/verify-records.ts'
import { useWorld } from '../support/database.ts'
import { type LogProcess, startLogProcess } from './log-process.ts'
import { expectSound } from './sealed-log.ts'

const world = useWorld()
const processes: LogProcess[] = []
afterEach(() => Promise.all(processes.map(({ kill }) => kill())))

async function start(mode: 'writer' | 'sealer'): Promise<LogProcess> {
  const started = await startLogProcess(mode, world.address)
  processes.push(started)
  return started
}

test('two processes write and two seal, one is killed in its turn, and nothing is lost, doubled or out of order', async () => {
  const writers = await Promise.all([start('writer'), start('writer')])
  const [doomed, other] = await Promise.all([start('sealer'), start('sealer')])

  doomed.say()
  while (!doomed.told.some(({ did }) => did === 'hold')) await roundOf(writers)

  // writers go on while the turn is taken and not given back: they would never come to an end if they waited for it
  await untilSealerWaits()
  const sealedBefore = await sealedIds()
  await roundOf(writers)
  expect(await sealedIds()).toEqual(sealedBefore)

  const goesOn = other.next('seal')
  await doomed.kill()
  await goesOn
  const [third] = await Promise.all([start('sealer'), roundOf(writers)])
  await other.end()
  const last = third.next('seal')
  await roundOf(writers)
  await last
  await untilAllSealed()
  await Promise.all([third, ...writers].map(({ end }) => end()))

  await expectLog(writers)
})

const roundOf = async (writers: readonly LogProcess[]): Promise<void> => {
  const rounds = writers.map(({ next }) => next('round'))
  for (const { say } of writers) say()
  await Promise.all(rounds)
}

async function expectLog(writers: readonly LogProcess[]): Promise<void> {
  const kept = writers.map(({ told }) => told.flatMap((each) => each.kept ?? []))
  const lost = writers.flatMap(({ told }) => told.flatMap((each) => each.lost ?? []))
  const sealed = await sealedIds()
  expect(sealed.toSorted()).toEqual(kept.flat().toSorted())
  expect(lost.length).toBeGreaterThan(50)
  expect(sealed.filter((id) => lost.includes(id))).toEqual([])
  // transactions were held open, so that others that began later committed before them: the log has its own order
  for (const ids of kept) expect(sealed.filter((id) => ids.includes(id))).not.toEqual(ids)
  await expectSound(world)
  expect(await verifyRecords(world.context)).toEqual([])
}

async function sealedIds(): Promise<readonly string[]> {
  const rows = await world.owner<{ record_id: string }[]>`select record_id from seals order by seq`
  return rows.map(({ record_id }) => idOf('rec', record_id))
}

async function untilAllSealed(): Promise<void> {
  await until(async () => {
    const [row] = await world.owner<{ yes: boolean }[]>`
      select not exists (select from records where id not in (select record_id from seals)) as yes`
    return row?.yes === true
  })
}

async function untilSealerWaits(): Promise<void> {
  await until(async () => {
    const [row] = await world.owner<{ yes: boolean }[]>`
      select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                     and application_name = 'tributary:tests:sealer') as yes`
    return row?.yes === true
  })
}

/** The test's own time ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
