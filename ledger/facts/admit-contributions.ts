import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import type { Admission, KeyedFact } from './decide-facts.ts'
import { refusalOf } from './fact-result.ts'
import { noAgreement, type ParsedContribution, type ReportedContribution } from './parse-contribution.ts'
import type { ContributionBackground } from './store/contribution-backgrounds.ts'

/** A contribution with whom and what it names, so far as they are known. */
export type Candidate = KeyedFact & ParsedContribution & { readonly background: ContributionBackground }

/**
 * Decides on contributions of one partner one after the other: whom and what they name must be known, and the first report
 * of a course, by the time of the facts, must tell its price.
 */
export function admitContributions(): (candidate: Candidate) => Admission {
  const told = new Map<string, ReportedContribution[]>()
  return (candidate) => {
    const { reported, externalId } = candidate
    const course = courseOf(candidate)
    const before = told.get(course) ?? []
    const fault = faultOf(candidate) ?? priceFault(candidate, before)
    if (fault !== undefined) return refusalOf(fault, externalId)
    if (reported.course !== undefined) {
      before.push(reported)
      told.set(course, before)
    }
    return { newId: newId('ctr') }
  }
}

/** An unknown subject and another partner's give the same words. */
function faultOf({ reported, referrer, background }: Candidate): Fault | undefined {
  if (reported.subject !== undefined && background.customer === undefined) return nobody('subject')
  if (referrer !== undefined && background.referrer === undefined) return nobody('referrer')
  if (referrer !== undefined && background.referrer === background.customer) {
    return new Fault('INVALID_INPUT', 'contribution: referrer: nobody refers oneself', { field: 'referrer' })
  }
  if (!background.agreementStands) return noAgreement()
  if (background.assetFits) return undefined
  return new Fault('ASSET_MISMATCH', 'no programme of yours at that time is in this asset', { field: 'asset' })
}

function priceFault({ reported, background }: Candidate, before: readonly ReportedContribution[]): Fault | undefined {
  const { course, value } = reported
  if (course === undefined || value !== undefined || background.enrolled) return undefined
  if (before.some((other) => enrols(other, reported))) return undefined
  const why = 'contribution: asset: the first report of a course tells its price'
  return new Fault('INVALID_INPUT', why, { field: 'asset' })
}

/** Whether one report of a course comes before another, wherever that one counts. */
function enrols(other: ReportedContribution, report: ReportedContribution): boolean {
  if (other.agreement !== undefined && other.agreement !== report.agreement) return false
  const apart = other.occurredAt.getTime() - report.occurredAt.getTime()
  return apart < 0 || (apart === 0 && Buffer.compare(Buffer.from(other.externalId), Buffer.from(report.externalId)) < 0)
}

/** One course of one customer; NUL is in no key. */
function courseOf({ reported: { course, lead }, background: { customer } }: Candidate): string {
  return `${course}\u0000${customer ?? lead}`
}

function nobody(field: 'subject' | 'referrer'): Fault {
  return new Fault('NOT_FOUND', 'you know no customer by this subject', { field })
}
