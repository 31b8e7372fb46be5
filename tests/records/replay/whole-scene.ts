import { appendFile, writeFile } from 'node:fs/promises'
import { PROJECTORS } from '../../../app/projectors.ts'
import { exportCustomers } from '../../../customers/export-customers.ts'
import { customersPort } from '../../../customers/keep-customers.ts'
import { switchRecommendations } from '../../../customers/preferences/switch-recommendations.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import type { Context } from '../../../database/context.ts'
import type { Id } from '../../../kernel/ids.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { proposeAdjustment } from '../../../ledger/adjustments/propose-adjustment.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { rejectBankAccount } from '../../../ledger/bank-accounts/reject-bank-account.ts'
import { revokeBankAccount } from '../../../ledger/bank-accounts/revoke-bank-account.ts'
import { rotateBankKeys } from '../../../ledger/bank-accounts/rotate-bank-keys.ts'
import { decideContribution } from '../../../ledger/facts/decide-contribution.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { creditInvoice } from '../../../ledger/invoices/credit-invoice.ts'
import { registerInvoice } from '../../../ledger/invoices/register-invoice.ts'
import { requireInvoices } from '../../../ledger/invoices/require-invoices.ts'
import { defineReward } from '../../../ledger/points/define-reward.ts'
import { redeemPoints } from '../../../ledger/points/redeem-points.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { changeCapability } from '../../../partners/capabilities/change-capability.ts'
import { lowerQuota } from '../../../partners/capabilities/lower-quota.ts'
import { changeClient } from '../../../partners/change-client.ts'
import { complain } from '../../../partners/complaints/complain.ts'
import { setJurisdiction } from '../../../partners/set-jurisdiction.ts'
import { exportKeys } from '../../../records/export-keys.ts'
import { exportRecords } from '../../../records/export-records.ts'
import { type ReplayReport, replayLog } from '../../../records/replay-log.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { csvOf, importText } from '../../catalog/factories.ts'
import { customer, defineCatalogue, grant } from '../../customers/factories.ts'
import { supplyBoth } from '../../customers/supplying.ts'
import { POINTS_RULE, REFERRAL_RULE } from '../../ledger/agreements/factories.ts'
import { entered, ours, verified } from '../../ledger/bank-accounts/scene.ts'
import { commission, leadBound, recordOne, referral } from '../../ledger/facts/factories.ts'
import { fapiao } from '../../ledger/invoices/scene.ts'
import { amend, offer } from '../../ledger/projection/contracts.ts'
import { earn, liveMember, programmeWith, refer, W1_EVENTS, W1_REFERRED_AT } from '../../ledger/settlement/scene.ts'
import { applied, passed } from '../../partners/assessments/scene.ts'
import { ecKey } from '../../partners/factories.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import type { TestWorld } from '../../support/database.ts'
import { sealAll } from '../sealed-log.ts'

/** By which a partner knew the customer. */
export const LEAD = 'the-partners-own-reference'

export const ORIGIN = 'replay.example'

/** What a log of every kind of record was made for. */
export type WholeScene = {
  readonly programme: string
  /** Known to a partner by subject and by lead. */
  readonly account: string
  readonly other: string
  readonly subject: string
}

/** A log with records of every kind, sealed and signed. */
export async function wholeLog(world: TestWorld): Promise<WholeScene> {
  const { context, owner } = world
  world.clock.set('2026-05-02T08:00:00Z')
  await defineCatalogue(context)
  await importText(context, csvOf([{ id: 'f1' }, { id: 'f2', family: 'growth' }]))
  await importText(context, csvOf([{ id: 'f2', name: 'renamed' }]))
  const programme = await programmeWith(context, { rules: [REFERRAL_RULE, POINTS_RULE] })
  const caller = await liveMember(context, [programme])
  await changeClient(context, { client: caller.client, redirectUris: ['https://partner.example/back'] })
  await changeClient(context, { client: caller.client, jwks: { keys: [ecKey('next')] } })
  await changeClient(context, { client: caller.client, binding: 'MTLS' })
  const gone = await liveMember(context, [programme])
  const moved = { partner: gone.code, jurisdiction: 'SG', reason: 'it moved' }
  await setJurisdiction(context, { ...moved, idempotencyKey: 'move' })
  await changePartnerStatus(context, { partner: gone.code, status: 'SUSPENDED', reason: 'an audit' })
  await passed(context, await applied(context))
  await sayWhatMayBe(context, { programme, partner: caller })
  const [account, other] = [await customer(owner), await customer(owner)]
  const party = { partner: { code: caller.code } as never }
  const first = await grant(context, party, account)
  await grant(context, party, account, { tags: [{ key: 'age', granularity: 'band' }] })
  const revoked = await grant(context, party, other)
  await revokeConsent(context, { accountKey: other, consentId: revoked.id, idempotencyKey: 'revoke' })
  const complaint = { partner: caller.code, category: 'CONDUCT', text: 'They call me.' } as const
  for (const accountKey of [account, other])
    await complain(context, { ...complaint, accountKey, idempotencyKey: 'say' })
  await supplyBoth(context, 'score-bureau', [account, other])
  await switchRecommendations(context, { accountKey: other, on: false })
  // of the other customer the lead was reported before anybody knew whose it is: it stands in the open
  await refer(context, caller, { customers: [other], at: W1_REFERRED_AT })
  await recordOne(context, leadBound('binding', { partner: caller.code, lead: LEAD, customer: account }))
  const items = [
    referral('by-subject', { subject: first.subject }),
    referral('by-bound-lead', { lead: LEAD }),
    referral('unbound', { lead: 'lead-of-nobody' }),
    {
      ...referral('served', { subject: first.subject }),
      kind: 'SERVICE_OUTCOME',
      asset: 'CNY/2',
      minor: 5000,
      score: 87,
    },
  ]
  await requireConfirmation(context, { partner: caller.code, kind: 'SERVICE_OUTCOME', confirmation: 'PERSON' })
  const [, , , served] = await reportContributions(context, { caller, items })
  const contribution = served !== undefined && 'id' in served ? served.id : ''
  await decideContribution(context, { contribution, decision: 'REJECTED', reason: 'nobody was served' })
  await recordOne(context, commission('earned', account, { occurredAt: '2026-04-03T00:00:00Z' }))
  await earn(context, other, W1_EVENTS)
  await giveByHand(context, caller.partner)
  for (const month of ['2026-01', '2026-02', '2026-03', '2026-04']) await closePeriod(context, { programme, month })
  await defineReward(context, { code: 'cup', nameEn: 'A cup', nameZh: '杯子', points: 40 })
  await redeemPoints(context, { whose: { accountKey: account }, reward: 'cup', idempotencyKey: 'a-cup' })
  await accountsAndInvoices(context, caller.code)
  const known = { programme, members: [] }
  await offer(context, known, { outcome: 'ACTIVATED' })
  await amend(context, known, { signers: 9, outcome: 'ACTIVATED' })
  await sealAll(context, owner)
  await signCheckpoint(context, { origin: ORIGIN })
  return { programme, account, other, subject: first.subject }
}

