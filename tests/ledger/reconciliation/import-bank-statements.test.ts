import { describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { fileOf } from '../../../ledger/reconciliation/bank-file.ts'
import { importBankStatements } from '../../../ledger/reconciliation/import-bank-statements.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import { ours } from '../bank-accounts/scene.ts'
import { camtOf } from './camt.ts'

const world = useWorld()
const IBAN = 'DE89370400440532013000'

describe('a camt.053 file', () => {
  test('is taken in once, however often it comes', async () => {
    await ours(world.context, 'main-bank')
    const file = fileOf(
      Buffer.from(
        camtOf([
          {
            iban: IBAN,
            opening: ['2026-03-01', '1000.00'],
            closing: ['2026-03-02', '889.50'],
            entries: [
              {
                amount: '-100.50',
                date: '2026-03-02',
                bankReference: 'B1',
                details: [
                  { endToEndId: 'E1', iban: 'FR7630006000011234567890189', name: 'Hafen', remittance: 'March' },
                ],
                charges: { amount: '0.50' },
              },
              { amount: '-10.00', date: '2026-03-02', text: 'coffee' },
              { amount: '-10.00', date: '2026-03-02', text: 'coffee', status: 'PDNG' },
            ],
          },
        ]),
      ),
    )
    const first = await importBankStatements(world.context, { file })
    expect(first).toMatchObject({ entries: 3, added: 3, statements: [{ passedOver: 1, closing: { minor: 88950n } }] })
    const second = await importBankStatements(world.context, { file })
    expect(second).toMatchObject({ entries: 3, added: 0, statements: first.statements })
    expect(
      await verifyProjections(world.context, {
        projectors: PROJECTORS.filter(({ kinds }) => kinds.includes('bank_statement')),
      }),
    ).toEqual([])
    const rows =
      await world.owner`select amount::text, kind, booked_on::text, counterparty_masked from bank_entries order by bank_entries.amount`
    expect(rows).toEqual([
      { amount: '-10000', kind: 'PAYMENT', booked_on: '2026-03-02', counterparty_masked: '****0189' },
      { amount: '-1000', kind: 'PAYMENT', booked_on: '2026-03-02', counterparty_masked: null },
      { amount: '-50', kind: 'CHARGE', booked_on: '2026-03-02', counterparty_masked: null },
    ])
  })
})
