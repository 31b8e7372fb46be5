import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partToPay } from '../../../ledger/payouts/part-to-pay.ts'
import { taxOn } from '../../../ledger/settlement/settle-agreement.ts'

const NOTHING = { gross: 0n, vat: 0n, withholding: 0n }
const tax = fc.record({ vatPpm: fc.bigInt(0n, 250_000n), withholdingPpm: fc.bigInt(0n, 400_000n) })

function statementOf(gross: bigint, rates: { vatPpm: bigint; withholdingPpm: bigint }) {
  return { gross, ...taxOn(gross, rates) }
}

test('a statement that is not disputed is paid as it says', () => {
  const rates = { vatPpm: 200_000n, withholdingPpm: 100_000n }
  const statement = statementOf(54_716n, rates)
  expect(partToPay({ statement, live: NOTHING, held: 0n, tax: rates })).toEqual({
    ...{ gross: 54_716n, vat: 10_943n, withholding: 5471n, transfer: 60_188n },
  })
  expect(partToPay({ statement, live: NOTHING, held: 54_716n, tax: rates })).toBeUndefined()
  expect(partToPay({ statement, live: statement, held: 0n, tax: rates })).toBeUndefined()
})

test('the last unit is transferred too, although its tax would take it', () => {
  const rates = { vatPpm: 60_000n, withholdingPpm: 100_000n }
  const statement = statementOf(1000n, rates)
  const first = partToPay({ statement, live: NOTHING, held: 1n, tax: rates })
  expect(first).toEqual({ gross: 999n, vat: 60n, withholding: 100n, transfer: 959n })
  const last = partToPay({ statement, live: first ?? NOTHING, held: 0n, tax: rates })
  expect(last).toEqual({ gross: 1n, vat: 0n, withholding: 0n, transfer: 1n })
})

test('parts come to the statement’s own tax and transfer, whatever was disputed meanwhile', () => {
  const story = fc.tuple(
    fc.bigInt(1n, 10n ** 9n),
    tax,
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
  )
  fc.assert(
    fc.property(story, ([gross, rates, disputed]) => {
      const statement = statementOf(gross, rates)
      let paid = { ...NOTHING, transfer: 0n }
      for (const fraction of [...disputed, 0]) {
        const held = BigInt(Math.floor(Number(gross - paid.gross) * fraction))
        const part = partToPay({ statement, live: paid, held, tax: rates })
        if (part === undefined) continue
        expect(part.transfer).toBe(part.gross + part.vat - part.withholding)
        expect(part.vat >= 0n && part.withholding >= 0n && part.transfer > 0n).toBe(true)
        paid = {
          gross: paid.gross + part.gross,
          vat: paid.vat + part.vat,
          withholding: paid.withholding + part.withholding,
          transfer: paid.transfer + part.transfer,
        }
      }
      const transfer = statement.gross + statement.vat - statement.withholding
      expect(paid).toEqual({ ...statement, transfer })
    }),
    { numRuns: 2000 },
  )
})
