import { randomUUID } from 'node:crypto'
import { PROGRAMME } from '../../../app/demo/demo-plan.ts'
import { asAlice, asBob } from '../../../app/demo/demo-staff.ts'
import type { Context } from '../../../database/context.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Month } from '../../../kernel/month.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import type { Agreement } from '../../../ledger/agreements/agreement.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { acceptSilent } from '../../../ledger/disputes/accept-silent.ts'
import { acceptStatement } from '../../../ledger/disputes/accept-statement.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import type { Dispute } from '../../../ledger/disputes/dispute.ts'
import { disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { approveWriteOff } from '../../../ledger/receivables/approve-write-off.ts'
import { proposeWriteOff } from '../../../ledger/receivables/propose-write-off.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import type { Statement } from '../../../ledger/settlement/statement.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import type { Ecosystem } from './ecosystem.ts'

const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: randomUUID() })

async function statementsOf(context: Context, month: Month): Promise<readonly Statement[]> {
  return (await listStatements(context, { month, page: { first: 100 } })).edges.map(({ node }) => node)
}

export async function statementOf(context: Context, partner: string, month: Month): Promise<Statement> {
  const found = (await statementsOf(context, month)).find(({ number }) => number.includes(`-${partner}-`))
  invariant(found, `${partner} has a statement of ${month}`)
  return found
}

/** A partner disputes ten yuan of its statement over its own client. */
export async function dispute(context: Context, { partners }: Ecosystem, statement: Statement): Promise<Dispute> {
  const caller = partners.find((partner) => partner.caller.partner === statement.partner)?.caller
  const doubt = { statement: statement.id, amount: '10.00', reason: 'we count one referral more' }
  return disputeStatement(context, { ...doubt, caller, ...key() })
}

/** Finance answers; what is upheld is given by two persons. */
export async function answer(context: Context, { id }: Dispute, upheld: boolean): Promise<void> {
  const given = upheld ? { amount: '12.34' } : {}
  const text = { dispute: id, upheld, answer: upheld ? 'you are right' : 'it is as the statement says' }
  const { adjustment } = await answerDispute(asAlice(context), { ...text, ...given, ...key() })
  if (adjustment !== undefined) await approveAdjustment(asBob(context), { adjustment, ...key() })
}

/** Every other partner accepts its statement; the others say nothing until their days are over. */
export async function acceptSome(context: Context, { partners }: Ecosystem, month: Month): Promise<void> {
  for (const [place, { id, partner, status }] of (await statementsOf(context, month)).entries()) {
    const caller = partners.find((one) => one.caller.partner === partner)?.caller
    if (place % 2 === 0 && status === 'ISSUED') await acceptStatement(context, { statement: id, caller, ...key() })
  }
}

export async function silenceCounts(context: Context): Promise<void> {
  await acceptSilent(context)
}

/** A partner leaves the programme. */
export async function leave(context: Context, partner: string, at: Date): Promise<void> {
  await endAgreement(asAlice(context), {
    agreement: (await agreementOf(context, partner)).id,
    at: at.toISOString(),
    reason: 'it stops its business',
    ...key(),
  })
}

/** What it owes is given up by two persons. */
export async function writeOff(context: Context, partner: string): Promise<void> {
  const { id: agreement } = await agreementOf(context, partner)
  const { id } = await proposeWriteOff(asAlice(context), { agreement, reason: 'it is insolvent', ...key() })
  await approveWriteOff(asBob(context), { writeOff: id, ...key() })
}

async function agreementOf(context: Context, code: string): Promise<Agreement> {
  const partner = await findPartner(context, code)
  const { edges } = await listAgreements(context, { partner: partner?.id, page: { first: 10 } })
  const found = edges.find(({ node }) => node.partner === partner?.id)?.node
  invariant(found, `${code} is a member of ${PROGRAMME.code}`)
  return found
}
