import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportingUses } from '../../app/tag-uses.ts'
import type { Consent } from '../../customers/consent.ts'
import { definePurposes } from '../../customers/define-purposes.ts'
import { revokeConsent } from '../../customers/revoke-consent.ts'
import { rotateTagKeys } from '../../customers/sealing/rotate-tag-keys.ts'
import { countUses } from '../../customers/supply/count-uses.ts'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { parseId, uuidOf } from '../../kernel/ids.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { customer, defineCatalogue, disclosuresOf, PURPOSES } from '../customers/factories.ts'
import { defineSupplied, SUPPLIED, sharing } from '../customers/supplying.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { type Given, giveConsent, letIn, plainly } from './attacks/given-consent.ts'
import { asPartner, type Insider, startRealGateway } from './attacks/real-gateway.ts'
import { Browser } from './browser.ts'
import { asked, authorizeAddress, decide, formOf, pushed, REDIRECT_URI, signIn } from './consent-flow.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let supplier: Insider
let bureau: Insider
let bank: Insider

const scopes = ['customers:read', 'tags:supply'] as const

beforeAll(async () => {
  ;[gateway, second] = [await startRealGateway(world), await startRealGateway(world)]
  await defineCatalogue(world.context)
  supplier = await letIn(gateway, { kind: 'DATA', scopes: [...scopes], redirectUris: [REDIRECT_URI] })
  bureau = await letIn(gateway, { kind: 'DATA', scopes: [...scopes] })
  bank = await letIn(gateway, { scopes: [...scopes] })
  await define([supplier, bureau, bank])
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

async function define(suppliers: readonly Insider[]): Promise<void> {
  await defineSupplied(world.context, await Promise.all(suppliers.map(codeOf)))
}

const codeOf = async ({ client }: Insider) => (await findPartner(world.context, client.partner))?.code ?? ''

/** A customer who lets one partner supply and another one read. */
async function letting(
  account?: string,
): Promise<{ readonly to: Given; readonly read: Given; readonly account: string }> {
  const accountKey = account ?? (await customer(world.owner))
  const made = { account: async () => accountKey, tags: sharing() }
  const to = await giveConsent(gateway, supplier, { ...made, purpose: 'SCORES_TAKEN' })
  const read = await giveConsent(gateway, bank, { ...made, purpose: 'SCORING' })
  return { to, read, account: accountKey }
}

type Item = Readonly<Record<string, unknown>>
const item = ({ subject }: { readonly subject: string }, more: Item = {}): Item => ({
  ...{ subject, key: 'score', value: '27', observedAt: '2026-01-15T08:00:00Z', quality: 900 },
  ...more,
})

const SUPPLY = `mutation ($key: String!, $items: [SuppliedTagInput!]!) {
  supplyTags(input: { idempotencyKey: $key, items: $items }) {
    results { outcome code field } userErrors { code field } } }`

async function supply(
  items: readonly Item[],
  { as = supplier, key = randomUUID(), at = gateway }: { as?: Insider; key?: string; at?: TestGateway } = {},
) {
  const { body } = await asPartner(at, as, SUPPLY, { key, items })
  const data = body['data'] as { supplyTags: { results: readonly object[]; userErrors: readonly object[] } } | null
  return data?.supplyTags ?? { errors: codesIn(body) }
}

const codesIn = (body: object) =>
  ((body as { errors?: { extensions?: { code?: string } }[] }).errors ?? []).map(({ extensions }) => extensions?.code)

async function reads({ subject }: Consent, tags = 'key value source observedAt quality'): Promise<readonly Item[]> {
  const query = `{ customer(subject: "${subject}", purpose: "SCORING") { tags { ${tags} } } }`
  const { body } = await plainly(gateway, bank, query)
  return (body['data'] as { customer: { tags: readonly Item[] } }).customer.tags
}

const recorded = { outcome: 'RECORDED', code: null, field: null }
const refused = (code: string, field: string) => ({ outcome: 'REFUSED', code, field })
const nobody = refused('NOT_FOUND', 'subject')

describe('a supplied value', () => {
  it('is read under consent with who knows it, since when, and how surely', async () => {
    const { to, read } = await letting()
    const debt = { key: 'debt', value: '1200.50', quality: null }
    expect(await supply([item(to), item(to, debt)])).toEqual({ results: [recorded, recorded], userErrors: [] })
    const at = { source: 'PARTNER', observedAt: '2026-01-15T08:00:00.000Z' }
    expect(await reads(read)).toEqual([
      { key: 'debt', value: '1200.5', ...at, quality: 1000 },
      { key: 'score', value: '27', ...at, quality: 900 },
    ])
    expect(await disclosuresOf(world.owner, read.subject)).toMatchObject([{ tags: ['debt:exact', 'score:exact'] }])
  })

  it('of a sensitive tag is sealed for its supplier too, and survives a new key', async () => {
    const { to, read } = await letting()
    await supply([item(to, { key: 'debt', value: '31415.9' })])
    const rows = await world.owner`select t::text as row from tags t`
    expect(rows.map(({ row }) => row).join()).not.toContain('31415')
    await rotateTagKeys({ ...world.context, actor: 'staff:ann' })
    expect(await reads(read, 'key value')).toEqual([{ key: 'debt', value: '31415.9' }])
    const other = (
      await giveConsent(gateway, bureau, {
        account: async () => to.accountKey,
        purpose: 'SCORES_TAKEN',
        tags: sharing(),
      })
    ).subject
    await supply([item({ subject: other }, { key: 'debt', value: '1', observedAt: '2026-01-01T00:00:00Z' })], {
      as: bureau,
    })
    const swap = `update tags a set sealed = b.sealed from tags b where a.customer_id = b.customer_id
      and a.tag_key = 'debt' and b.tag_key = 'debt' and a.supplier_id <> b.supplier_id`
    await behindGuards(world.owner, swap)
    expect(await reads(read, 'key value')).toEqual([])
    await behindGuards(world.owner, swap)
    expect(await reads(read, 'key value')).toEqual([{ key: 'debt', value: '31415.9' }])
  })

  it('counts by the newest observation, the broker’s own first at the same instant, whatever order they come in', async () => {
    const { to, read, account } = await letting()
    const value = () => reads(read, 'value source').then(([first]) => [first?.['value'], first?.['source']])
    await supply([item(to, { value: '30' })])
    expect(await supply([item(to, { value: '29', observedAt: '2026-01-14T08:00:00Z' })])).toMatchObject({
      results: [{ outcome: 'OLDER' }],
    })
    expect(await value()).toEqual(['30', 'PARTNER'])
    await world.owner`
      insert into tags (customer_id, tag_key, value, source, observed_at)
      select id, 'score', '61', 'bank', '2026-01-15T08:00:00Z' from customers where account_key = ${account}`
    expect(await value()).toEqual(['61', 'BROKER'])
    const batch = [
      item(to, { value: '32', observedAt: '2026-01-16T08:00:00Z' }),
      item(to, { value: '31', observedAt: '2026-01-15T09:00:00Z' }),
    ]
    expect(await supply(batch)).toMatchObject({ results: [{ outcome: 'RECORDED' }, { outcome: 'OLDER' }] })
    expect(await value()).toEqual(['32', 'PARTNER'])
  })

  it('counts no more once the customer lets the partner supply it no longer, from the next read on', async () => {
    const { to, read, account } = await letting()
    await supply([item(to)])
    await revokeConsent(world.context, { accountKey: account, consentId: to.id, idempotencyKey: randomUUID() })
    expect(await reads(read)).toEqual([])
    expect(await supply([item(to)])).toMatchObject({ results: [nobody] })
  })

  it('is shown to its customer with who supplied it', async () => {
    const { to, account } = await letting()
    await supply([item(to, { key: 'debt', value: '7' })])
    const own = async () => {
      const token = await makeDevelopmentToken(gateway.context, gateway.settings, { customer: account })
      const answer = await gateway.fetch('/customer/graphql', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ suppliedTags { key value quality counts supplier { name } } }' }),
      })
      return ((await answer.json()) as { data: { suppliedTags: unknown } }).data.suppliedTags
    }
    const shown = { key: 'debt', value: '7', quality: 900, supplier: { name: 'Harbour Bank' } }
    expect(await own()).toEqual([{ ...shown, counts: true }])
    await revokeConsent(world.context, { accountKey: account, consentId: to.id, idempotencyKey: randomUUID() })
    expect(await own()).toEqual([{ ...shown, counts: false }])
  })
})

