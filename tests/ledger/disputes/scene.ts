import { definePurposes } from '../../../customers/define-purposes.ts'
import { defineTags } from '../../../customers/define-tags.ts'
import { grantConsent } from '../../../customers/grant-consent.ts'
import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import type { Dispute } from '../../../ledger/disputes/dispute.ts'
import { type DisputeStatementInput, disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import type { TestWorld } from '../../support/database.ts'
import { lastOf, type Member, memberOf } from '../settlement/corrections/scene.ts'
import { customersIn, earn, freshCode, programmeWith, refer } from '../settlement/scene.ts'

/** The world on behalf of somebody. */
export function as({ context }: TestWorld, actor: Actor): Context {
  return { ...context, actor }
}

/** The purpose under which a partner may see the money behind its lines. */
export async function defineSettlement({ context }: TestWorld): Promise<void> {
  const label = { labelEn: 'T', labelZh: '标', category: 'money', type: 'DECIMAL' }
  const tag = { ...label, key: 'commission', sensitivity: 'NORMAL', legalBasis: 'x', granularities: ['exact'] }
  await defineTags(context, [tag])
  const words = { nameEn: 'S', nameZh: '结算', description: 'To check a statement', tagKeys: ['commission'] }
  await definePurposes(context, [{ ...words, key: 'SETTLEMENT' }])
}

/** A customer lets a member see the money behind its lines. */
export async function consentTo({ context }: TestWorld, { code }: Member, accountKey: string): Promise<void> {
  await grantConsent(context, {
    accountKey,
    partnerCode: code,
    purpose: 'SETTLEMENT',
    tags: [{ key: 'commission', granularity: 'exact' }],
    // consents end by the database's clock, not by the tests'
    expiresAt: new Date(Date.now() + 86_400_000),
    evidence: { locale: 'zh-CN', channel: 'app' },
    idempotencyKey: freshCode('key'),
  })
}

/** When the months of these scenes are closed: their statements may be disputed for ten days from then on. */
const ISSUED_AT = '2026-03-02T00:00:00Z'
export const LAST_MOMENT = '2026-03-11T23:59:59.999Z'
export const DISPUTE_ENDS_AT = '2026-03-12T00:00:00Z'

export type Issued = {
  readonly programme: string
  readonly member: Member
  readonly customers: readonly string[]
  readonly statement: StatementDetail
}

/** February, closed on 2 March: three customers brought 100, 200 and 300 minor units to a member, in three lines. */
export async function issued(world: TestWorld, terms: object = {}): Promise<Issued> {
  world.clock.set(ISSUED_AT)
  const programme = await programmeWith(world.context, terms)
  const seen = await memberOf(world, programme)
  const member = { ...seen, scopes: new Set([...seen.scopes, 'statements:answer' as const]) }
  const customers = await customersIn(world, 3)
  await refer(world.context, member, { customers, at: '2026-02-02T00:00:00Z' })
  for (const [index, customer] of customers.entries()) {
    await earn(world.context, customer, [[`e${index}`, 500 * (index + 1), '2026-02-10T00:00:00Z']])
  }
  await closePeriod(world.context, { programme, month: '2026-02' })
  return { programme, member, customers, statement: await lastOf(world, member) }
}

/** The member itself disputes its statement. */
export function dispute(
  world: TestWorld,
  { member, statement }: Pick<Issued, 'member' | 'statement'>,
  what: Partial<DisputeStatementInput> = {},
): Promise<Dispute> {
  const input = { statement: statement.id, reason: 'two are missing', idempotencyKey: freshCode('key'), ...what }
  return disputeStatement(as(world, `partner:${member.partner}`), { caller: member, ...input })
}
