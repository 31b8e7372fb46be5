import type { Id } from '../../kernel/ids.ts'
import { findTerms } from '../../ledger/agreements/find-terms.ts'
import type { Rule, Terms, TermsVersion } from '../../ledger/agreements/terms.ts'
import { tellOffer } from '../../ledger/splits/explain/tell-offer.ts'
import { told } from '../../ledger/splits/told.ts'
import { builder, type GraphName } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { ruleKindType } from './enums.ts'
import { languageArgs } from './language-args.ts'

type PlacedRule = { readonly rule: Rule; readonly place: number; readonly terms: Terms }

const subGraphs: GraphName[] = ['partner', 'operations']
const authScopes = { scopeOrStaff: 'statements:read' } as const

const termsRuleType = builder.objectRef<PlacedRule>('TermsRule').implement({
  description: 'One rule of terms.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    place: t.exposeInt('place', { description: 'Its place within the terms, from 0.' }),
    kind: t.field({ type: ruleKindType, description: 'How it reckons.', resolve: ({ rule }) => rule.kind }),
    sentence: t.string({
      description: 'What it gives, as the end of a sentence that begins with the rule.',
      args: languageArgs,
      resolve: ({ rule, place, terms: { asset, timeZone } }, { language }) =>
        tellOffer(rule, place, { asset, timeZone, language }),
    }),
    data: t.field({ type: 'JSON', description: 'All of it, defaults written out.', resolve: ({ rule }) => told(rule) }),
  }),
})

/** One published version of terms. */
export const termsVersionType = builder.objectRef<TermsVersion>('TermsVersion').implement({
  description: 'One version of a programme’s terms, which never changes.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    version: t.exposeInt('version', { description: 'Its number, from 1.' }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'DateTime', description: 'When it came or comes into force.' }),
    effectiveTo: t.expose('effectiveTo', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next version begins, if there is one.',
    }),
    hash: t.exposeString('hash', { description: 'SHA-256 of the body, hexadecimal.' }),
    body: t.exposeString('body', { description: 'The whole of it as canonical JSON (RFC 8785, integers as text).' }),
    rules: t.field({
      type: [termsRuleType],
      description: 'Its rules, in their order.',
      resolve: ({ terms }) => terms.rules.map((rule, place) => ({ rule, place, terms })),
    }),
  }),
})

/** A version of a programme's terms, asked for once per request. */
export function termsOf(
  graph: GraphContext,
  { programme, version }: { readonly programme: Id<'prg'>; readonly version: number },
): Promise<TermsVersion | undefined> {
  return termsNamed(graph, `${programme}/${version}`)
}

const termsNamed = perRequest(({ context }: GraphContext, named) => {
  const [programme = '', version] = named.split('/')
  return findTerms(context, { programme, version: Number(version) })
})
