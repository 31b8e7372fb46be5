import { pageCustomers } from '../../customers/page-customers.ts'
import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type BenchResult, compare, measure } from '../harness.ts'
import { median } from '../ledger/median.ts'
import type { Party } from './population.ts'

const PAGES = 100
const ROWS = 100
const LEAST_SPEED = 0.1

/** Pages of 100 customers, ours beside SQL alone. They take turns. */
export async function comparePages(context: Context, party: Party, rounds: number): Promise<BenchResult> {
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure('pages under consent', () => readPages(context, party)))
    bare.push(await measure('pages by SQL alone', () => barePages(context, party)))
  }
  const customers = PAGES * ROWS
  return compare({
    name: `pages of ${ROWS} customers with 3 tags`,
    ours: customers / median(ours),
    peer: customers / median(bare),
    unit: 'customers/s (peer: SQL without rights or trace)',
    target: LEAST_SPEED,
    better: 'higher',
  })
}

/** Reads pages of a partner's customers; returns of how many customers. */
export async function readPages(context: Context, { caller, purpose }: Party): Promise<number> {
  let after: string | undefined
  for (let page = 0; page < PAGES; page++) {
    const { edges } = await pageCustomers(context, { caller, purpose, page: { first: ROWS, after } })
    after = edges.at(-1)?.cursor
  }
  return PAGES * ROWS
}

async function barePages({ database: { disclosures } }: Context, { caller }: Party): Promise<void> {
  let after = ''
  for (let page = 0; page < PAGES; page++) {
    const rows = await disclosures<{ subject: string }[]>`
      select s.subject, t.tags
      from (
        select subject, customer_id from subjects
        where partner_id = ${uuidOf(caller.partner)} and subject > ${after} order by subject limit ${ROWS}
      ) as s
      cross join lateral (
        select json_object_agg(tag_key, value) as tags from tags
        where customer_id = s.customer_id and tag_key in ('life_stage', 'age', 'occupation')
      ) as t
      order by s.subject`
    after = rows.at(-1)?.subject ?? ''
  }
}