describe('supplying', () => {
  it('has one effect for one key, on two processes at once, and refuses another batch under it', async () => {
    const { to } = await letting()
    const key = randomUUID()
    const answers = await Promise.all([gateway, second, gateway, second].map((at) => supply([item(to)], { key, at })))
    for (const answer of answers) expect(answer).toEqual({ results: [recorded], userErrors: [] })
    const [row] = await world.owner`select count(*)::integer as count from records where kind = 'supplied_tag'`
    expect(await supply([item(to)], { key })).toEqual(answers[0])
    expect(await world.owner`select count(*)::integer as count from records where kind = 'supplied_tag'`).toEqual([row])
    expect(await supply([item(to, { value: '28' })], { key })).toEqual({
      results: [],
      userErrors: [{ code: 'IDEMPOTENCY_CONFLICT', field: 'idempotencyKey' }],
    })
  })

  it('refuses what it cannot take, one by one, and tells nothing of whom it does not know', async () => {
    const { to, account } = await letting()
    const partly = await giveConsent(gateway, supplier, {
      account: () => customer(world.owner),
      purpose: 'SCORES_TAKEN',
      tags: [{ key: 'score', granularity: 'band' }],
    })
    const foreign = await giveConsent(gateway, bureau, {
      account: async () => account,
      purpose: 'SCORES_TAKEN',
      tags: sharing(),
    })
    const future = new Date(Date.now() + 6 * 60_000).toISOString()
    const cases: readonly (readonly [Item, object])[] = [
      [item({ subject: 'sub_nobody' }), nobody],
      [item(foreign), nobody],
      [item(partly, { key: 'debt' }), nobody],
      [item(partly), recorded],
      [item(to, { key: 'age', value: '44' }), nobody],
      [item(to, { key: 'height' }), nobody],
      [item(to, { value: 'many' }), refused('INVALID_INPUT', 'value')],
      [item(to, { value: '' }), refused('INVALID_INPUT', 'value')],
      [item(to, { observedAt: future }), refused('INVALID_INPUT', 'observedAt')],
      [item(to, { quality: 1001 }), refused('INVALID_INPUT', 'quality')],
      [item(to, { subject: 's'.repeat(129) }), refused('INVALID_INPUT', 'subject')],
      [item(to), recorded],
    ]
    const answer = await supply(cases.map(([one]) => one))
    expect(answer).toEqual({ results: cases.map(([, result]) => result), userErrors: [] })
    expect(await supply(Array.from({ length: 1001 }, () => item(to)))).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT' }],
    })
  })

  it('is asked for on the consent page in words of its own, and refused where it is limited', async () => {
    const { partner } = supplier.client
    const account = await customer(world.owner)
    const details = asked({ purpose: 'SCORES_TAKEN', tags: sharing() })
    const request = await pushed(gateway, supplier.client, { authorization_details: JSON.stringify([details]) })
    const browser = new Browser(gateway)
    const page = await signIn(browser, authorizeAddress(supplier.client, request), account)
    expect(page.text).toContain('Harbour Bank asks to pass on some of your data')
    expect(page.text).toContain('as they know it')
    expect(page.text).not.toContain('nothing is known about you')
    await decide(browser, page, [...formOf(page), ['decision', 'agree']])
    const [row] = await world.owner`
      select s.subject from subjects s join customers c on c.id = s.customer_id
      where c.account_key = ${account} and s.partner_id = ${uuidOf(parseId('ptr', partner))}`
    expect(await supply([item({ subject: row?.['subject'] })])).toMatchObject({ results: [recorded] })
    const once = giveConsent(gateway, supplier, {
      account: async () => account,
      purpose: 'SCORES_TAKEN',
      tags: sharing(),
      usage: 'ONCE',
    })
    await expect(once).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'usage' })
  })

  it('is for live partners of kind DATA with the scope', async () => {
    const { to } = await letting()
    expect(await supply([item(to)], { as: bank })).toEqual({ errors: ['FORBIDDEN'] })
    const reader = await letIn(gateway, { kind: 'DATA' })
    expect(await supply([item(to)], { as: reader })).toEqual({ errors: ['FORBIDDEN'] })
    const gone = await letIn(gateway, { kind: 'DATA', scopes: [...scopes] })
    await changePartnerStatus(world.context, { partner: gone.client.partner, status: 'SUSPENDED', reason: 'r' })
    expect(await supply([item(to)], { as: gone })).toEqual({ errors: ['FORBIDDEN'] })
  })

  it('needs a consent that no other partner and no other tag may be given, and that lets nobody read', async () => {
    const account = () => customer(world.owner)
    const given = (who: Insider, purpose = 'SCORES_TAKEN', tags = sharing()) =>
      giveConsent(gateway, who, { account, purpose, tags })
    await expect(given(bank)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'tags.0' })
    const stranger = await letIn(gateway, { kind: 'DATA', scopes: [...scopes] })
    await expect(given(stranger)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'tags.0' })
    const { subject } = await given(supplier)
    await supply([item({ subject })])
    const read = `{ customer(subject: "${subject}", purpose: "SCORES_TAKEN") { subject } }`
    expect((await plainly(gateway, supplier, read)).body).toEqual({ data: { customer: null } })
    const reading = await given(supplier, 'SCORING')
    expect(await supply([item(reading)])).toMatchObject({ results: [nobody] })
  })

  it('keeps the meaning of a purpose, and lets a definition’s suppliers change', async () => {
    const purpose = { ...PURPOSES[0], tagKeys: [...SUPPLIED], key: 'SCORING', direction: 'SUPPLY' }
    await expect(definePurposes(world.context, [purpose])).rejects.toMatchObject({ code: 'MEANING_CHANGED' })
    const { to, read } = await letting()
    await define([bureau])
    expect(await supply([item(to)])).toMatchObject({ results: [nobody] })
    await define([supplier, bureau])
    expect(await supply([item(to)])).toMatchObject({ results: [recorded] })
    expect(await reads(read, 'value')).toEqual([{ value: '27' }])
  })
})

