import { isId } from '../../kernel/ids.ts'
import { findEntry } from '../../ledger/journal/find-entry.ts'
import { builder, type GraphName } from '../builder.ts'
import { moneyType } from './money.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

type Entry = NonNullable<Awaited<ReturnType<typeof findEntry>>>

const postingType = builder.objectRef<Entry['postings'][number]>('Posting').implement({
  description: 'What an entry moves on one account.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    account: t.exposeString('account', { description: 'The account.' }),
    amount: t.field({
      type: moneyType,
      description: 'Positive is debit, negative is credit.',
      resolve: (posting) => posting,
    }),
  }),
})

const entryType = builder.objectRef<Entry>('JournalEntry').implement({
  description: 'An entry of the journal: it balances in each asset and never changes.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    at: t.expose('at', { type: 'DateTime', description: 'Its time.' }),
    postedAt: t.expose('postedAt', { type: 'DateTime', description: 'When it was posted.' }),
    reference: t.exposeString('reference', { description: 'What it is posted under, once.' }),
    description: t.exposeString('description', { description: 'What it is about.' }),
    period: t.exposeID('period', { nullable: true, description: 'The period it belongs to.' }),
    record: t.exposeID('record', { description: 'Its record in the log, which can be proven.' }),
    reverses: t.exposeID('reverses', { nullable: true, description: 'The entry that it takes back.' }),
    reversedBy: t.exposeID('reversedBy', { nullable: true, description: 'The entry that takes it back.' }),
    postings: t.field({ type: [postingType], description: 'Its lines.', resolve: ({ postings }) => postings }),
  }),
})

builder.queryFields((t) => ({
  journalEntry: t.field({
    type: entryType,
    nullable: true,
    description: 'An entry by its id.',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: async (_, { id }, { context }) => (isId('jre', id) ? findEntry(context, id) : undefined),
  }),
}))
