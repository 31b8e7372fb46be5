import type { CanonicalValue } from '../../../kernel/canonical-json.ts'
import { invariant, unreachable } from '../../../kernel/invariant.ts'
import type { TermsChange } from '../../agreements/diff-terms.ts'
import { isFactRule, type Terms } from '../../agreements/terms.ts'
import { FIELD_FORMS, type FieldForm } from './field-forms.ts'
import { fieldName } from './field-names.ts'
import { tellFilter } from './tell-filter.ts'
import { tellOffer } from './tell-offer.ts'
import type { ExplainIn, Language } from './words.ts'

/** The two versions that a change lies between. */
export type DiffedTerms = { readonly before: Terms; readonly after: Terms }

/** A change of terms as a sentence; amounts and times as the version after has them. */
export function tellDiff(change: TermsChange, terms: DiffedTerms, language: Language): string {
  const { asset, timeZone } = terms.after
  const options = { asset, timeZone, language }
  switch (change.what) {
    case 'CHANGED':
      return tellChanged(change, options)
    case 'ADDED':
      return tellAdded(change, terms, options)
    case 'REMOVED':
      return tellRemoved(change, terms, options)
    case 'MOVED':
      return language === 'en'
        ? `${stayed(change, language)} changed its turn among the rules.`
        : `${stayed(change, language)}：在各规则中的先后次序有变。`
    default:
      return unreachable(change.what)
  }
}

function tellChanged(change: TermsChange, options: ExplainIn): string {
  const { path, rule, before, after } = change
  const { language } = options
  const { en, zh, form } = fieldName(rule === undefined ? path : path.split('.').slice(2).join('.'))
  const [from, to] = [before, after].map((value) => valueIn(value, form, { options, path }))
  if (language === 'zh-CN') return `${rule ? `${stayed(change, language)}：` : ''}${zh}由 ${from} 变为 ${to}。`
  const sentence = `${en}: ${to} instead of ${from}.`
  return rule ? `${stayed(change, language)}, ${sentence}` : `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`
}

/** The rule of a change, by its place in the version after, and the one before where that was another. */
function stayed({ rule }: TermsChange, language: Language): string {
  const [before, after] = [placeOf(rule?.before), placeOf(rule?.after)]
  if (before === after) return language === 'en' ? `Rule ${after}` : `规则 ${after}`
  return language === 'en' ? `Rule ${after} (rule ${before} before)` : `规则 ${after}（原规则 ${before}）`
}

/** Without a filter's names all pass, without children named all members do; else there simply is nothing. */
function valueIn(
  value: CanonicalValue | undefined,
  form: FieldForm,
  { options, path }: { readonly options: ExplainIn; readonly path: string },
): string {
  if (value !== undefined) return FIELD_FORMS[form](value, options)
  const english = options.language === 'en'
  if (path.endsWith('.childPartners')) return english ? 'all other members' : '全部其他成员'
  if (form === 'NAMES' || form === 'PRODUCTS') return english ? 'all' : '全部'
  return english ? 'none' : '无'
}

function tellAdded({ rule }: TermsChange, { after }: DiffedTerms, options: ExplainIn): string {
  const offer = offerOf(after, rule?.after, options)
  const place = placeOf(rule?.after)
  return options.language === 'en' ? `Rule ${place} is new: it ${offer}.` : `新增规则 ${place}：${offer}。`
}

function tellRemoved({ rule }: TermsChange, { before }: DiffedTerms, options: ExplainIn): string {
  const offer = offerOf(before, rule?.before, options)
  const place = placeOf(rule?.before)
  return options.language === 'en'
    ? `Rule ${place} of version ${before.version} falls away, which ${offer}.`
    : `取消第 ${before.version} 版的规则 ${place}：${offer}。`
}

function offerOf({ rules }: Terms, place: number | undefined, options: ExplainIn): string {
  const rule = place === undefined ? undefined : rules[place]
  invariant(rule !== undefined && place !== undefined, 'a change of a rule has its place')
  const only = isFactRule(rule) ? tellFilter(rule.filter, options) : ''
  const offer = tellOffer(rule, place, options)
  if (only === '') return offer
  return options.language === 'en' ? `${offer} (only ${only})` : `${offer}（仅限${only}）`
}

/** As people count. */
function placeOf(place: number | undefined): number {
  invariant(place !== undefined, 'a change of a rule has its place')
  return place + 1
}