describe('reads of what was supplied', () => {
  /** As if everything until now had been read two days ago, and the counting had stopped before. */
  const daysLater = () =>
    behindGuards(
      world.owner,
      `update tag_uses set at = at - interval '2 days'`,
      `update tag_use_head set through = through - 2`,
    )

  it('by others count for the supplier, and become contributions once a day is over, each once', async () => {
    const keeper = await letIn(gateway, { kind: 'DATA', scopes: [...scopes, 'contributions:write'] })
    await define([supplier, bureau, keeper])
    const made = Array.from({ length: 3 }, async () => {
      const accountKey = await customer(world.owner)
      const account = async () => accountKey
      const to = await giveConsent(gateway, keeper, { account, purpose: 'SCORES_TAKEN', tags: sharing() })
      const read = await giveConsent(gateway, bank, { account, purpose: 'SCORING', tags: sharing() })
      const own = await giveConsent(gateway, keeper, { account, purpose: 'SCORING', tags: sharing() })
      return { to, read, own }
    })
    const customers = await Promise.all(made)
    await supply(
      customers.map(({ to }) => item(to)),
      { as: keeper },
    )
    await supply(
      customers.slice(0, 1).map(({ to }) => item(to, { key: 'debt', value: '5' })),
      { as: keeper },
    )
    for (const { read } of customers) await reads(read)
    const page = '{ customers(purpose: "SCORING", last: 100) { edges { node { subject } } } }'
    expect((await plainly(gateway, bank, page)).status).toBe(200)
    const [first] = customers
    const own = `{ customer(subject: "${first?.own.subject}", purpose: "SCORING") { tags { key value } } }`
    expect(JSON.stringify((await plainly(gateway, keeper, own)).body)).toContain('"27"')

    const month = new Date().toISOString().slice(0, 7)
    const told = async () =>
      (await plainly(gateway, keeper, `{ tagUses(month: "${month}") { key uses customers } }`)).body
    const uses = [
      { key: 'debt', uses: 2, customers: null },
      { key: 'score', uses: 6, customers: null },
    ]
    expect(await told()).toEqual({ data: { tagUses: uses } })
    expect(await countUses(world.context, reportingUses(world.context))).toBe(0)

    await daysLater()
    const runs = [gateway, second].map(({ context }) => countUses(context, reportingUses(context)))
    await Promise.all(runs)
    expect(await countUses(world.context, reportingUses(world.context))).toBe(0)
    const contributions = '{ contributions(first: 9) { edges { node { kind quantity campaign status externalId } } } }'
    const { body } = await plainly(gateway, keeper, contributions)
    const { edges } = (body['data'] as { contributions: { edges: { node: Item }[] } }).contributions
    const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
    const contribution = { kind: 'TRAFFIC', status: 'CONFIRMED' }
    expect(
      edges.map(({ node }) => node).toSorted((a, b) => String(a['campaign']).localeCompare(String(b['campaign']))),
    ).toEqual([
      { ...contribution, quantity: '2', campaign: 'debt', externalId: `tag-uses:${day}:debt` },
      { ...contribution, quantity: '6', campaign: 'score', externalId: `tag-uses:${day}:score` },
    ])
  })

  it('are reported by no partner itself', async () => {
    const keeper = await letIn(gateway, { kind: 'DATA', scopes: ['contributions:write'] })
    const report = `mutation ($items: [ContributionInput!]!) {
      reportContributions(input: { items: $items }) { results { outcome code field } } }`
    const traffic = { kind: 'TRAFFIC', occurredAt: '2026-01-15T08:00:00Z', quantity: '1' }
    const items = [
      { ...traffic, externalId: 'mine', unit: 'TAG_USE' },
      { ...traffic, externalId: 'tag-uses:2026-01-15:score', unit: 'CLICK' },
    ]
    const { body } = await asPartner(gateway, keeper, report, { items })
    expect(body['data']).toEqual({
      reportContributions: {
        results: ['unit', 'externalId'].map((field) => ({ outcome: 'REFUSED', code: 'INVALID_INPUT', field })),
      },
    })
  })
})
