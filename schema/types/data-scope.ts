import { builder, type GraphName } from '../builder.ts'

type PurposeScope = { readonly purpose: string; readonly tags: readonly string[] }

const subGraphs: GraphName[] = ['partner', 'operations']

export const dataScopeType = builder.objectRef<PurposeScope>('DataScope').implement({
  description: 'Which tags a partner may ask customers for, for one purpose.',
  subGraphs,
  fields: (t) => ({
    purpose: t.exposeString('purpose', { description: 'Key of the purpose.' }),
    tags: t.stringList({ description: 'Keys of tags, sorted.', resolve: ({ tags }) => [...tags] }),
  }),
})

export const dataScopeInput = builder.inputType('DataScopeInput', {
  description: 'Which tags a partner may ask customers for, for one purpose.',
  subGraphs: ['operations'],
  fields: (t) => ({
    purpose: t.string({ required: true, description: 'Key of the purpose.' }),
    tags: t.stringList({ required: true, description: 'Keys of tags in its catalogue.' }),
  }),
})
