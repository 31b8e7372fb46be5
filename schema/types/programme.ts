import { findProgramme } from '../../ledger/agreements/find-programme.ts'
import { listProgrammes } from '../../ledger/agreements/list-programmes.ts'
import { listTerms } from '../../ledger/agreements/list-terms.ts'
import type { Programme } from '../../ledger/agreements/programme.ts'
import { builder } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { termsVersionType } from './terms-version.ts'

/** What members share in. */
export const programmeType = builder.objectRef<Programme>('Programme').implement({
  description: 'What partners share in: one asset, and calendar months of one time zone.',
  subGraphs: ['partner', 'operations'],
  authScopes: { $any: { scopeOrStaff: 'statements:read', scope: 'agreements:sign' } },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    code: t.exposeString('code', { description: 'Its short name, which never changes.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    asset: t.exposeString('asset', { description: 'What it pays in, e.g. CNY/2.' }),
    timeZone: t.exposeString('timeZone', { description: 'Whose months it settles, an IANA name.' }),
    terms: t.field({
      type: [termsVersionType],
      subGraphs: ['operations'],
      description: 'All versions of its terms, ascending.',
      resolve: ({ id }, _, { context }) => listTerms(context, { programme: id }),
    }),
  }),
})

/** The programme with an id or code, asked for once per request. */
export const programmeNamed = perRequest(({ context }: GraphContext, named) => findProgramme(context, named))

const programmes = connectionOf(programmeType, ['operations'])

builder.queryFields((t) => ({
  programmes: t.field({
    type: programmes,
    description: 'All programmes, by code.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: pageArgs,
    resolve: (_, args, { context }) => listProgrammes(context, pageIn(args)),
  }),
}))
