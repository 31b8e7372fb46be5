import { describe, expect, test } from 'vitest'
import { type CustomerHistory, unconvertedPaths } from '../../../ledger/facts/unconverted-paths.ts'

const SPAN = { from: new Date('2026-04-01T00:00:00Z'), to: new Date('2026-05-01T00:00:00Z'), lookbackDays: 10 }

const touch = (at: string, data = true): CustomerHistory['touches'][number] => ({
  id: `ctr_${'2'.repeat(32)}`,
  externalId: at,
  occurredAt: new Date(at),
  partner: 'a',
  data,
  campaign: undefined,
})
const event = (at: string, minor = 1n): CustomerHistory['events'][number] => ({
  ...{
    id: `rev_${'3'.repeat(32)}`,
    source: 'core',
    externalId: at,
    base: 'COMMISSION',
    minor,
    occurredAt: new Date(at),
  },
  ...{ category: undefined, product: undefined, market: undefined },
})

/** The ages of the touches of each path. */
function pathsOf(touches: CustomerHistory['touches'], events: CustomerHistory['events'] = []) {
  const view = { isTouch: ({ data }: { readonly data: boolean }) => data, isConversion: () => true }
  return unconvertedPaths({ touches, events }, view, SPAN).map((path) =>
    path.map(({ externalId, ageDays }) => [externalId, ageDays]),
  )
}

describe('a path without a conversion', () => {
  test('ends in the month in which its quiet lookback does, the first instant in it and not the last', () => {
    for (const [at, ends] of [
      ['2026-03-21T23:59:59.999Z', false],
      ['2026-03-22T00:00:00Z', true],
      ['2026-04-20T23:59:59.999Z', true],
      ['2026-04-21T00:00:00Z', false],
    ] as const) {
      expect(pathsOf([touch(at)])).toEqual(ends ? [[[at, 0]]] : [])
    }
  })

  test('holds the touches of the lookback before its last one, which begins again with a touch in it', () => {
    const touches = ['2026-03-25T00:00:00Z', '2026-03-28T00:00:00Z', '2026-04-07T00:00:00Z'].map((at) => touch(at))
    expect(pathsOf(touches)).toEqual([
      [
        ['2026-03-28T00:00:00Z', 10],
        ['2026-04-07T00:00:00Z', 0],
      ],
    ])
  })

  test('is two where more than the lookback lies between', () => {
    const touches = ['2026-04-01T00:00:00Z', '2026-04-11T00:00:00.001Z'].map((at) => touch(at))
    expect(pathsOf(touches)).toEqual([[['2026-04-01T00:00:00Z', 0]], [['2026-04-11T00:00:00.001Z', 0]]])
  })

  test('is none where a conversion came in time, and begins after the last one', () => {
    const touches = ['2026-04-02T00:00:00Z', '2026-04-06T00:00:00Z'].map((at) => touch(at))
    expect(pathsOf(touches, [event('2026-04-16T00:00:00Z')])).toEqual([])
    expect(pathsOf(touches, [event('2026-04-16T00:00:00.001Z')])).toHaveLength(1)
    expect(pathsOf(touches, [event('2026-04-03T00:00:00Z')])).toEqual([[['2026-04-06T00:00:00Z', 0]]])
  })

  test('knows the touches of its rule alone', () => {
    expect(pathsOf([touch('2026-04-05T00:00:00Z', false)])).toEqual([])
    expect(pathsOf([touch('2026-04-05T00:00:00Z'), touch('2026-04-07T00:00:00Z', false)])).toHaveLength(1)
  })
})
