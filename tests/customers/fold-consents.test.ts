import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsentStatus } from '../../customers/consent.ts'
import { type ConsentEvent, foldConsents, type Standing } from '../../customers/fold-consents.ts'
import type { KeptConsent, KeptEvent } from '../../customers/store/write-consents.ts'
import { idOf } from '../../kernel/ids.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const uuid = (n: number): string => String(n).padStart(32, '0')
const place = { customer: idOf('cus', uuid(1)), partner: idOf('ptr', uuid(2)), purpose: 'CREDIT' }
const defined: Standing = { consents: [], purposes: new Set(['CREDIT']), tags: new Set(['age']) }

function stepOf(n: number, change: number, status: ConsentStatus): ConsentEvent['step'] {
  const moment = at(20 * n + change)
  return {
    consent: idOf('cns', uuid(n)),
    change,
    status,
    by: 'CUSTOMER',
    at: moment,
    record: idOf('rec', uuid(20 * n + change)),
  }
}

function granted(n: number): ConsentEvent {
  const step = stepOf(n, 1, 'AUTHORISED')
  const limits = { usage: 'RECURRING', maxPerDay: undefined, retentionDays: undefined } as const
  const given: KeptConsent = {
    ...place,
    ...limits,
    id: step.consent,
    tags: [{ key: 'age', granularity: 'exact' }],
    grantedAt: step.at,
    expiresAt: at(1000),
    crossBorder: undefined,
    noticeVersion: 0,
    amends: undefined,
    edition: 1,
    evidence: { locale: 'en', channel: 'app' },
    status: 'AUTHORISED',
    endedAt: undefined,
    suspendedBy: undefined,
    version: 1,
    record: step.record,
  }
  return { step, place, given }
}

/** A consent that is given, suspended and resumed so often, and then superseded unless it is the last in its place. */
function lifeOf(n: number, pauses: number, isLast: boolean): readonly ConsentEvent[] {
  const statuses: ConsentStatus[] = [
    ...Array.from({ length: pauses }, () => ['SUSPENDED', 'AUTHORISED'] as const).flat(),
  ]
  if (!isLast) statuses.push('SUPERSEDED')
  return [granted(n), ...statuses.map((status, index) => ({ step: stepOf(n, index + 2, status), place }))]
}

/** A life in one place: consents given one after the other, each but the last ended. */
function life(pauses: readonly number[]): readonly ConsentEvent[] {
  return pauses.flatMap((count, n) => lifeOf(n, count, n === pauses.length - 1))
}

type Rows = { readonly consents: ReadonlyMap<string, KeptConsent>; readonly steps: readonly KeptEvent[] }

/** Gives events in pieces, what waits again with the next, as a replay does; returns the rows at the end. */
function replayed(pieces: readonly (readonly ConsentEvent[])[]): Rows {
  const rows = new Map<string, KeptConsent>()
  const taken: KeptEvent[] = []
  let waiting: readonly ConsentEvent[] = []
  for (const piece of [...pieces, ...pieces.map(() => []), []]) {
    let due: readonly ConsentEvent[] = [...waiting, ...piece]
    for (let left = due.length + 1; due.length > 0 && due.length < left; ) {
      left = due.length
      const {
        added,
        changed,
        steps,
        waiting: indexes,
      } = foldConsents(due, { ...defined, consents: [...rows.values()] })
      for (const { id, ...state } of changed) {
        const row = rows.get(id)
        if (row) rows.set(id, { ...row, ...state })
      }
      for (const row of added) rows.set(row.id, row)
      taken.push(...steps)
      const current: readonly ConsentEvent[] = due
      due = indexes.flatMap((index) => current[index] ?? [])
    }
    waiting = due
  }
  expect(waiting).toEqual([])
  return { consents: rows, steps: taken.toSorted((a, b) => a.at.getTime() - b.at.getTime()) }
}

describe('consents folded out of their records', () => {
  test('are the same rows in whatever order and pieces the records come', () => {
    const shuffled = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }).chain((pauses) => {
      const events = life(pauses)
      const order = fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length })
      return fc.tuple(fc.constant(pauses), order, fc.integer({ min: 1, max: 5 }))
    })
    fc.assert(
      fc.property(shuffled, ([pauses, events, size]) => {
        const pieces = Array.from({ length: Math.ceil(events.length / size) }, (_, n) =>
          events.slice(n * size, (n + 1) * size),
        )
        const { consents, steps } = replayed(pieces)
        const told = replayed([life(pauses)])
        expect([...consents].sort()).toEqual([...told.consents].sort())
        expect(steps).toEqual(told.steps)
        const authorised = [...consents.values()].filter(({ status }) => status === 'AUTHORISED')
        expect(authorised).toHaveLength(1)
        expect(consents.size).toBe(pauses.length)
        for (const { id, version } of consents.values()) {
          expect(steps.filter(({ consent }) => consent === id)).toHaveLength(version)
        }
      }),
    )
  })

  test('wait for their purpose and their tags', () => {
    expect(foldConsents([granted(1)], { ...defined, tags: new Set() })).toMatchObject({ added: [], waiting: [0] })
    expect(foldConsents([granted(1)], { ...defined, purposes: new Set() })).toMatchObject({ added: [], waiting: [0] })
  })

  test('wait for the step before, and for a place', () => {
    const [given, suspended, resumed] = lifeOf(1, 1, true)
    expect(given && resumed && foldConsents([resumed, given], defined)).toMatchObject({ waiting: [0] })
    expect(suspended && foldConsents([suspended], defined)).toMatchObject({ changed: [], waiting: [0] })
    expect(given && foldConsents([given, granted(2)], defined)).toMatchObject({ waiting: [1] })
  })

  test('take each step once', () => {
    const again: ConsentEvent = { step: { ...stepOf(1, 2, 'REVOKED'), record: idOf('rec', uuid(9)) }, place }
    expect(foldConsents([...lifeOf(1, 0, false), again], defined)).toMatchObject({ waiting: [2] })
  })

  test('end with their time at the latest, and when their record says so', () => {
    const late: ConsentEvent = { step: { ...stepOf(1, 2, 'EXPIRED'), at: at(2000) }, place }
    expect(foldConsents([granted(1), late], defined).added).toMatchObject([
      { status: 'EXPIRED', endedAt: at(1000), version: 2 },
    ])
    expect(foldConsents([granted(1), { ...late, endedAt: at(500) }], defined).added).toMatchObject([
      { endedAt: at(500) },
    ])
  })

  test('are suspended by whoever did it, and by nobody when they are resumed', () => {
    const [given, suspended, resumed] = lifeOf(1, 1, true)
    const events = [given, suspended, resumed].flatMap((event) => event ?? [])
    expect(foldConsents(events.slice(0, 2), defined).added).toMatchObject([
      { status: 'SUSPENDED', suspendedBy: 'CUSTOMER' },
    ])
    expect(foldConsents(events, defined).added).toMatchObject([{ status: 'AUTHORISED', suspendedBy: undefined }])
  })
})
