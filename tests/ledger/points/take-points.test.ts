import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { type LotLeft, sumPoints, takePoints } from '../../../ledger/points/take-points.ts'

const lot = fc
  .record({ points: fc.bigInt(1n, 10n ** 20n), money: fc.bigInt(0n, 10n ** 20n) })
  .map((held): LotLeft => ({ ...held, lot: newId('ptl'), asset: 'CNY/2', expiresAt: new Date(0) }))
const lotsAndTimes = fc.record({
  lots: fc.array(lot, { minLength: 1, maxLength: 6 }),
  /** In how many pieces, and how large each is of what is left, in per mille. */
  pieces: fc.array(fc.bigInt(0n, 1000n), { maxLength: 8 }),
})

test('whatever is taken in whatever pieces: the oldest first, never more than there is, and money ends at nothing', () => {
  fc.assert(
    fc.property(lotsAndTimes, ({ lots, pieces }) => {
      let left: readonly LotLeft[] = lots
      let money = 0n
      for (const piece of [...pieces, 1000n]) {
        const wanted = (sumPoints(left) * piece) / 1000n
        const parts = takePoints(left, wanted)
        expect(sumPoints(parts)).toBe(wanted)
        // all but the last one of those that give are empty
        expect(parts.map((part) => part.lot)).toEqual(left.slice(0, parts.length).map((one) => one.lot))
        for (const [place, part] of parts.entries()) {
          const held = left[place]
          expect(part.money).toBe(((held?.money ?? 0n) * part.points) / (held?.points ?? 1n))
          if (place < parts.length - 1) expect(part.points).toBe(held?.points)
        }
        money += parts.reduce((all, part) => all + part.money, 0n)
        left = left.flatMap((one) => {
          const taken = parts.find((part) => part.lot === one.lot)
          const rest = { points: one.points - (taken?.points ?? 0n), money: one.money - (taken?.money ?? 0n) }
          expect(rest.points >= 0n && rest.money >= 0n).toBe(true)
          if (rest.points === 0n) expect(rest.money).toBe(0n)
          return rest.points === 0n ? [] : [{ ...one, ...rest }]
        })
      }
      expect(left).toEqual([])
      expect(money).toBe(lots.reduce((all, one) => all + one.money, 0n))
    }),
  )
})

test('more than there is is refused', () => {
  const held: LotLeft = { lot: newId('ptl'), points: 3n, money: 1n, asset: 'CNY/2', expiresAt: new Date(0) }
  expect(() => takePoints([held], 4n)).toThrow('points are taken out of lots that hold them')
})
