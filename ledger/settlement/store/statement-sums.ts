import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** What the statements of a period come to in all, drafted or issued. */
export type StatementSums = {
  readonly statements: number
  readonly earned: bigint
  readonly clawbacks: bigint
  readonly payout: bigint
}

/** Sums the statements of a period that are not superseded. */
export async function sumStatements(sql: Reader, period: Id<'per'>): Promise<StatementSums> {
  const [row] = await sql<{ statements: number; earned: string; clawbacks: string; payout: string }[]>`
    select count(*)::integer as statements, coalesce(sum(s.earned), 0) as earned,
      coalesce(sum(s.clawbacks), 0) as clawbacks, coalesce(sum(s.payout), 0) as payout
    from statements s where s.period_id = ${uuidOf(period)} and s.status <> 'SUPERSEDED'`
  const { statements = 0, earned = 0, clawbacks = 0, payout = 0 } = row ?? {}
  return { statements, earned: BigInt(earned), clawbacks: BigInt(clawbacks), payout: BigInt(payout) }
}
