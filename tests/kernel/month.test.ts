import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../kernel/fault.ts'
import {
  addCalendarMonths,
  addDays,
  addMonths,
  type Month,
  monthOf,
  monthSpan,
  parseMonth,
  parseTimeZone,
} from '../../kernel/month.ts'

// zones whose clocks jump at midnight on the first of a month are the hard ones: Asunción, Havana, Amman, Santiago
const zones = fc.constantFrom(
  'Asia/Shanghai',
  'UTC',
  'Europe/London',
  'America/Asuncion',
  'America/Havana',
  'Asia/Amman',
  'America/Santiago',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
)
const months: fc.Arbitrary<Month> = fc
  .tuple(fc.integer({ min: 2000, max: 2037 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => parseMonth(`${year}-${String(month).padStart(2, '0')}`))

describe('a month', () => {
  it('in Shanghai begins eight hours before it does in UTC', () => {
    expect(monthSpan('2026-01', 'Asia/Shanghai')).toEqual({
      from: new Date('2025-12-31T16:00:00Z'),
      to: new Date('2026-01-31T16:00:00Z'),
    })
    expect(monthOf(new Date('2025-12-31T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-01')
    expect(monthOf(new Date('2025-12-31T15:59:59.999Z'), 'Asia/Shanghai')).toBe('2025-12')
  })

  it('ends where the next begins', () => {
    fc.assert(
      fc.property(
        months,
        zones,
        (month, zone) => monthSpan(month, zone).to.getTime() === monthSpan(addMonths(month, 1), zone).from.getTime(),
      ),
      { numRuns: 1000 },
    )
  })

  it('holds its first instant and its last, and no other', () => {
    fc.assert(
      fc.property(months, zones, (month, zone) => {
        const { from, to } = monthSpan(month, zone)
        return (
          monthOf(from, zone) === month &&
          monthOf(new Date(to.getTime() - 1), zone) === month &&
          monthOf(to, zone) === addMonths(month, 1) &&
          monthOf(new Date(from.getTime() - 1), zone) === addMonths(month, -1)
        )
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    // the clock goes from 0:00 to 1:00 as the month begins
    ['2017-10', 'America/Asuncion', '2017-10-01T04:00:00.000Z', '2017-11-01T03:00:00.000Z'],
    // 0:00 to 1:00 on the first happens twice
    ['2015-11', 'America/Havana', '2015-11-01T04:00:00.000Z', '2015-12-01T05:00:00.000Z'],
  ] as const)('%s in %s runs from %s to %s', (month, zone, from, to) => {
    expect(monthSpan(month, zone)).toEqual({ from: new Date(from), to: new Date(to) })
  })

  it('counts on over the year', () => {
    expect(addMonths('2026-11', 3)).toBe('2027-02')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(addMonths('2026-01', 0)).toBe('2026-01')
  })

  it.each(['', '2026', '2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', '2026-01\n'])('is not %j', (text) => {
    expect(() => parseMonth(text)).toThrow(Fault)
  })
})

describe('a time zone', () => {
  it.each(['Asia/Shanghai', 'UTC', 'Europe/Berlin'])('is %s', (zone) => {
    expect(parseTimeZone(zone)).toBe(zone)
  })

  it.each(['', 'Shanghai', 'Asia/Nowhere', 'x'.repeat(1000)])('is not %j', (zone) => {
    expect(() => parseTimeZone(zone)).toThrow(Fault)
  })
})

describe('later', () => {
  it('by calendar months clips to the month’s last day, in the zone', () => {
    expect(addCalendarMonths(new Date('2026-01-31T10:00:00Z'), 1, 'UTC')).toEqual(new Date('2026-02-28T10:00:00Z'))
    // the first of February in Shanghai, so the first of March
    expect(addCalendarMonths(new Date('2026-01-31T17:00:00Z'), 1, 'Asia/Shanghai')).toEqual(
      new Date('2026-02-28T17:00:00Z'),
    )
    expect(addCalendarMonths(new Date('2026-03-01T12:00:00Z'), 1, 'Europe/London')).toEqual(
      new Date('2026-04-01T11:00:00Z'),
    )
  })

  it('by days is by 24 hours, whatever the clocks do', () => {
    expect(addDays(new Date('2026-01-15T00:00:00Z'), 90)).toEqual(new Date('2026-04-15T00:00:00Z'))
  })
})
