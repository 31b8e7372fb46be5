import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateTagKeys } from '../../../customers/sealing/rotate-tag-keys.ts'
import { customer, defineCatalogue } from '../../customers/factories.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import type { TestGateway } from '../gateway.ts'
import { type Given, giveConsent, letIn, plainly } from './given-consent.ts'
import { asPartner, type Insider, startRealGateway } from './real-gateway.ts'

const world = useWorld()
let gateway: TestGateway
let bank: Insider
let rich: Given
let poor: Given

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  bank = await letIn(gateway)
  rich = await given('98765.43')
  poor = await given('-1')
})
afterAll(() => gateway.close())

const TAGS = [
  { key: 'age', granularity: 'exact' },
  { key: 'assets', granularity: 'band' },
] as const

function given(assets: string): Promise<Given> {
  const account = () => customer(world.owner, { assets })
  return giveConsent(gateway, bank, { account, tags: [...TAGS] })
}

/** What the bank reads of a customer's two tags. */
async function reads({ subject }: Given): Promise<unknown> {
  const one = `{ customer(subject: "${subject}", purpose: "CREDIT", tags: ["age", "assets"]) { tags { key value } } }`
  const { status, body } = await plainly(gateway, bank, one)
  expect([status, body['errors']]).toEqual([200, undefined])
  return (body['data'] as { customer: { tags: unknown } }).customer.tags
}

const tag = (key: string, value: string | null) => ({ key, value })

/** Does something behind the guards with the sealed values of both. */
async function tamper(change: string): Promise<void> {
  const [a, b] = [rich, poor].map(({ accountKey }) => `(select id from customers where account_key = '${accountKey}')`)
  await behindGuards(world.owner, change.replaceAll('$rich', a ?? '').replaceAll('$poor', b ?? ''))
}

const SWAP = `update tags a set sealed = b.sealed, key_version = b.key_version from tags b
  where a.tag_key = 'assets' and b.tag_key = 'assets' and a.customer_id in ($rich, $poor) and b.customer_id in ($rich, $poor)
    and a.customer_id <> b.customer_id`

describe('a sealed value', () => {
  it('stands in no table in the clear, and is read as it is consented', async () => {
    const rows = await world.owner`select t::text as row from tags t`
    expect(rows.map(({ row }) => row).join()).not.toContain('98765')
    expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', '10000 and over')])
    expect(await reads(poor)).toEqual([tag('age', '44'), tag('assets', 'overdrawn')])
  })

  it('swapped between two customers gives neither of them the other’s, and is said loudly', async () => {
    await tamper(SWAP)
    expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', null)])
    expect(await reads(poor)).toEqual([tag('age', '44'), tag('assets', null)])
    const page = '{ customers(purpose: "CREDIT", first: 5) { edges { node { tags { key value } } } } }'
    const { body } = await asPartner(gateway, bank, page)
    expect(JSON.stringify(body['data'])).not.toMatch(/assets|overdrawn|10000/)
    expect(gateway.logged()).toContain('does not open')
    expect(gateway.logged()).not.toMatch(/98765|overdrawn/)
    await tamper(SWAP)
    expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', '10000 and over')])
  })

  it('moved to another tag of the same customer does not open there', async () => {
    const moved = `set sealed = b.sealed, key_version = b.key_version, value = null from tags b
      where a.customer_id = $rich and b.customer_id = $rich and a.tag_key = 'age' and b.tag_key = 'assets'`
    await tamper(`update tags a ${moved}`)
    expect(await reads(rich)).toEqual([tag('age', null), tag('assets', '10000 and over')])
    await tamper(
      `update tags set sealed = null, key_version = null, value = '44' where customer_id = $rich and tag_key = 'age'`,
    )
  })

  it('with its last byte changed does not open', async () => {
    const flip = `update tags set sealed = set_byte(sealed, length(sealed) - 1, get_byte(sealed, length(sealed) - 1) # 1)
      where customer_id = $rich and tag_key = 'assets'`
    await tamper(flip)
    expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', null)])
    await tamper(flip)
  })

  it('put back from before a rotation, under the new version’s name or its own, does not open', async () => {
    const where = `where customer_id = $rich and tag_key = 'assets'`
    const [old] = await world.owner<{ hex: string; version: number }[]>`
      select encode(sealed, 'hex') as hex, key_version as version from tags
      where tag_key = 'assets' and customer_id = (select id from customers where account_key = ${rich.accountKey})`
    await rotateTagKeys({ ...gateway.context, actor: 'staff:ann' })
    expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', '10000 and over')])
    for (const version of [old?.version ?? 0, (old?.version ?? 0) + 1]) {
      await tamper(`update tags set sealed = '\\x${old?.hex}', key_version = ${version} ${where}`)
      expect(await reads(rich)).toEqual([tag('age', '44'), tag('assets', null)])
    }
  })

  it('that does not open leaves its disclosure all the same', async () => {
    const before = await disclosures()
    await reads(rich)
    expect((await disclosures()) - before).toBe(1)
  })
})

async function disclosures(): Promise<number> {
  const [row] = await world.owner`
    select count(*)::integer as count from disclosures where subject = ${rich.subject}`
  return row?.['count']
}
