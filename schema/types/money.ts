import { formatDecimal, type Money } from '../../kernel/money.ts'
import { builder } from '../builder.ts'

/** An exact amount; never a number, which would round it. */
export const moneyType = builder.objectRef<Money>('Money').implement({
  description: 'An exact amount of one asset.',
  subGraphs: ['partner', 'operations'],
  fields: (t) => ({
    amount: t.string({ description: 'As a decimal, e.g. 1234.56.', resolve: formatDecimal }),
    minor: t.string({ description: 'In whole minor units, e.g. 123456.', resolve: ({ minor }) => `${minor}` }),
    asset: t.exposeString('asset', { description: 'Its code and decimals, e.g. CNY/2.' }),
  }),
})
