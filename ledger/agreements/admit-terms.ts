import { Fault } from '../../kernel/fault.ts'
import { parseTermsOf } from './parse-terms-of.ts'
import type { Programme } from './programme.ts'
import type { Terms } from './terms.ts'

/** Reads terms that are to come into force in a programme. Throws as `parseTermsOf` does, and `UNSUPPORTED` for points. */
export function admitTerms(programme: Programme, value: unknown): Terms {
  const terms = parseTermsOf(programme, value)
  refusePoints(terms)
  return terms
}

/** Points are not awarded yet: terms that promise them would be believed. */
function refusePoints({ rules }: Terms): void {
  const place = rules.findIndex(({ kind }) => kind === 'REFERRAL_POINTS')
  if (place === -1) return
  throw new Fault('UNSUPPORTED', 'points are not awarded yet', { field: `rules.${place}.kind` })
}
