import { expect, test } from 'vitest'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { appendRecords } from '../../../records/append-records.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { createWorld } from '../../support/database.ts'
import { post, someEntry } from './scene.ts'

type World = Awaited<ReturnType<typeof createWorld>>

async function tampered(change: (world: World, entry: string) => Promise<unknown>): Promise<readonly string[]> {
  const world = await createWorld()
  try {
    const [, posted] = await post(world.context, someEntry(), someEntry(), someEntry({ period: newId('per') }))
    expect(await verifyJournal(world.context)).toEqual([])
    await change(world, uuidOf(posted?.id ?? newId('jre')))
    return (await verifyJournal(world.context)).map(({ what }) => what)
  } finally {
    await world.close()
  }
}

test('an untouched journal has nothing wrong, and progress is told', async () => {
  const world = await createWorld()
  try {
    await post(world.context, someEntry(), someEntry())
    const steps: unknown[] = []
    expect(await verifyJournal(world.context, { onProgress: (step) => steps.push(step) })).toEqual([])
    expect(steps).toEqual([{ done: 2, total: 2 }])
  } finally {
    await world.close()
  }
})

test.each<[string, (entry: string) => string, readonly string[]]>([
  [
    'an amount',
    (entry) => `update postings set amount = amount + 1 where entry_id = '${entry}' and line = 0`,
    ['it does not balance: 1 is left in CNY/2', 'it does not say what its record says'],
  ],
  [
    'both amounts, in balance',
    (entry) => `update postings set amount = amount * 2 where entry_id = '${entry}'`,
    ['it does not say what its record says'],
  ],
  [
    'the sides of its postings, in balance',
    (entry) => `update postings set amount = -amount where entry_id = '${entry}'`,
    ['it does not say what its record says'],
  ],
  [
    'all, with every other entry, by a table that was emptied',
    () => 'truncate journal_entries, postings cascade',
    Array.from({ length: 3 }, () => 'the entry that it records is not in the journal'),
  ],
  [
    'a time',
    (entry) => `update journal_entries set at = at - interval '1 day' where id = '${entry}'`,
    ['it does not say what its record says'],
  ],
  [
    'an account',
    () => `update accounts set path = 'Partner:Accrued:mine' where path = 'Partner:Accrued:harbour'`,
    Array.from({ length: 3 }, () => 'it does not say what its record says'),
  ],
  [
    'its postings, which are gone',
    (entry) => `delete from postings where entry_id = '${entry}'`,
    ['it has no postings', 'it does not say what its record says'],
  ],
  [
    'its record, which is gone',
    (entry) => `delete from records where id = (select record_id from journal_entries where id = '${entry}')`,
    ['it has no record in the log'],
  ],
  [
    'itself, which is gone',
    (entry) =>
      `with p as (delete from postings where entry_id = '${entry}') delete from journal_entries where id = '${entry}'`,
    ['the entry that it records is not in the journal'],
  ],
])('an entry is found when it was changed in %s', async (_, statement, found) => {
  expect(await tampered((world, entry) => behindGuards(world.owner, statement(entry)))).toEqual(found)
})

test('a record of an entry that was never posted is found', async () => {
  const found = await tampered(({ context }) =>
    context.database.transaction((tx) => appendRecords(context, tx, [{ kind: 'journal_entry', data: { entry: 'x' } }])),
  )
  expect(found).toEqual(['the entry that it records is not in the journal'])
})
