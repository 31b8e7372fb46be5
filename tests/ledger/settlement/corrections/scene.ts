import type { PartnerCaller } from '../../../../kernel/caller.ts'
import { closePeriod } from '../../../../ledger/settlement/close-period.ts'
import { findStatement, type StatementDetail } from '../../../../ledger/settlement/find-statement.ts'
import { listStatementLines } from '../../../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../../../ledger/settlement/list-statements.ts'
import type { StatementLine } from '../../../../ledger/settlement/statement.ts'
import type { TestWorld } from '../../../support/database.ts'
import { customersIn, freshCode, liveMember, programmeWith, refer } from '../scene.ts'

export type Member = PartnerCaller & { readonly code: string }

/** A member from February 2026 on, who referred one customer on 2 February, in a programme of its own. */
export async function referredIn(world: TestWorld, terms: object = {}) {
  const programme = await programmeWith(world.context, terms)
  const member = await memberOf(world, programme)
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
  const close = (month: string, ...acknowledged: readonly string[]) =>
    closePeriod(world.context, { programme, month, acknowledged })
  return { programme, member, customer, close }
}

/** One more member from February 2026 on. */
export async function memberOf({ context }: TestWorld, programme: string, stem = 'birch'): Promise<Member> {
  return liveMember(context, [programme], { from: '2026-02-01T00:00:00+08:00', code: freshCode(stem) })
}

/** A member's statements, oldest first. */
export async function statementsOf({ context }: TestWorld, { partner }: Member): Promise<readonly StatementDetail[]> {
  const { edges } = await listStatements(context, { partner, page: { first: 50 } })
  const found = await Promise.all(edges.map(({ node: { id } }) => findStatement(context, { id })))
  return found.flatMap((statement) => statement ?? []).sort((a, b) => (a.month < b.month ? -1 : 1))
}

/** The member's last statement. */
export async function lastOf(world: TestWorld, member: Member): Promise<StatementDetail> {
  const last = (await statementsOf(world, member)).at(-1)
  if (last === undefined) throw new Error('there is no statement')
  return last
}

/** All lines of a statement. */
export async function linesOf({ context }: TestWorld, { id }: StatementDetail): Promise<readonly StatementLine[]> {
  const { edges } = await listStatementLines(context, { statement: id, page: { first: 100 } })
  return edges.map(({ node }) => node)
}

/** What corrections a statement has: month, kind of rule and amount. */
export function corrections({ rules }: StatementDetail): readonly (readonly [string, string, bigint])[] {
  return rules.flatMap(({ originPeriod, kind, minor }) => (originPeriod ? [[originPeriod, kind, minor] as const] : []))
}
