import { beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { customer, grant } from '../customers/factories.ts'
import { earn } from '../ledger/settlement/scene.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'
import { type WholeScene, wholeLog } from './replay/whole-scene.ts'
import { sealAll } from './sealed-log.ts'

const check = (context: Parameters<typeof verifyProjections>[0]) =>
  verifyProjections(context, { projectors: PROJECTORS })

describe('tables that a superuser changed behind their guards', () => {
  const world = useWorld()
  let scene: WholeScene
  beforeAll(async () => {
    scene = await wholeLog(world)
  })

  test('are sound before', async () => {
    expect(await check(world.context)).toEqual([])
  })

  const cases: readonly (readonly [string, string, string, RegExp, RegExp])[] = [
    [
      'a consent that came back to life',
      `update consents set status = 'AUTHORISED', ended_at = null where status = 'REVOKED'`,
      'consents',
      /^consents id /,
      /its status, ended_at are not/,
    ],
    [
      'a partner who is live again',
      `update partners set status = 'LIVE' where status = 'SUSPENDED'`,
      'partners',
      /^partners id /,
      /its status is not/,
    ],
    [
      'a contribution’s quantity',
      `update contributions set quantity = 7 where external_id = 'by-subject'`,
      'contributions',
      /^contributions id /,
      /its quantity is not/,
    ],
    [
      'an amount of revenue',
      `update revenue_events set amount = amount + 1 where external_id = 'earned'`,
      'revenue_events',
      /^revenue_events id /,
      /its amount is not/,
    ],
    [
      'what a consent covers',
      `update consent_tags set granularity = 'exact'  where granularity = 'band'`,
      'consent_tags',
      /^consent_tags consent_id .*, tag_key age$/,
      /its granularity is not/,
    ],
    [
      'the meaning of a tag',
      `update tag_definitions set sensitivity = 'NORMAL' where key = 'assets'`,
      'tag_definitions',
      /^tag_definitions key assets$/,
      /its sensitivity is not/,
    ],
    [
      'the catalogue of a purpose',
      `update purposes set tag_keys = tag_keys || array['age'] where key = 'CREDIT'`,
      'purposes',
      /^purposes key CREDIT$/,
      /its tag_keys is not/,
    ],
    [
      'a client that may do more',
      `update clients set scopes = scopes || array['customers:read']`,
      'clients',
      /^clients id /,
      /its scopes is not/,
    ],
    [
      'a product’s risk',
      `update products set risk = 1 where external_id = 'f1'`,
      'products',
      /^products id /,
      /its risk is not/,
    ],
    [
      'a row that was taken out',
      `delete from lead_bindings where external_id = 'binding'`,
      'lead_bindings',
      /^lead_bindings id /,
      /the row that its records tell of is missing/,
    ],
    [
      'a row that was put in',
      `insert into subjects (subject, partner_id, customer_id, key_version) select 'of-nobody', partner_id, (select id from customers where id not in (select customer_id from subjects) limit 1), 1 from subjects limit 1`,
      'subjects',
      /^subjects subject of-nobody$/,
      /no record tells of this row/,
    ],
  ]
  test.each(cases)('%s: it is found and named', async (_, tamper, table, where, what) => {
    await customer(world.owner)
    const saved = `saved_${table}`
    await world.owner.unsafe(`create table ${saved} as table ${table}`)
    await behindGuards(world.owner, tamper)
    const found = await check(world.context)
    expect(found.length).toBeGreaterThan(0)
    for (const finding of found) {
      expect(finding.where).toMatch(where)
      expect(finding.what).toMatch(what)
    }
    await behindGuards(world.owner, `delete from ${table}`, `insert into ${table} select * from ${saved}`)
    await world.owner.unsafe(`drop table ${saved}`)
    expect(await check(world.context)).toEqual([])
  })

  test('a record whose personal part was copied from another is named', async () => {
    expect(scene.subject).not.toBe('')
    await behindGuards(
      world.owner,
      `update records set body = replace(body, '"owner":"', '"owner":"AAAA') where kind = 'revenue_event'`,
    )
    const found = await check(world.context)
    expect(found.some(({ what }) => what === 'what is personal in it was not written for it')).toBe(true)
    expect(found.some(({ where, what }) => where.startsWith('revenue_events') && what.startsWith('no record'))).toBe(
      true,
    )
  })
})

describe('tables that are written meanwhile', { timeout: 60_000 }, () => {
  const world = useWorld()

  test('have no findings: neither records that are not sealed nor rows that came later are taken for wrong', async () => {
    const { account, programme } = await wholeLog(world)
    expect(programme).not.toBe('')
    let stop = false
    const party = { partner: { code: await aPartner() } as never }
    const write = async (name: string): Promise<void> => {
      for (let n = 0; !stop; n++) {
        await earn(world.context, account, [[`${name}-${n}`, 10 + n, '2026-04-03T00:00:00Z']])
        await grant(world.context, party, await customer(world.owner))
      }
    }
    const seal = async (): Promise<void> => {
      while (!stop) await sealAll(world.context, world.owner)
    }
    const busy = [write('a'), write('b'), seal()]
    for (let round = 0; round < 6; round++) expect(await check(world.context)).toEqual([])
    stop = true
    await Promise.all(busy)
    expect(await check(world.context)).toEqual([])
  })

  async function aPartner(): Promise<string> {
    const [row] = await world.owner<{ code: string }[]>`select code from partners where status = 'LIVE' limit 1`
    return row?.code ?? ''
  }
})
