import { builder, type GraphName } from '../builder.ts'
import { accountSchemeType } from './enums.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

/** What every mutation of this kind asks for. */
export const KEY = { required: true, description: 'The same again has one effect.' } as const

/** What a bank must know to pay. It goes in and never comes out. */
export const bankDetailsInput = builder.inputType('BankDetailsInput', {
  description: 'What a bank must know to pay. Holder and number are kept sealed and shown to nobody.',
  subGraphs,
  fields: (t) => ({
    holder: t.string({ required: true, description: 'Whose account it is, 1 to 70 characters of any script.' }),
    scheme: t.field({ type: accountSchemeType, required: true, description: 'How the number is made.' }),
    number: t.string({
      required: true,
      description: 'An IBAN, 8 to 32 digits in China, or 6 to 34 letters and digits; spaces and dashes do not count.',
    }),
    bankCode: t.string({ required: true, description: 'BIC of 8 or 11 characters; in China 12 digits of CNAPS.' }),
    bankName: t.string({ description: 'Name of the bank, up to 140 characters.' }),
    country: t.string({ required: true, description: 'Country of the bank, two letters.' }),
  }),
})
