import { beforeAll, describe, expect, test } from 'vitest'
import { listDisclosures } from '../../../customers/list-disclosures.ts'
import { canonicalJson } from '../../../kernel/canonical-json.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { as, consentTo, defineSettlement, dispute, issued } from '../disputes/scene.ts'
import { lastOf } from '../settlement/corrections/scene.ts'
import { earn, freshCode, liveMember } from '../settlement/scene.ts'
import { bytesOf, documentOf, readCsv, sealAll } from './scene.ts'

const world = useWorld()
const TERMS = { tax: { vatPpm: 60_000, withholdingPpm: 100_000 }, holdback: { ppm: 100_000, periods: 1 } }

beforeAll(() => defineSettlement(world))

/** March after a disputed February: an adjustment, a correction upwards, and one downwards of an earlier month. */
async function eventful() {
  const scene = await issued(world, TERMS)
  const { programme, member, customers } = scene
  const { id } = await dispute(world, scene, { rules: [1], reason: '=HYPERLINK("x")' })
  const answer = {
    dispute: id,
    upheld: true,
    amount: '7.77',
    answer: 'you are right',
    idempotencyKey: freshCode('key'),
  }
  const { adjustment = '' } = await answerDispute(as(world, 'staff:ann'), answer)
  await approveAdjustment(as(world, 'staff:bo'), { adjustment, idempotencyKey: freshCode('key') })
  world.clock.set('2026-04-02T00:00:00Z')
  await earn(world.context, customers[0] ?? '', [['late', 100_000, '2026-02-11T00:00:00Z']])
  await earn(world.context, customers[1] ?? '', [['march', 20_000, '2026-03-11T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-03' })
  const march = await lastOf(world, member)
  world.clock.set('2026-05-02T00:00:00Z')
  await earn(world.context, customers[0] ?? '', [['gone', -300_000, '2026-02-12T00:00:00Z']])
  await closePeriod(world.context, { programme, month: '2026-04' })
  return { ...scene, march, april: await lastOf(world, member) }
}

describe('a statement as a document', () => {
  test('tells where each amount comes from', async () => {
    const { march, april } = await eventful()
    const document = await documentOf(world, march)
    expect(document.earned).toEqual({ ofMonth: 4000n, adjusted: 777n, corrected: 20_000n })
    expect(document.statement.earned).toBe(24_777n)
    expect(document.rules.map(({ part, minor }) => [part, minor])).toEqual([
      ['EARNED', 4000n],
      ['CORRECTION', 20_000n],
      ['ADJUSTMENT', 777n],
    ])
    const taken = await documentOf(world, april)
    expect(taken.earned).toEqual({ ofMonth: 0n, adjusted: 0n, corrected: 0n })
    expect(taken.statement).toMatchObject({ clawbacks: -60_000n, earned: 0n })
  })

  test('tells its disputes with their answers, and what is held while one is open', async () => {
    const scene = await issued(world, TERMS)
    await dispute(world, scene, { amount: '1', reason: 'one is missing' })
    const document = await documentOf(world, scene.statement)
    expect(document.answer).toMatchObject({ disputed: 100n, disputeEndsAt: new Date('2026-03-12T00:00:00Z') })
    expect(document.disputes).toMatchObject([{ status: 'OPEN', reason: 'one is missing' }])
    expect(document.statement.status).toBe('DISPUTED')
  })

  test('names the first checkpoint that covers its record, for ever; before, that it is not sealed', async () => {
    const { statement } = await issued(world)
    expect((await documentOf(world, statement)).place).toBeUndefined()
    await sealAll(world)
    const { place } = await documentOf(world, statement)
    const [seal] = await world.owner<{ seq: string }[]>`
      select seq from seals where record_id = ${uuidOf(statement.record ?? 'rec_')}`
    expect(place).toMatchObject({ origin: 'tributary.example', seq: Number(seal?.seq) })
    expect(place?.size ?? 0).toBeGreaterThanOrEqual(place?.seq ?? 1)
    await issued(world)
    await sealAll(world)
    expect((await documentOf(world, statement)).place).toEqual(place)
  })

  test('is of an issued statement that the reader may have', async () => {
    const { statement } = await issued(world)
    const caller = await liveMember(world.context, [])
    await expect(documentOf(world, statement, { caller })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('its JSON', () => {
  test('is canonical, and holds every amount with decimals and minor units', async () => {
    const { march } = await eventful()
    const text = (await bytesOf(await documentOf(world, march), 'json')).toString()
    const read = JSON.parse(text)
    expect(`${canonicalJson(read)}\n`).toBe(text)
    expect(read.amounts).toMatchObject({
      opening: { amount: '0.00', asset: 'CNY/2', minor: '0' },
      earned: { amount: '247.77', minor: '24777' },
      earnedByCorrection: { minor: '20000' },
      transfer: { minor: `${march.transfer}` },
    })
    expect(read.lines.map(({ earned }: { earned: { minor: string } }) => earned.minor)).toEqual([
      '4000',
      '20000',
      '777',
    ])
    expect(read).toMatchObject({ v: '1', linesShown: 'ALL', lineCount: '3', checkpoint: null, accepted: null })
  })
})

describe('its CSV', () => {
  test('has a row for each line, and its amounts sum to what was earned and clawed back', async () => {
    const { march, april } = await eventful()
    for (const statement of [march, april]) {
      const [head = [], ...rows] = readCsv((await bytesOf(await documentOf(world, statement), 'csv')).toString())
      const minor = head.indexOf('minor')
      expect(rows.reduce((all, row) => all + BigInt(row[minor] ?? ''), 0n)).toBe(statement.earned + statement.clawbacks)
      expect(rows).toHaveLength(statement.lineCount)
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]))
    }
  })

  test('neutralises what a spreadsheet would take for a formula, and leaves numbers alone', async () => {
    const { statement } = await issued(world)
    const document = await documentOf(world, statement)
    const texts = ['=1+1', '+1', '-1+1', '@x', '\tx', '\rx', '-12.50', '12.50', 'a"b', 'a,b']
    async function* lines() {
      for await (const line of document.lines()) {
        yield* texts.map((contributionExternalId) => ({ ...line, contributionExternalId }))
      }
    }
    const rules = document.rules.map((rule) => ({ ...rule, lineCount: texts.length * 3 }))
    const [head = [], ...rows] = readCsv((await bytesOf({ ...document, rules, lines }, 'csv')).toString())
    const shown = rows.slice(0, texts.length).map((row) => row[head.indexOf('contribution')])
    expect(shown).toEqual(["'=1+1", "'+1", "'-1+1", "'@x", "'\tx", "'\rx", '-12.50', '12.50', 'a"b', 'a,b'])
  })
})

describe('a partner', () => {
  test('gets the lines of customers who let it, each disclosed, and the rest of a rule in one row', async () => {
    const { member, statement, customers } = await issued(world)
    await consentTo(world, member, customers[1] ?? '')
    const document = await documentOf(world, statement, { caller: member })
    const [head = [], ...rows] = readCsv((await bytesOf(document, 'csv')).toString())
    const columns = ['line', 'lines', 'amount'].map((name) => head.indexOf(name))
    expect(rows.map((row) => columns.map((column) => row[column]))).toEqual([
      ['2', '1', '2.00'],
      ['', '2', '4.00'],
    ])
    const disclosed = async (customer: string) =>
      (await listDisclosures(world.context, { accountKey: customer }, { first: 10 })).edges.length
    expect(await Promise.all(customers.map(disclosed))).toEqual([0, 1, 0])
    const json = JSON.parse((await bytesOf(document, 'json')).toString())
    expect(json).toMatchObject({ linesShown: 'CONSENTED', lineCount: '3', lines: [{ earned: { minor: '200' } }] })
    expect(JSON.stringify(json)).not.toContain('exactly 6 CNY')
    expect(await Promise.all(customers.map(disclosed))).toEqual([0, 2, 0])
  })

  test('is disclosed no line of a file that it stopped reading before', async () => {
    const { member, statement, customers } = await issued(world)
    await consentTo(world, member, customers[0] ?? '')
    await documentOf(world, statement, { caller: member })
    const { edges } = await listDisclosures(world.context, { accountKey: customers[0] ?? '' }, { first: 10 })
    expect(edges).toEqual([])
  })
})

describe('a long statement', () => {
  const COUNT = 120_000

  test.each(['csv', 'json'] as const)('is written as %s while it is read: memory does not grow', async (format) => {
    const { statement } = await issued(world)
    const document = await documentOf(world, statement)
    const [line] = await Array.fromAsync(document.lines())
    if (line === undefined) throw new Error('the statement has a line')
    async function* lines() {
      for (let lineNo = 1; lineNo <= COUNT; lineNo++) yield { ...line, ...{ lineNo } } as NonNullable<typeof line>
    }
    const rules = document.rules.map((rule) => ({ ...rule, lineCount: COUNT }))
    const { documentIn } = await import('../../../ledger/documents/document-format.ts')
    let bytes = 0
    let longest = 0
    for await (const chunk of documentIn({ ...document, rules, lines }, format)) {
      bytes += chunk.length
      longest = Math.max(longest, chunk.length)
    }
    expect(bytes).toBeGreaterThan(COUNT * 100)
    expect(longest).toBeLessThan(200_000)
  })
})
