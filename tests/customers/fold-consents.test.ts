import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ConsentEvent, foldConsents, type Standing } from '../../customers/fold-consents.ts'
import type { KeptConsent } from '../../customers/store/consents.ts'
import { idOf } from '../../kernel/ids.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const uuid = (n: number): string => String(n).padStart(32, '0')
const place = { customer: idOf('cus', uuid(1)), partner: idOf('ptr', uuid(2)), purpose: 'CREDIT' }
const defined: Standing = { consents: [], purposes: new Set(['CREDIT']), tags: new Set(['age']) }

function granted(n: number): ConsentEvent {
  const consent: KeptConsent = {
    ...place,
    id: idOf('cns', uuid(n)),
    tags: [{ key: 'age', granularity: 'exact' }],
    grantedAt: at(2 * n),
    expiresAt: at(1000),
    evidence: { locale: 'en', channel: 'app' },
    status: 'AUTHORISED',
    endedAt: undefined,
    version: 1,
    record: idOf('rec', uuid(2 * n)),
  }
  return { granted: consent }
}

function ended(n: number): ConsentEvent {
  const end = { id: idOf('cns', uuid(n)), at: at(2 * n + 1), record: idOf('rec', uuid(2 * n + 1)) }
  return { ended: { ...end, status: 'SUPERSEDED', place } }
}

/** A life in one place: consents given one after the other, each but the last ended. */
function life(consents: number): readonly ConsentEvent[] {
  return Array.from({ length: consents }, (_, n) => (n < consents - 1 ? [granted(n), ended(n)] : [granted(n)])).flat()
}

/** Gives events in pieces, what waits again with the next, as a replay does; returns the rows at the end. */
function replayed(pieces: readonly (readonly ConsentEvent[])[]): ReadonlyMap<string, KeptConsent> {
  const rows = new Map<string, KeptConsent>()
  let waiting: readonly ConsentEvent[] = []
  for (const piece of [...pieces, ...pieces.map(() => []), []]) {
    const events: readonly ConsentEvent[] = [...waiting, ...piece]
    let due = events
    for (let left = due.length + 1; due.length > 0 && due.length < left; ) {
      left = due.length
      const { added, ended: ends, waiting: indexes } = foldConsents(due, { ...defined, consents: [...rows.values()] })
      for (const end of ends) {
        const row = rows.get(end.id)
        if (row)
          rows.set(end.id, {
            ...row,
            status: end.status,
            endedAt: end.at,
            version: row.version + 1,
            record: end.record,
          })
      }
      for (const row of added) rows.set(row.id, row)
      const current: readonly ConsentEvent[] = due
      due = indexes.flatMap((index) => current[index] ?? [])
    }
    waiting = due
  }
  expect(waiting).toEqual([])
  return rows
}

describe('consents folded out of their records', () => {
  test('are the same rows in whatever order and pieces the records come', () => {
    const shuffled = fc.integer({ min: 1, max: 12 }).chain((count) => {
      const events = life(count)
      const order = fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length })
      return fc.tuple(fc.constant(count), order, fc.integer({ min: 1, max: 5 }))
    })
    fc.assert(
      fc.property(shuffled, ([count, events, size]) => {
        const pieces = Array.from({ length: Math.ceil(events.length / size) }, (_, n) =>
          events.slice(n * size, (n + 1) * size),
        )
        const rows = replayed(pieces)
        expect([...rows].sort()).toEqual([...replayed([life(count)])].sort())
        const authorised = [...rows.values()].filter(({ status }) => status === 'AUTHORISED')
        expect(authorised).toHaveLength(1)
        expect(rows.size).toBe(count)
      }),
    )
  })

  test('wait for their purpose and their tags', () => {
    expect(foldConsents([granted(1)], { ...defined, tags: new Set() })).toMatchObject({ added: [], waiting: [0] })
    expect(foldConsents([granted(1)], { ...defined, purposes: new Set() })).toMatchObject({ added: [], waiting: [0] })
  })

  test('end once', () => {
    const again: ConsentEvent = {
      ended: { id: idOf('cns', uuid(1)), status: 'REVOKED', at: at(9), record: idOf('rec', uuid(9)), place },
    }
    expect(foldConsents([granted(1), ended(1), again], defined)).toMatchObject({ waiting: [2] })
  })

  test('end with their time at the latest', () => {
    const [first] = [granted(1)]
    const late = {
      ...ended(1),
      ended: { id: idOf('cns', uuid(1)), status: 'EXPIRED', at: at(2000), record: idOf('rec', uuid(9)), place },
    } as const
    expect(foldConsents([first, late], defined).added).toMatchObject([
      { status: 'EXPIRED', endedAt: at(1000), version: 2 },
    ])
  })
})
