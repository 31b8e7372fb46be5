import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { verifyBundle } from '../../../records/bundles/verify-bundle.ts'
import { findRecords } from '../../../records/find-records.ts'
import { logVerifier } from '../../../records/log-verifier.ts'
import { makeBundle } from '../../../records/make-bundle.ts'
import { inclusionPaths } from '../../../records/prove-records.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'
import { appendOwn, bundleOf, LOG, type SignedLog, signedLog } from './some-bundle.ts'

const world = useWorld()
let log: SignedLog

beforeAll(async () => {
  log = await signedLog(world)
})

describe('a bundle', () => {
  test('of a record holds, against the latest checkpoint and one that was kept', async () => {
    const bundle = await bundleOf(world.context, log)
    expect(bundle.inclusion).toMatchObject({ index: 40, size: 1000 })
    const verdict = verifyBundle(bundle, { key: log.key, kept: log.notes[1] })
    expect(verdict.checks.map(({ check, result }) => [check, result])).toEqual([
      ['record', 'ok'],
      ['key', 'ok'],
      ['signature', 'ok'],
      ['inclusion', 'ok'],
      ['earlier', 'ok'],
      ['kept', 'ok'],
    ])
    expect(verdict).toMatchObject({
      sound: true,
      record: { id: log.record, kind: 'contribution', partner: log.partner },
    })
  })

  test('says that its own key was not checked', async () => {
    const verdict = verifyBundle(await makeBundle(world.context, { record: log.record }))
    expect(verdict.sound).toBe(true)
    expect(verdict.checks.find(({ check }) => check === 'key')).toMatchObject({ result: 'unchecked' })
  })

  test('is given to the record’s partner, and to no other: for them it is not there', async () => {
    const { record, partner } = log
    expect((await makeBundle(world.context, { record, partner })).record.body).toContain(record)
    const foreign = makeBundle(world.context, { record, partner: newId('ptr') })
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const unknown = makeBundle(world.context, { record: newId('rec'), partner })
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('needs a checkpoint that covers the record', async () => {
    const other = await createWorld()
    try {
      const record = await appendOwn(other.context, log.partner)
      await expect(makeBundle(other.context, { record })).rejects.toMatchObject({ code: 'NOT_READY' })
      await sealAll(other.context, other.owner)
      await expect(makeBundle(other.context, { record })).rejects.toMatchObject({ code: 'NOT_READY' })
      await signCheckpoint(other.context, { origin: LOG })
      expect(verifyBundle(await makeBundle(other.context, { record })).sound).toBe(true)
    } finally {
      await other.close()
    }
  })

  test.each([
    ['nothing', ''],
    ['a text', 'log.example/transparency\n1\nx\n'],
    ['a null character', '\u0000\n\n'],
    ['a note that was changed', 'changed'],
    ['a note of another log', 'other.example\n3\nAAAA\n\n— other.example AAAA\n'],
  ])('is not made since %s', async (_, text) => {
    const olderCheckpoint = text === 'changed' ? log.notes[1].replace('\n300\n', '\n301\n') : text
    const made = makeBundle(world.context, { record: log.record, olderCheckpoint })
    await expect(made).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'olderCheckpoint' })
  })

  test('shows a log that signed two histories for what it is', async () => {
    const fork = await createWorld()
    try {
      // the same key, another history
      await fork.owner`insert into log_keys ${fork.owner(await world.owner`select * from log_keys`)}`
      await appendSome(fork.context, 1000)
      await sealAll(fork.context, fork.owner)
      await signCheckpoint(fork.context, { origin: LOG })
      const record = await appendOwn(fork.context, log.partner)
      await sealAll(fork.context, fork.owner)
      await signCheckpoint(fork.context, { origin: LOG })
      const bundle = await makeBundle(fork.context, { record, olderCheckpoint: log.notes[2] })
      const verdict = verifyBundle(bundle, { key: log.key, kept: log.notes[2] })
      const wrong = verdict.checks.filter(({ result }) => result === 'wrong').map(({ check }) => check)
      expect([verdict.sound, wrong]).toEqual([false, ['earlier', 'kept']])
    } finally {
      await fork.close()
    }
  })
})

describe('records by their ids', () => {
  test('come to a partner only when they are its own, with their place and the time of their first checkpoint', async () => {
    const { record, partner } = log
    const [own] = await findRecords(world.context, { ids: [record, newId('rec')], partner })
    expect(own).toMatchObject({ id: record, kind: 'contribution', seq: 41, signedAt: world.clock.now() })
    expect(await findRecords(world.context, { ids: [record], partner: newId('ptr') })).toEqual([])
    expect(await findRecords(world.context, { ids: [record] })).toHaveLength(1)
    expect(await findRecords(world.context, { ids: [] })).toEqual([])
  })

  test('are proven many at once', async () => {
    const places = [0, 40, 255, 256, 999]
    const paths = await inclusionPaths(world.context, places, 1000)
    const single = await Promise.all(
      places.map(async (place) => (await inclusionPaths(world.context, [place], 1000))[0]),
    )
    expect(paths).toEqual(single)
    for (const place of [-1, 1000, 0.5]) {
      await expect(inclusionPaths(world.context, [0, place], 1000)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

describe('a log that was given another name', () => {
  test('goes on under a key of that name, which is told beside its checkpoint', async () => {
    const other = await createWorld()
    try {
      const before = await signedLog(other)
      const renamed = 'new.example/transparency'
      expect((await signCheckpoint(other.context, { origin: renamed })).note).toBe(before.notes[2])
      expect(await logVerifier(other.context)).toBe(before.key)
      const record = await appendOwn(other.context, before.partner)
      await sealAll(other.context, other.owner)
      await signCheckpoint(other.context, { origin: renamed })
      const key = (await logVerifier(other.context)) ?? ''
      expect(key.startsWith(`${renamed}+`)).toBe(true)
      const bundle = await makeBundle(other.context, { record })
      expect(bundle.inclusion.index).toBe(1000)
      expect(verifyBundle(bundle, { key }).sound).toBe(true)
      expect(verifyBundle(bundle, { key: before.key }).sound).toBe(false)
    } finally {
      await other.close()
    }
  })
})
