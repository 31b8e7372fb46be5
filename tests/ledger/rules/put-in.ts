import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import type { TestWorld } from '../../support/database.ts'
import type { World } from '../../support/naive-rules/world.ts'
import { liveMember } from '../settlement/scene.ts'
import type { Case } from './random-case.ts'
import { bindLeads, type Teller, type Told, tellFacts } from './tell-facts.ts'

/** A case that was put in. */
export type PutIn = {
  readonly programme: Id<'prg'>
  /** Codes of the members. */
  readonly codes: ReadonlyMap<Id<'ptr'>, string>
  /** What the naive rules are given: the facts that were not refused. */
  readonly facts: World
}

/** Puts a case in through the doors, and closes its months in their order, what is told until then before each. */
export async function putIn(world: TestWorld, given: Case): Promise<PutIn> {
  const { context } = world
  const { zone: timeZone, asset, members, months } = given.ground
  const { id } = await createProgramme(context, { code: given.code, name: 'Case', asset, timeZone })
  const versions = given.versions.map((terms) => ({ programme: given.code, asset, timeZone, ...terms }))
  for (const terms of versions) await publishTerms(context, { programme: given.code, terms })
  const tellers = await joinMembers(world, given)
  await addCustomers(world, given.ground.customers)
  await requireWhatWaits(world, given)
  const told: Told[] = []
  for (const [closing, month] of months.entries()) {
    // leads are bound before or after what is reported with them
    const bindsFirst = closing > 0 || given.seed % 2 === 0
    if (closing === 0 && bindsFirst) await bindLeads(world, given)
    told.push(await tellFacts(world, given, { tellers, closing }))
    if (!bindsFirst) await bindLeads(world, given)
    if (closing === 0) await suspend(world, given)
    const acknowledged = ['UNCONFIRMED_CONTRIBUTIONS']
    await closePeriod(context, { programme: id, month, acknowledged })
  }
  const contributions = told.flatMap((one) => one.contributions)
  const events = told.flatMap((one) => one.events)
  return {
    programme: id,
    codes: new Map(tellers.map(({ partner, code }) => [partner, code])),
    facts: { zone: timeZone, asset, versions: versions.map(parseTerms), members, contributions, events },
  }
}

async function joinMembers({ context }: TestWorld, { code: programme, ground }: Case): Promise<readonly Teller[]> {
  const tellers: Teller[] = []
  for (const { code, from, to } of ground.members) {
    tellers.push(await liveMember(context, [], { code }))
    const end = Number.isFinite(to) ? { to: new Date(to).toISOString() } : {}
    await createAgreement(context, { programme, partner: code, from: new Date(from).toISOString(), ...end })
  }
  return tellers
}

async function addCustomers({ owner }: TestWorld, keys: readonly string[]): Promise<void> {
  const ids = keys.map(() => uuidOf(newId('cus')))
  await owner`insert into customers (id, account_key) select * from unnest(${ids}::uuid[], ${keys}::text[])`
}

async function requireWhatWaits({ context }: TestWorld, { contributions }: Case): Promise<void> {
  for (const { code, kind, waits } of contributions) {
    if (waits) await requireConfirmation(context, { partner: code, kind, confirmation: 'BROKER_FACT' })
  }
}

async function suspend({ context }: TestWorld, { ground }: Case): Promise<void> {
  for (const { code, accrues } of ground.members) {
    if (!accrues) await changePartnerStatus(context, { partner: code, status: 'SUSPENDED', reason: 'an audit' })
  }
}
