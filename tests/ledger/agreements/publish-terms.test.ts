import { describe, expect, test } from 'vitest'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { findTerms } from '../../../ledger/agreements/find-terms.ts'
import { listTerms } from '../../../ledger/agreements/list-terms.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { useWorld } from '../../support/database.ts'
import { someProgramme, termsInput } from './factories.ts'

const world = useWorld()

const publish = (programme: Programme, changes: object = {}) =>
  publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code, changes) })

const SECOND = { version: 2, effectiveFrom: '2026-03-01T00:00:00+08:00' }

describe('terms that are published', () => {
  test('are in force from their start until the next version starts', async () => {
    const programme = await someProgramme(world.context)
    const first = await publish(programme)
    const second = await publish(programme, SECOND)
    expect(first).toMatchObject({ version: 1, effectiveTo: undefined, replayed: false })
    const listed = await listTerms(world.context, { programme: programme.code })
    expect(listed.map(({ version, effectiveFrom, effectiveTo }) => [version, effectiveFrom, effectiveTo])).toEqual([
      [1, new Date('2025-12-31T16:00:00Z'), new Date('2026-02-28T16:00:00Z')],
      [2, new Date('2026-02-28T16:00:00Z'), undefined],
    ])
    expect(listed[1]?.terms).toEqual(second.terms)
    expect(await findTerms(world.context, { programme: programme.id, version: 1 })).toEqual(listed[0])
    expect(await findTerms(world.context, { programme: programme.id })).toEqual(listed[1])
    expect(await findTerms(world.context, { programme: programme.id, version: 3 })).toBeUndefined()
  })

  test('have a record that holds their canonical JSON and its hash', async () => {
    const programme = await someProgramme(world.context)
    const { id, hash, body } = await publish(programme)
    const [row] = await world.owner<{ data: { body: object; hash: string }; sha: string }[]>`
      select r.body::jsonb -> 'data' as data, encode(sha256(t.body::bytea), 'hex') as sha
      from terms t join records r on r.id = t.record_id and r.kind = 'terms' where t.id = ${uuidOf(id)}`
    expect(row).toMatchObject({ data: { body: JSON.parse(body), hash }, sha: hash })
  })

  test('are published once, however often and by however many at once', async () => {
    const programme = await someProgramme(world.context)
    const published = await Promise.all([1, 2, 3, 4].map(() => publish(programme)))
    expect(published.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(published.map(({ id }) => id)).size).toBe(1)
    expect(await listTerms(world.context, { programme: programme.id })).toHaveLength(1)
  })

  test('of two different next versions at once, one stands', async () => {
    const programme = await someProgramme(world.context)
    await publish(programme)
    const results = await Promise.allSettled([
      publish(programme, SECOND),
      publish(programme, { ...SECOND, minimumPayout: '1' }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'IDEMPOTENCY_CONFLICT', field: 'version' },
    })
  })
})

