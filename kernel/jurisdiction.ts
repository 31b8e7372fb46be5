import { z } from 'zod'

/** Where the broker is: data that goes elsewhere needs a consent for that. The database says the same (`home_jurisdiction`). */
export const HOME_JURISDICTION = 'CN'

/** What has a code by a promise of the standard, or outside of it, and is no country: private use, groups, parts. */
const NO_COUNTRY = /^(A[AC]|C[PQ]|DG|E[AUZ]|IC|TA|UN|ZZ|Q[M-Z]|X[A-Z])$/

/** A country's code in its present form (ISO 3166-1 alpha-2), such as SG. */
export const jurisdiction = z.string().refine(isJurisdiction, 'it is no country: two capital letters, such as SG')

function isJurisdiction(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text) || NO_COUNTRY.test(text)) return false
  // a code that was given up leads to what took its place
  return nameOfJurisdiction(text, 'en') !== undefined && new Intl.Locale(`und-${text}`).maximize().region === text
}

/** What people call it in a language (BCP 47). */
export function nameOfJurisdiction(code: string, language: string): string | undefined {
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code)
}
