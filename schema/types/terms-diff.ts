import { canonicalJson } from '../../kernel/canonical-json.ts'
import { compareTerms } from '../../ledger/agreements/compare-terms.ts'
import { CHANGES, type TermsChange } from '../../ledger/agreements/diff-terms.ts'
import { tellDiff } from '../../ledger/splits/explain/tell-diff.ts'
import { builder, type GraphName } from '../builder.ts'
import { languageArgs } from './language-args.ts'

type ToldChange = TermsChange & { readonly sentence: string }

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

const changeType = builder.enumType('TermsChangeKind', {
  description: 'A field’s other value, or a rule that came, went, or changed its turn among those that stayed.',
  subGraphs,
  values: [...CHANGES],
})

const termsChangeType = builder.objectRef<ToldChange>('TermsChange').implement({
  description: 'One difference between two versions of terms.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    what: t.expose('what', { type: changeType, description: 'What it is.' }),
    path: t.exposeString('path', {
      description: 'Where, such as rules.0.ratePpm, in the version after; of a removed rule in the version before.',
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What was there; nothing where nothing was. Integers are text.',
      resolve: ({ before }) => plain(before),
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is there now; nothing where nothing is. Integers are text.',
      resolve: ({ after }) => plain(after),
    }),
    sentence: t.exposeString('sentence', { description: 'The same for people.' }),
  }),
})

builder.queryFields((t) => ({
  termsDiff: t.field({
    type: [termsChangeType],
    description: 'All that differs between two versions of a programme’s terms. NOT_FOUND for one that is not there.',
    subGraphs,
    authScopes,
    args: {
      programme: t.arg.string({ required: true, description: 'Its code or id.' }),
      from: t.arg.int({ required: true, description: 'The version before.' }),
      to: t.arg.int({ required: true, description: 'The version after.' }),
      ...languageArgs,
    },
    resolve: async (_, { programme, from, to, language }, { context }) => {
      const { changes, ...terms } = await compareTerms(context, { programme, from, to })
      return changes.map((change) => ({ ...change, sentence: tellDiff(change, terms, language) }))
    },
  }),
}))

function plain(value: TermsChange['before']): object | string | boolean | null {
  return value === undefined ? null : JSON.parse(canonicalJson(value))
}