describe('terms that are refused leave nothing behind', () => {
  const refused = async (code: string, field: string, changes: object): Promise<void> => {
    const programme = await someProgramme(world.context)
    await publish(programme)
    await expect(publish(programme, { ...SECOND, ...changes })).rejects.toMatchObject({ code, field })
    expect(await listTerms(world.context, { programme: programme.id })).toHaveLength(1)
    const rows = await world.owner`
      select from records where kind = 'terms' and body::jsonb #>> '{data,programme}' = ${programme.id}`
    expect(rows).toHaveLength(1)
  }

  test.each([
    ['of another programme', 'programme', { programme: 'another' }],
    ['in another asset', 'asset', { asset: 'USD/2' }],
    ['in another time zone', 'timeZone', { timeZone: 'UTC' }],
    ['that begin at midnight of another zone', 'effectiveFrom', { effectiveFrom: '2026-03-01T00:00:00Z' }],
    ['that begin within a month', 'effectiveFrom', { effectiveFrom: '2026-03-02T00:00:00+08:00' }],
    ['that skip a version', 'version', { version: 3 }],
  ])('%s', async (_, field, changes) => refused('INVALID_INPUT', field, changes))

  test.each([
    ['with the start of the version before', '2026-01-01T00:00:00+08:00'],
    ['before the version before', '2025-12-01T00:00:00+08:00'],
  ])('that begin %s', async (_, effectiveFrom) => refused('OVERLAP', 'effectiveFrom', { effectiveFrom }))

  test('with other content under a version that stands', async () =>
    refused('IDEMPOTENCY_CONFLICT', 'version', { version: 1 }))

  test.each([
    ['of a kind that only two persons make', 'rules.0.kind', [{ kind: 'MANUAL_ADJUSTMENT' }]],
    [
      'of a pool that nobody is named to share',
      'rules.0.attribution',
      [{ kind: 'POOL_SPLIT', poolPpm: 1, housePpm: 0 }],
    ],
    [
      'whose overrides go in a circle',
      'rules.1.parentPartner',
      ['bank-a', 'bank-b'].map((parentPartner) => ({ kind: 'OVERRIDE', parentPartner, ratePpm: 1 })),
    ],
  ])('%s', async (_, field, rules) => refused('INVALID_INPUT', field, { rules }))

  const lockPeriod = async ({ id }: Programme): Promise<void> => {
    await world.owner`
      insert into periods (id, programme_id, month, starts_at, ends_at, status, facts_cut, cut_at, locked_at, record_id)
      values (${uuidOf(newId('per'))}, ${uuidOf(id)}, '2026-02', '2026-01-31T16:00:00Z', '2026-02-28T16:00:00Z',
        'LOCKED', pg_current_snapshot(), now(), now(), ${uuidOf(newId('rec'))})`
  }

  test('that begin in a period which is locked, while the next month is free', async () => {
    const programme = await someProgramme(world.context)
    await publish(programme)
    await lockPeriod(programme)
    const february = publish(programme, { ...SECOND, effectiveFrom: '2026-02-01T00:00:00+08:00' })
    await expect(february).rejects.toMatchObject({ code: 'PERIOD_LOCKED', field: 'effectiveFrom' })
    expect(await publish(programme, SECOND)).toMatchObject({ version: 2 })
    expect(await publish(programme)).toMatchObject({ version: 1, replayed: true })
  })

  test('that come while a period is being closed', async () => {
    const programme = await someProgramme(world.context)
    await world.owner.begin(async (closing) => {
      await closing`select pg_advisory_xact_lock(hashtextextended(${`closing:${programme.id}`}, 0))`
      await expect(publish(programme)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    })
    expect(await publish(programme)).toMatchObject({ version: 1 })
  })

  test('of a programme that does not exist', async () => {
    const published = publishTerms(world.context, { programme: 'nowhere', terms: termsInput('nowhere') })
    await expect(published).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'programme' })
  })
})

describe('the database itself refuses', () => {
  const insert = async (programme: Programme, version: number, from: string, follows: string | null) =>
    world.context.database.transaction(
      (tx) => tx`
        insert into terms (id, programme_id, version, effective_from, follows_from, body, hash, record_id, published_at)
        values (${uuidOf(newId('trm'))}, ${uuidOf(programme.id)}, ${version}, ${from}, ${follows}, '{}', '',
          ${uuidOf(newId('rec'))}, now())`,
    )
  const FIRST = '2025-12-31T16:00:00Z'

  test('a version that overlaps another, begins within a period, or follows one that is not there', async () => {
    const programme = await someProgramme(world.context)
    await publish(programme)
    const refuses = (inserted: Promise<unknown>, code: string) => expect(inserted).rejects.toMatchObject({ code })
    await refuses(insert(programme, 1, '2026-02-28T16:00:00Z', null), 'OVERLAP')
    await refuses(insert(programme, 2, FIRST, FIRST), 'OVERLAP')
    await refuses(insert(programme, 2, '2025-11-30T16:00:00Z', FIRST), 'OVERLAP')
    await refuses(insert(programme, 2, '2026-02-28T16:00:00Z', null), 'OVERLAP')
    await refuses(insert(programme, 3, '2026-02-28T16:00:00Z', FIRST), 'OVERLAP')
    await refuses(insert(programme, 2, '2026-03-01T00:00:00Z', FIRST), 'INVALID_INPUT')
    await insert(programme, 2, '2026-02-28T16:00:00Z', FIRST)
  })

  test('any change of terms, by the application and by the owner', async () => {
    const programme = await someProgramme(world.context)
    await publish(programme)
    await expect(world.owner`update terms set body = '{}'`).rejects.toThrow('records are never changed')
    await expect(world.owner`truncate terms cascade`).rejects.toThrow('records are never changed')
    const changed = world.context.database.transaction((tx) => tx`update terms set body = '{}'`)
    await expect(changed).rejects.toThrow('permission denied')
  })
})
