import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { definePurposes } from '../../../customers/define-purposes.ts'
import { defineTags } from '../../../customers/define-tags.ts'
import { grantConsent } from '../../../customers/grant-consent.ts'
import { listDisclosures } from '../../../customers/list-disclosures.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { canonicalJson } from '../../../kernel/canonical-json.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { commitToLines } from '../../../ledger/settlement/lines-commitment.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import type { StatementLine } from '../../../ledger/settlement/statement.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { customersIn, earn, freshCode, liveMember, programmeWith, refer } from './scene.ts'

const world = useWorld()

beforeAll(async () => {
  const tag = {
    labelEn: 'T',
    labelZh: '标',
    category: 'money',
    type: 'DECIMAL',
    sensitivity: 'NORMAL',
    legalBasis: 'x',
  }
  const bands = [{ upTo: '100', label: 'low' }, { label: 'high' }]
  await defineTags(world.context, [
    { ...tag, key: 'commission', granularities: ['exact', 'band'], bands },
    { ...tag, key: 'balance', granularities: ['exact'] },
  ])
  const words = { nameEn: 'S', nameZh: '结算', description: 'To check a statement', tagKeys: ['commission'] }
  const other = { ...words, description: 'To advise', tagKeys: ['commission', 'balance'] }
  await definePurposes(world.context, [
    { ...words, key: 'SETTLEMENT' },
    { ...other, key: 'ADVICE' },
  ])
})

beforeEach(() => {
  world.clock.set('2026-05-02T00:00:00Z')
})

describe('a partner', () => {
  test('without consents sees a total, a count and a commitment of each rule, and no line', async () => {
    const { member, statement } = await closedMonth()
    const found = await findStatement(world.context, { id: statement, partner: member.partner })
    expect(found).toMatchObject({ earned: 500n, lineCount: 3 })
    expect(found?.rules).toMatchObject([{ minor: 500n, lineCount: 3, kind: 'REFERRAL_COMMISSION_SHARE' }])
    expect(found?.rules[0]?.commitment).toMatch(/^[0-9a-f]{64}$/)
    expect(found?.rules[0]?.explanation).not.toHaveProperty('exact')
    expect(await linesFor(member, statement)).toEqual([])
  })

  test('sees the lines of customers who let it, with their base amounts, and each reading leaves a disclosure', async () => {
    const { member, statement, customers } = await closedMonth()
    await consentTo(member, customers[1])
    const lines = await linesFor(member, statement)
    expect(lines.map(({ minor, contributionExternalId }) => [minor, contributionExternalId])).toEqual([
      [200n, `ref-${customers[1]}`],
    ])
    expect(lines[0]?.explanation.event?.minor).toBe('1000')
    expect(lines[0]?.subject).toBeTypeOf('string')
    const { edges } = await listDisclosures(world.context, { accountKey: customers[1] }, { first: 10 })
    expect(edges.map(({ node }) => [node.purpose, node.partnerId, node.outcome, node.tags])).toEqual([
      ['SETTLEMENT', member.partner, 'disclosed', [{ key: 'commission', granularity: 'exact' }]],
    ])
    const none = await listDisclosures(world.context, { accountKey: customers[0] }, { first: 10 })
    expect(none.edges).toEqual([])
  })

  test('sees nothing under a coarser consent, another purpose, another partner’s consent, or after revocation', async () => {
    const { member, statement, customers } = await closedMonth()
    const stranger = await liveMember(world.context, [])
    await consentTo(member, customers[0], { granularity: 'band' })
    await consentTo(member, customers[1], { purpose: 'ADVICE' })
    await consentTo(stranger, customers[2])
    expect(await linesFor(member, statement)).toEqual([])
    const { id } = await consentTo(member, customers[2])
    expect(await linesFor(member, statement)).toHaveLength(1)
    await revokeConsent(world.context, { accountKey: customers[2], consentId: id, idempotencyKey: freshCode('key') })
    expect(await linesFor(member, statement)).toEqual([])
  })

  test('sees nothing once it is suspended, though the consent stands', async () => {
    const { member, statement, customers } = await closedMonth()
    await consentTo(member, customers[0])
    await changePartnerStatus(world.context, { partner: member.partner, status: 'SUSPENDED', reason: 'review' })
    expect(await linesFor(member, statement)).toEqual([])
  })

  test('finds another partner’s statement as little as one that does not exist', async () => {
    const { statement, customers } = await closedMonth()
    const stranger = await liveMember(world.context, [])
    await consentTo(stranger, customers[0])
    expect(await findStatement(world.context, { id: statement, partner: stranger.partner })).toBeUndefined()
    expect(await findStatement(world.context, { id: newId('sta'), partner: stranger.partner })).toBeUndefined()
    expect(await linesFor(stranger, statement)).toEqual([])
    expect(await linesFor(stranger, newId('sta'))).toEqual([])
  })

  test('is disclosed no more than the page it asked for', async () => {
    const { member, statement, customers } = await closedMonth()
    for (const customer of customers) await consentTo(member, customer)
    const first = await page(member, statement, { first: 2 })
    expect(first).toMatchObject({ hasNextPage: true })
    expect(await disclosuresOf(customers[2])).toBe(0)
    const second = await page(member, statement, { first: 2, after: first.edges.at(-1)?.cursor })
    expect(second.edges.map(({ node }) => node.lineNo)).toEqual([3])
    const back = await page(member, statement, { last: 2, before: second.edges[0]?.cursor })
    expect(back.edges.map(({ node }) => node.lineNo)).toEqual([1, 2])
  })
})