/** Something that waits, a quota that is lowered, and an agreement about data. */
async function sayWhatMayBe(
  context: Context,
  { programme, partner }: { readonly programme: string; readonly partner: { readonly partner: Id<'ptr'> } },
): Promise<void> {
  const said = { partner: partner.partner, reason: 'a form is missing', idempotencyKey: 'say' }
  await changeCapability(context, { ...said, kind: 'GRAPH', key: 'agreements:sign', status: 'PENDING', due: 'a form' })
  const until = new Date(Date.now() + 86_400_000)
  await context.database.transaction((tx) =>
    lowerQuota(context, tx, { partner: partner.partner, permille: 500, until, reason: 'an unusual hour' }),
  )
  const { code } = await liveMember(context, [])
  const dataScope = [{ purpose: 'CREDIT', tags: ['risk_level', 'age'] }]
  await createAgreement(context, { programme, partner: code, from: '2026-09-01T00:00:00+08:00', dataScope })
}

/** An account of each fate, ours, another key, and an invoice of each fate. */
async function accountsAndInvoices(context: Context, partner: string): Promise<void> {
  const ann: Context = { ...context, actor: 'staff:ann' }
  const [first, second] = [await verified(context, partner), await verified(context, partner)]
  await revokeBankAccount(ann, { account: second.id, reason: 'not theirs', idempotencyKey: 'revoke' })
  const third = await entered(context, partner)
  await rejectBankAccount(ann, { account: third.id, reason: 'twice', idempotencyKey: 'reject' })
  await ours(context)
  await rotateBankKeys(ann)
  const { edges } = await listStatements(context, { partner: first.partner, page: { last: 1 } })
  const statement = { id: edges[0]?.node.id ?? '' }
  const { id: invoice } = await registerInvoice(ann, fapiao(statement))
  await creditInvoice(ann, { invoice, creditNote: '25317000001234567890', reason: 'a test', idempotencyKey: 'credit' })
  await registerInvoice(ann, fapiao(statement))
  await requireInvoices(ann, { programme: edges[0]?.node.programme ?? '', from: '2026-09' })
}

async function giveByHand(context: Context, partner: Id<'ptr'>): Promise<void> {
  const { edges } = await listAgreements(context, { partner, page: { first: 1 } })
  const proposal = { agreement: edges[0]?.node.id ?? '', amount: '7.50', reason: 'goodwill', idempotencyKey: 'give' }
  const { id: adjustment } = await proposeAdjustment({ ...context, actor: 'staff:ann' }, proposal)
  await approveAdjustment({ ...context, actor: 'staff:bo' }, { adjustment, idempotencyKey: 'approve' })
}

/** Exports a log and its keys into files. */
export async function exportInto(context: Context, file: string): Promise<void> {
  await writeFile(file, '')
  await exportRecords(context, (part) => appendFile(file, part))
  const keys = `${file}.keys`
  await writeFile(keys, '')
  await exportKeys(context, (part) => appendFile(keys, part))
  await exportCustomers(context, (part) => appendFile(keys, part))
}

/** Replays such files. */
export async function replayFrom(context: Context, file: string, keys = true): Promise<ReplayReport> {
  return replayLog(context, {
    file,
    ...(keys ? { keysFile: `${file}.keys` } : {}),
    projectors: PROJECTORS,
    customers: customersPort,
  })
}

/** All rows of every projected table, in the order of their keys, without what the log does not decide. */
export async function projectedRows({ owner }: TestWorld): Promise<Record<string, readonly unknown[]>> {
  const tables = PROJECTORS.flatMap((projector) => projector.tables)
  const all: Record<string, readonly unknown[]> = {}
  for (const { name, key, free = [], where = 'true' } of tables) {
    const rows = await owner.unsafe<Record<string, unknown>[]>(
      `select * from ${name} where ${where} order by ${key.join(', ')}`,
    )
    all[name] = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !free.includes(column))))
  }
  return all
}
