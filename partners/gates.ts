import type { Reader } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import { lacksAssessment } from './assessments/store/assessments.ts'
import { lacksConformance } from './conformance/store/runs.ts'
import type { Partner, PartnerStatus } from './partner.ts'
import { hasActiveClient } from './store/clients.ts'

/** Asks one thing of a partner; answers with what it lacks, or nothing. */
export type Gate = (sql: Reader, partner: Partner) => Promise<string | undefined>

/** What a status asks of a partner that comes to it, whatever it comes from. */
const GATES: Readonly<Partial<Record<PartnerStatus, readonly Gate[]>>> = {
  SANDBOX: [anAssessmentThatCounts],
  LIVE: [anActiveClient, anAssessmentThatCounts, aConformanceRunThatCounts],
}

/** Throws `NOT_READY` with everything that the partner lacks for the status. */
export async function requireGates(sql: Reader, partner: Partner, to: PartnerStatus): Promise<void> {
  const lacking: string[] = []
  for (const gate of GATES[to] ?? []) {
    const lack = await gate(sql, partner)
    if (lack !== undefined) lacking.push(lack)
  }
  if (lacking.length > 0) {
    throw new Fault('NOT_READY', `partner ${partner.code} cannot become ${to}: ${lacking.join('; ')}`)
  }
}

async function anActiveClient(sql: Reader, { id }: Partner): Promise<string | undefined> {
  return (await hasActiveClient(sql, id)) ? undefined : 'it has no active client'
}

/** Asked of partners that applied: for one that a member of the staff created, the broker vouches (ADR 0041). */
async function anAssessmentThatCounts(sql: Reader, { id }: Partner): Promise<string | undefined> {
  return (await lacksAssessment(sql, id))
    ? 'it applied, and has no assessment that was passed and has not expired'
    : undefined
}

/** Asked in the sandbox of partners that applied, as the assessment is; one that resumes was live before (ADR 0044). */
async function aConformanceRunThatCounts(sql: Reader, { id, status }: Partner): Promise<string | undefined> {
  if (status !== 'SANDBOX') return undefined
  return (await lacksConformance(sql, id))
    ? 'it applied, and has no conformance run that was passed and still counts'
    : undefined
}
