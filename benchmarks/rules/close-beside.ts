import { openPool } from '../../database/client.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { simulateTerms } from '../../ledger/settlement/simulate-terms.ts'
import { measure } from '../harness.ts'
import { settle } from '../import/copy-tables.ts'
import { type BenchWorld, openContext } from '../ledger/bench-world.ts'
import { MONTH, makeScene, PROGRAMME, termsOf } from './scene.ts'
import { watchMemory } from './watch-memory.ts'

/** What closing a month took, and what it is held beside. */
export type Closed = {
  readonly facts: number
  /** Each from one fact. */
  readonly lines: number
  readonly seconds: number
  readonly peerSeconds: number
  readonly peakMegabytes: number
  /** Of one partner. */
  readonly trialSeconds: number
  readonly tried: number
}

/** Makes a month with so many facts, tries terms on one partner of it, closes it, and has PostgreSQL write as many rows. */
export async function closeBeside(
  world: BenchWorld,
  { facts, partners }: { readonly facts: number; readonly partners: number },
): Promise<Closed> {
  const owner = await world.migrated(`rules_${facts}`)
  const { context, close } = openContext(owner)
  const pool = openPool(owner, 'tributary:bench', 1)
  try {
    await pool`set statement_timeout = 0`
    const largest = await makeScene(context, pool, { facts, partners })
    await settle(world.server)
    let tried = 0
    const trialSeconds = await measure(`trying terms on ${largest}`, async () => {
      const input = { programme: PROGRAMME, terms: termsOf(2, 250_000), from: MONTH, partner: largest }
      tried = (await simulateTerms(context, input)).facts / 2
    })
    const memory = watchMemory()
    let lines = 0
    const seconds = await measure(`closing a month of ${facts} facts`, async () => {
      lines = (await closePeriod(context, { programme: PROGRAMME, month: MONTH })).facts
    })
    const peakMegabytes = memory.stop()
    await settle(world.server)
    const peerSeconds = await measure(`one statement over them that writes ${lines} rows`, () => writeRows(pool))
    return { facts, lines, seconds, peerSeconds, peakMegabytes, trialSeconds, tried }
  } finally {
    await pool.end()
    await close()
  }
}

/** Reads the facts, sorts them by partner and rule, and writes a row for each line, without a word of why. */
async function writeRows(pool: ReturnType<typeof openPool>): Promise<void> {
  await pool`
    create table bench_rows as
    select partner_id, rule, external_id, id, customer_id, occurred_at, amount,
      row_number() over (partition by partner_id, rule order by external_id) as line
    from (
      select c.partner_id, case c.kind when 'TRAFFIC' then 2 else 3 end as rule, c.external_id, c.id, c.customer_id,
        c.occurred_at, coalesce(c.amount, c.quantity) as amount
      from contributions c where c.kind <> 'REFERRAL'
      union all
      select r.partner_id, 1, e.external_id, e.id, e.customer_id, e.occurred_at, e.amount
      from contributions r join revenue_events e on e.customer_id = r.customer_id
      where r.kind = 'REFERRAL'
    ) facts
    order by partner_id, rule, external_id`
}
