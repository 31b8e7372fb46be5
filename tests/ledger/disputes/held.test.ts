import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heldOf } from '../../../ledger/disputes/held.ts'

const amount = fc.bigInt(0n, 10n ** 27n)
const parts = fc.array(fc.record({ minor: fc.bigInt(-(10n ** 27n), 10n ** 27n) }), { maxLength: 8 })
const inDoubt = fc.record({
  payout: amount,
  amount: fc.option(amount, { nil: undefined }),
  rules: parts,
  lines: parts,
})

test('no more than the payout is held, and nothing below zero', () => {
  fc.assert(
    fc.property(inDoubt, (dispute) => {
      const held = heldOf(dispute)
      expect(held >= 0n && held <= dispute.payout).toBe(true)
    }),
  )
})

test('what is said to be in doubt is held, whatever the parts gave', () => {
  fc.assert(
    fc.property(inDoubt, amount, (dispute, said) => {
      const held = heldOf({ ...dispute, amount: said })
      expect(said < dispute.payout ? held === said : held === dispute.payout).toBe(true)
    }),
  )
})

test('one more part never lets less be held', () => {
  fc.assert(
    fc.property(inDoubt, fc.bigInt(-1000n, 1000n), (dispute, minor) => {
      fc.pre(dispute.rules.length + dispute.lines.length > 0)
      const more = { ...dispute, lines: [...dispute.lines, { minor }] }
      expect(heldOf(more) >= heldOf(dispute)).toBe(true)
    }),
  )
})

test.each([
  [{ rules: [], lines: [] }, 600n],
  [{ rules: [{ minor: 250n }], lines: [{ minor: 50n }] }, 300n],
  [{ rules: [{ minor: -250n }], lines: [{ minor: 50n }] }, 50n],
  [{ rules: [{ minor: 700n }], lines: [] }, 600n],
])('of a payout of 600, %o holds %s', (dispute, held) => {
  expect(heldOf({ payout: 600n, amount: undefined, ...dispute })).toBe(held)
})
