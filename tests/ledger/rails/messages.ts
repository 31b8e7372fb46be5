import fc from 'fast-check'
import type { BankAccountDetails } from '../../../ledger/bank-accounts/bank-details.ts'
import type { PaymentInstruction, PaymentMessage } from '../../../ledger/rails/payment-message.ts'

export const GERMAN: BankAccountDetails = {
  holder: 'Hafen Reisen GmbH & Söhne <Hamburg>',
  scheme: 'IBAN',
  number: 'DE89370400440532013000',
  bankCode: 'COBADEFFXXX',
  country: 'DE',
}
export const CHINESE: BankAccountDetails = {
  holder: '杭州海港旅行社有限公司',
  scheme: 'CN_DOMESTIC',
  number: '6222021200112233445',
  bankCode: '102100099996',
  bankName: '中国工商银行杭州分行',
  country: 'CN',
}
export const AMERICAN: BankAccountDetails = {
  holder: '=HYPERLINK("http://example.com","pay")',
  scheme: 'OTHER',
  number: '0123456789AB',
  bankCode: 'CHASUS33',
  country: 'US',
}

const ids = (stem: string): PaymentInstruction => ({
  instructionId: `0198a0c0d0e0700080000000000000${stem}`,
  endToEndId: `0198b0c0d0e0700080000000000000${stem}001`,
  minor: 1n,
  creditor: CHINESE,
  remittance: `spring-harbour-${stem}-2026-01`,
})

/** A message with a creditor of each scheme. */
export const MESSAGE: PaymentMessage = {
  messageId: '0198c0c0d0e07000800000000000000a',
  createdAt: new Date('2026-02-10T01:02:03.456Z'),
  executionDate: '2026-02-11',
  asset: 'CNY/2',
  debtor: GERMAN,
  payments: [
    { ...ids('01'), minor: 5_252_800n },
    { ...ids('02'), minor: 7n, creditor: GERMAN },
    { ...ids('03'), minor: 100n, creditor: AMERICAN },
  ],
}

const word = (least: number, most: number) => fc.string({ unit: 'binary', minLength: least, maxLength: most })
const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: count, maxLength: count })
const letters = fc.string({
  unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  minLength: 6,
  maxLength: 34,
})

const bank = fc.record({ holder: word(1, 70), bankName: word(1, 140) }, { requiredKeys: ['holder'] })
const account = fc
  .tuple(
    bank,
    fc.oneof(
      fc.record({
        scheme: fc.constant('CN_DOMESTIC' as const),
        number: fc.integer({ min: 8, max: 32 }).chain(digits),
        bankCode: digits(12),
        country: fc.constant('CN'),
      }),
      fc.record({
        scheme: fc.constant('IBAN' as const),
        number: fc.constantFrom('DE89370400440532013000', 'GB29NWBK60161331926819', 'MT84MALT011000012345MTLCAST001S'),
        bankCode: fc.constantFrom('COBADEFFXXX', 'NWBKGB2L'),
        country: fc.constantFrom('DE', 'GB', 'MT'),
      }),
      fc.record({
        scheme: fc.constant('OTHER' as const),
        number: letters,
        bankCode: fc.constant('CHASUS33'),
        country: fc.constant('US'),
      }),
    ),
  )
  .map(([named, numbered]): BankAccountDetails => ({ ...named, ...numbered }))

/** Any message that batches can become: names of any characters, amounts from one minor unit. */
export const anyMessage: fc.Arbitrary<PaymentMessage> = fc.record({
  messageId: fc.constant(MESSAGE.messageId),
  createdAt: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  executionDate: fc.constant('2026-02-11'),
  asset: fc.constantFrom('CNY/2' as const, 'JPY/0' as const, 'KWD/3' as const, 'EUR/2' as const),
  debtor: account,
  payments: fc.array(
    fc.record({
      instructionId: fc.constant('0198a0c0d0e070008000000000000001'),
      endToEndId: fc.constant('0198b0c0d0e070008000000000000001001'),
      minor: fc.bigInt({ min: 1n, max: 10n ** 15n }),
      creditor: account,
      remittance: word(1, 200),
    }),
    { minLength: 1, maxLength: 5 },
  ),
})
