import { randomUUID } from 'node:crypto'
import type { Context } from '../../../database/context.ts'
import type { Application, Mail } from '../../../partners/applications/application.ts'
import { confirmApplication } from '../../../partners/applications/confirm-application.ts'
import { listApplications } from '../../../partners/applications/find-application.ts'
import { requestApplication } from '../../../partners/applications/request-application.ts'
import { approveAssessment } from '../../../partners/assessments/approve-assessment.ts'
import type { Assessment } from '../../../partners/assessments/assessment.ts'
import { openAssessment } from '../../../partners/assessments/open-assessment.ts'
import { proposeAssessment } from '../../../partners/assessments/propose-assessment.ts'
import { CRITERIA } from '../../../partners/assessments/rubric.ts'
import { scoreAssessment } from '../../../partners/assessments/score-assessment.ts'

/** A document that shows something. */
export const EVIDENCE = [{ sha256: 'a'.repeat(64), name: 'licence.pdf' }]

let applicants = 0

/** What a company sends that applies. */
export function applicationOf(email = `applicant-${++applicants}@harbour.example`): object {
  const contact = { name: 'Ann Contact', email }
  return { name: 'Harbour Travel', kind: 'SCENARIO', jurisdiction: 'SG', about: 'Travel insurance at booking', contact }
}

/** What the link in a mail holds. */
export function tokenIn({ text }: Mail): string {
  return /\?token=([\w-]+)/.exec(text)?.[1] ?? ''
}

/** The code of a partner that applied and confirmed its mail address. */
export async function applied(context: Context): Promise<string> {
  const mail = await requestApplication(context, applicationOf(), { language: 'en', verifyAt: 'https://x.example/c' })
  if (mail === undefined) throw new Error('a first application has a mail')
  const { application } = await confirmApplication(context, { token: tokenIn(mail) })
  const found = (await applicationsOf(context)).find(({ id }) => id === application)
  if (found === undefined) throw new Error('a confirmed application is listed')
  return found.code
}

/** Applications that were confirmed, the last first. */
export async function applicationsOf(context: Context): Promise<readonly Application[]> {
  return (await listApplications(context, { page: { first: 100 } })).edges.map(({ node }) => node)
}

/** The world as a member of the staff acts in it. */
export function as(context: Context, name: string): Context {
  return { ...context, actor: `staff:${name}` }
}

/** A key that nobody used. */
export const once = () => ({ idempotencyKey: randomUUID() })

/** Opens an assessment and gives every criterion this share of its points. */
export async function scored(context: Context, partner: string, share = 0.8): Promise<Assessment> {
  const opened = await openAssessment(context, { partner, ...once() })
  let last = opened
  for (const { key, most } of CRITERIA) {
    const score = { assessment: opened.id, criterion: key, points: Math.floor(most * share), evidence: EVIDENCE }
    last = await scoreAssessment(context, { ...score, ...once() })
  }
  return last
}

/** An assessment that was passed, by three persons. */
export async function passed(context: Context, partner: string): Promise<Assessment> {
  const { id } = await scored(as(context, 'ann'), partner)
  await proposeAssessment(as(context, 'ann'), { assessment: id, ...once() })
  await approveAssessment(as(context, 'ben'), { assessment: id, ...once() })
  return approveAssessment(as(context, 'cyd'), { assessment: id, ...once() })
}
