import { beforeAll, describe, expect, test } from 'vitest'
import { CanonicalText, canonicalJson } from '../../../kernel/canonical-json.ts'
import { sha256Hex } from '../../../kernel/digest.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { earningRecord, LINES_IN_RECORD, readEarning } from '../../../ledger/settlement/earning-record.ts'
import { type RecordBody, readBody } from '../../../records/record-body.ts'
import { useWorld } from '../../support/database.ts'
import { customersIn, earn, liveMember, programmeWith, type Revenue, refer } from './scene.ts'

const EVENTS = 2 * LINES_IN_RECORD + 1

const world = useWorld()
let bodies: readonly RecordBody[] = []
let issued: RecordBody | undefined

beforeAll(async () => {
  world.clock.set('2026-05-02T00:00:00Z')
  const programme = await programmeWith(world.context)
  const member = await liveMember(world.context, [programme], { from: '2026-04-01T00:00:00+08:00' })
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-04-02T00:00:00Z' })
  const events = Array.from({ length: EVENTS }, (_, n): Revenue => [`e${n}`, 100 + n, '2026-04-10T00:00:00Z'])
  await earn(world.context, customer, events)
  await closePeriod(world.context, { programme, month: '2026-04' })
  const rows = await world.owner<{ body: string }[]>`
    select body from records where kind in ('earning', 'statement') order by tx_id, id`
  const all = rows.map(({ body }) => readBody(body))
  bodies = all.filter(({ kind }) => kind === 'earning')
  issued = all.find(({ kind }) => kind === 'statement')
})

describe('the records of what a rule gave', () => {
  test('are named by the issued statement, in their order', () => {
    expect(issued?.data['rules']).toMatchObject([{ lines: `${EVENTS}`, earnings: bodies.map(({ id }) => id) }])
  })

  test('hold each line once, in order, in parts of a bounded size', () => {
    const parts = bodies.map(readEarning)
    expect(parts.map(({ part, of, lines }) => [part, of, lines.length])).toEqual([
      [1, 3, LINES_IN_RECORD],
      [2, 3, LINES_IN_RECORD],
      [3, 3, 1],
    ])
    const lines = parts.flatMap((part) => part.lines)
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: EVENTS }, (_, n) => n + 1))
    expect(lines.reduce((all, { minor }) => all + minor, 0n)).toBe(parts.at(-1)?.total?.minor)
  })

  test('have the rule’s total in the last part alone, and open the commitment that the statement names', () => {
    const parts = bodies.map(readEarning)
    expect(parts.map(({ total }) => total !== undefined)).toEqual([false, false, true])
    const total = parts.at(-1)?.total
    const lines = parts
      .flatMap((part) => part.lines)
      .map(({ explanation, line, minor }) => ({ explanation, line: BigInt(line), minor }))
    const opened = canonicalJson({ lines, rule: 1n, statement: String(issued?.data['number']), v: '1' })
    expect(sha256Hex(Buffer.concat([total?.salt ?? Buffer.alloc(0), Buffer.from(opened)]))).toBe(total?.commitment)
    expect(issued?.data['rules']).toMatchObject([{ commitment: total?.commitment }])
  })

  test('are for no partner, and name no customer', async () => {
    expect(bodies.filter(({ partner, personal }) => partner !== undefined || personal !== undefined)).toEqual([])
    const customers = await world.owner<{ id: string; account_key: string }[]>`select id, account_key from customers`
    const text = JSON.stringify(bodies)
    for (const { id, account_key } of customers) {
      expect(text).not.toContain(id.replaceAll('-', ''))
      // the partner's own key of the referral has it in this scene
      expect(text.replaceAll(`ref-${account_key}`, '').replaceAll(/e[0-9]+-account-[0-9]+/g, '')).not.toContain(
        account_key,
      )
    }
  })

  test('are read back as they were written, and another record is none', () => {
    const parts = bodies.map(readEarning).map(({ lines, ...part }) => ({
      ...part,
      lines: lines.map((line) => ({ ...line, explanation: new CanonicalText(canonicalJson(line.explanation)) })),
    }))
    expect(parts.map((part) => canonicalJson(earningRecord(part).data))).toEqual(
      bodies.map(({ data }) => JSON.stringify(data)),
    )
    expect(() => issued && readEarning(issued)).toThrow(/kind statement is not understood/)
  })
})
