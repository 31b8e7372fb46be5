import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { parseTerms } from './parse-terms.ts'
import type { Rule, Terms } from './terms.ts'

/** Canonical JSON of terms (RFC 8785, integers as text, times in UTC with milliseconds), every default written out. */
export function bodyOf(terms: Terms): string {
  return canonicalJson(canonicalTerms(terms))
}

/** SHA-256 of a body, by which the terms are known to everybody. */
export function hashOfBody(body: string): string {
  return sha256Hex(body)
}

/** Reads a body that was published. */
export function readTerms(body: string): Terms {
  return parseTerms(JSON.parse(body))
}

/** A value of canonical JSON by its members' names. */
export type CanonicalMembers = { readonly [name: string]: CanonicalValue | undefined }

/** Terms as a value of canonical JSON, as they also stand in the record. */
export function canonicalTerms(terms: Terms): CanonicalMembers {
  return {
    ...terms,
    version: BigInt(terms.version),
    effectiveFrom: terms.effectiveFrom.toISOString(),
    rules: terms.rules.map(canonicalRule),
    holdback: { ppm: terms.holdback.ppm, periods: BigInt(terms.holdback.periods) },
    clawbackDays: BigInt(terms.clawbackDays),
    disputeDays: BigInt(terms.disputeDays),
    lookbackDays: BigInt(terms.lookbackDays),
  }
}

/** A rule as a value of canonical JSON: its numbers, which count something, as whole numbers like all others. */
export function canonicalRule(rule: Rule): CanonicalMembers {
  return canonicalMembers(rule)
}

function canonicalMembers(part: object): CanonicalMembers {
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, canonicalPart(value)]))
}

function canonicalPart(part: unknown): CanonicalValue {
  if (typeof part === 'number') return BigInt(part)
  if (Array.isArray(part)) return part.map(canonicalPart)
  if (typeof part !== 'object' || part === null) return part as CanonicalValue
  return canonicalMembers(part)
}