test('the broker sees every line, and reading them is no disclosure', async () => {
  const { statement, customers } = await closedMonth()
  const lines = await brokersLines(statement)
  expect(lines.map(({ lineNo, minor }) => [lineNo, minor])).toEqual([
    [1, 100n],
    [2, 200n],
    [3, 200n],
  ])
  expect(await Promise.all(customers.map(disclosuresOf))).toEqual([0, 0, 0])
})

test('an auditor who has salt and lines opens the commitment, and no other lines fit it', async () => {
  const { statement } = await closedMonth()
  const lines = await brokersLines(statement)
  const found = await findStatement(world.context, { id: statement })
  const [row] = await world.owner<{ salt: Buffer }[]>`
    select e.salt from earnings e where e.statement_id = ${uuidOf(statement)}`
  const place = { statement: found?.number ?? '', ruleNo: 1 }
  const opened = (shown: readonly StatementLine[]): string => {
    const commitment = commitToLines(row?.salt ?? Buffer.alloc(0), place)
    for (const line of shown) commitment.add({ ...line, explanation: canonicalJson(line.explanation) })
    return commitment.finish()
  }
  expect(opened(lines)).toBe(found?.rules[0]?.commitment)
  expect(opened(lines.map((line) => ({ ...line, minor: line.minor + 1n })))).not.toBe(found?.rules[0]?.commitment)
  expect(opened(lines.slice(1))).not.toBe(found?.rules[0]?.commitment)
})

test.each([{ first: 101 }, {}, { first: 1, after: 'rubbish' }, { first: 1, after: cursorOf('x', 'y') }])(
  'a page of lines is refused: %o',
  async (asked) => {
    const { member, statement } = await closedMonth()
    await expect(page(member, statement, asked)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  },
)

async function closedMonth() {
  const programme = await programmeWith(world.context)
  const member = await liveMember(world.context, [programme], { from: '2026-04-01T00:00:00+08:00' })
  const [a = '', b = '', c = ''] = await customersIn(world, 3)
  await refer(world.context, member, { customers: [a, b, c], at: '2026-04-02T00:00:00Z' })
  await earn(world.context, a, [['e1', 500, '2026-04-10T00:00:00Z']])
  await earn(world.context, b, [['e2', 1000, '2026-04-10T00:00:00Z']])
  await earn(world.context, c, [['e3', 1000, '2026-04-10T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-04' })
  const { edges } = await listStatements(world.context, { partner: member.partner, page: { first: 1 } })
  const statement = edges[0]?.node.id ?? newId('sta')
  return { member, statement, customers: [a, b, c] as const }
}

async function consentTo(
  { code }: { readonly code: string },
  accountKey: string,
  { purpose = 'SETTLEMENT', granularity = 'exact' as 'exact' | 'band' } = {},
) {
  return grantConsent(world.context, {
    accountKey,
    partnerCode: code,
    purpose,
    tags: [{ key: 'commission', granularity }],
    // consents end by the database's clock, not by the tests'
    expiresAt: new Date(Date.now() + 86_400_000),
    evidence: { locale: 'zh-CN', channel: 'app' },
    idempotencyKey: freshCode('key'),
  })
}

async function page(caller: PartnerCaller, statement: Id<'sta'>, asked: object) {
  return listStatementLines(world.context, { statement, caller, page: asked })
}

async function linesFor(caller: PartnerCaller, statement: Id<'sta'>): Promise<readonly StatementLine[]> {
  return (await page(caller, statement, { first: 100 })).edges.map(({ node }) => node)
}

async function brokersLines(statement: Id<'sta'>): Promise<readonly StatementLine[]> {
  const { edges } = await listStatementLines(world.context, { statement, page: { first: 100 } })
  return edges.map(({ node }) => node)
}

async function disclosuresOf(accountKey: string): Promise<number> {
  return (await listDisclosures(world.context, { accountKey }, { first: 10 })).edges.length
}

function cursorOf(...keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(['c1', ...keys])).toString('base64url')
}
