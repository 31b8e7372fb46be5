import type { Context } from '../../../database/context.ts'
import { type Id, newId } from '../../../kernel/ids.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { exitChecklist } from '../../../partners/offboarding/exit-checklist.ts'
import type { ExitCode } from '../../../partners/offboarding/exit-item.ts'
import { exitPorts } from '../../../schema/exit-ports.ts'
import { consentTo, defineSettlement } from '../../ledger/disputes/scene.ts'
import { as, giveAccount } from '../../ledger/payouts/scene.ts'
import { customersIn, earn, freshCode, liveMember, programmeWith, refer } from '../../ledger/settlement/scene.ts'
import type { TestWorld } from '../../support/database.ts'

/** A tenth is held for two months, less than 50.00 is not paid, refunds take back for 60 days. */
const TERMS = {
  ...{ holdback: { ppm: 100_000, periods: 2 }, minimumPayout: 5000, clawbackDays: 60, disputeDays: 10 },
}

/** Midnight in Shanghai, between February and March. */
export const EXIT_AT = '2026-02-28T16:00:00Z'

export type Leaver = {
  readonly programme: string
  readonly member: Awaited<ReturnType<typeof liveMember>>
  readonly agreement: Id<'agr'>
  readonly customers: readonly string[]
  readonly close: (month: string) => Promise<unknown>
}

/** A member that referred three customers on 5 January, who let it see the money behind its statements. */
export async function leaver(world: TestWorld): Promise<Leaver> {
  const { context } = world
  const programme = await programmeWith(context, TERMS)
  const member = await liveMember(context, [programme], { code: freshCode('willow') })
  await giveAccount(world, member)
  const customers = await customersIn(world, 3)
  await refer(context, member, { customers, at: '2026-01-05T00:00:00Z' })
  for (const customer of customers) await consentTo(world, member, customer)
  const { edges } = await listAgreements(context, { partner: member.partner, page: { first: 1 } })
  const close = (month: string) => closePeriod(context, { programme, month })
  return { programme, member, agreement: edges[0]?.node.id ?? newId('agr'), customers, close }
}

export { defineSettlement, earn }

/** A word of a member of the staff. */
export function by({ context }: TestWorld, name: string): Context {
  return as(context, name)
}

export const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: freshCode('key') })

/** The codes that are open. */
export async function openOf(world: TestWorld, { member }: Leaver): Promise<readonly ExitCode[]> {
  const { items } = await exitChecklist(world.context, member.code, exitPorts)
  return items.filter(({ state }) => state === 'OPEN').map(({ code }) => code)
}
