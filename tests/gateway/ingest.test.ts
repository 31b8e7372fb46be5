import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { ndjsonLines } from '../../kernel/ndjson-lines.ts'
import { requireConfirmation } from '../../ledger/facts/require-confirmation.ts'
import { liveCaller, referral, reportOne } from '../ledger/facts/factories.ts'
import { useWorld } from '../support/database.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const AT = '2026-01-20T08:00:00Z'
const world = useWorld()
let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway(world)
  await world.owner`insert into customers (id, account_key) values (${uuidOf(newId('cus'))}, 'acc-1')`
})
afterAll(async () => {
  await gateway.close()
})

describe('ingesting revenue', () => {
  it('stores what can be stored, names every line that cannot, and does it once', async () => {
    const lines = [
      fact('e1'),
      '{"type":',
      fact('e2'),
      '',
      fact('e3', { amount: '1.234' }),
      '{"a":1,"a":2}',
      fact('e1', { amount: '9.99' }),
    ]
    const first = await ingest(lines.join('\n'))
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({
      received: 6,
      recorded: 2,
      replayed: 0,
      refused: 4,
      refusals: [
        { line: 2, code: 'INVALID_INPUT', message: 'the line is not JSON' },
        expect.objectContaining({ line: 5, code: 'INVALID_INPUT', externalId: 'e3' }),
        { line: 6, code: 'INVALID_INPUT', message: 'a key stands twice in one object of the line' },
        expect.objectContaining({ line: 7, code: 'IDEMPOTENCY_CONFLICT', externalId: 'e1' }),
      ],
    })
    expect(await (await ingest(lines.join('\r\n'))).json()).toMatchObject({ recorded: 0, replayed: 2, refused: 4 })
  })

  it('takes thousands of lines as they come, in batches', async () => {
    const lines = Array.from({ length: 2500 }, (_, index) => fact(`many-${index}`))
    const body = new ReadableStream({
      start(controller) {
        for (const line of lines) controller.enqueue(Buffer.from(`${line}\n`))
        controller.close()
      },
    })
    expect(await (await ingest(body)).json()).toMatchObject({ received: 2500, recorded: 2500, refused: 0 })
  })

  it('ends at a line that is too long, says which, and keeps the batches before it', async () => {
    const lines = Array.from({ length: 1500 }, (_, index) => fact(`long-${index}`))
    const answer = await ingest([...lines, JSON.stringify({ x: 'x'.repeat(100_000) })].join('\n'))
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({
      code: 'BODY_TOO_LARGE',
      detail: 'line 1501 has more than 65536 bytes',
      summary: { received: 1000, recorded: 1000 },
    })
  })

  it('shows at most a thousand refusals and counts all', async () => {
    const summary = (await (await ingest('x\n'.repeat(1200))).json()) as { refused: number; refusals: unknown[] }
    expect([summary.refused, summary.refusals.length]).toEqual([1200, 1000])
  })

  it('takes decisions on contributions, and names those that cannot be', async () => {
    const { caller, code } = await liveCaller(world.context)
    await requireConfirmation(world.context, { partner: code, kind: 'REFERRAL', confirmation: 'BROKER_FACT' })
    for (const externalId of ['c', 'd']) await reportOne(world.context, caller, referral(externalId, { lead: 'l' }))
    const decide = (of: string, more: object) =>
      JSON.stringify({ externalId: `of-${of}`, partner: code, contributionExternalId: of, occurredAt: AT, ...more })
    const lines = [
      decide('c', { type: 'contribution_confirmed' }),
      decide('d', { type: 'contribution_rejected', reason: 'no account' }),
      decide('e', { type: 'contribution_confirmed' }),
      decide('f', { type: 'contribution_rejected' }),
    ]
    expect(await (await ingest(lines.join('\n'))).json()).toMatchObject({
      received: 4,
      recorded: 2,
      refusals: [
        { line: 3, code: 'NOT_FOUND', field: 'contributionExternalId' },
        { line: 4, code: 'INVALID_INPUT', field: 'reason' },
      ],
    })
    expect(await (await ingest(lines.join('\n'))).json()).toMatchObject({ recorded: 0, replayed: 2, refused: 2 })
  })

  it('takes an empty stream for what it is', async () => {
    expect(await (await ingest('')).json()).toEqual({ received: 0, recorded: 0, replayed: 0, refused: 0, refusals: [] })
  })

  it.each<[string, StaffRole[], number]>([
    ['a system that ingests', ['ingest'], 200],
    ['finance', ['finance'], 200],
    ['compliance', ['compliance'], 403],
    ['partner managers', ['partner-manager'], 403],
  ])('answers %s as it should', async (_, roles, status) => {
    expect((await ingest(fact('role'), { roles })).status).toBe(status)
  })

  it.each([
    ['no token', { authorization: '' }, 401],
    ['another type', { 'content-type': 'application/json' }, 415],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
  ])('refuses %s', async (_, headers, status) => {
    expect((await ingest(fact('x'), { headers })).status).toBe(status)
  })

  it.each(['', '?source=', '?source=%00', '?source=a&source=b', `?source=${'a'.repeat(200)}`])(
    'refuses a source that is none: %s',
    async (query) => {
      const answer = await ingest(fact('x'), { query })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'INVALID_INPUT', detail: expect.stringContaining('source') })
    },
  )

  it('takes POST alone', async () => {
    const answer = await gateway.fetch('/ingest/revenue')
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('lines of a stream', () => {
  it('are the same however the stream is cut', async () => {
    const text = Buffer.from('{"a":"é"}\r\n\n  \n{"b":2}\n{"c":3}')
    for (let size = 1; size <= text.length; size++) {
      const lines = await collect(text, size, 100)
      expect(lines).toEqual(['1 {"a":"é"}', '4 {"b":2}', '5 {"c":3}'])
    }
  })

  it('may be as long as is said, and not a byte more', async () => {
    expect(await collect(Buffer.from('aaaa\nbbbb'), 3, 4)).toHaveLength(2)
    await expect(collect(Buffer.from('aaaa\nbbbbb'), 3, 4)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    await expect(collect(Buffer.from('aaaaa\nbbbb'), 100, 4)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
  })

  async function collect(text: Buffer, size: number, most: number): Promise<string[]> {
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size)
    }
    const lines: string[] = []
    for await (const { number, bytes } of ndjsonLines(chunks(), most)) lines.push(`${number} ${bytes}`)
    return lines
  }
})

type Given = {
  readonly roles?: readonly StaffRole[]
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
}

async function ingest(
  body: string | ReadableStream,
  { roles = ['ingest'], headers, query }: Given = {},
): Promise<Response> {
  const token = await makeDevelopmentToken(gateway.context, gateway.settings, { staff: 'core-trading', roles })
  return gateway.fetch(`/ingest/revenue${query ?? '?source=core'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}`, ...headers },
    body,
    duplex: 'half',
  } as RequestInit)
}

function fact(externalId: string, more: object = {}): string {
  const base = { type: 'revenue', externalId, customer: 'acc-1', base: 'COMMISSION', asset: 'CNY/2', amount: '12.34' }
  return JSON.stringify({ ...base, occurredAt: '2026-01-20T08:00:00Z', ...more })
}
