import { beforeAll, expect, test } from 'vitest'
import { type Id, newId } from '../../kernel/ids.ts'
import { foldAll, post, someEntry } from '../ledger/journal/scene.ts'
import { sealAll } from '../records/sealed-log.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'ledger')
let entry: Id<'jre'> = newId('jre')
let second: Id<'jre'> = newId('jre')

beforeAll(async () => {
  const [posted, later] = await post(
    world.context,
    someEntry({ reference: 'first', at: new Date('2026-01-10T00:00:00Z') }),
    someEntry({ reference: 'second', at: new Date('2026-02-10T00:00:00Z') }),
  )
  entry = posted?.id ?? entry
  second = later?.id ?? second
  await sealAll(world.context, world.owner)
  await foldAll(world.context)
})

async function json(...words: readonly string[]): Promise<unknown> {
  const { code, out, err } = await run('--json', ...words)
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out)
}

test('balances are told now, at a time and at a place in the log', async () => {
  const minors = async (...words: readonly string[]) =>
    ((await json('balances', '--prefix', 'Partner', ...words)) as { minor: string }[]).map(({ minor }) => minor)
  expect(await minors()).toEqual(['-2460'])
  expect(await minors('--at', '2026-01-31T00:00:00+08:00')).toEqual(['-1230'])
  expect(await minors('--seq', '1')).toEqual(['-1230'])
  const refused = await Promise.all([
    run('balances', '--at', 'yesterday'),
    run('balances', '--at', '2026-01-31T00:00:00'),
    run('balances', '--seq', '1', '--at', '2026-01-31T00:00:00Z'),
    run('balances', '--seq', '99'),
  ])
  for (const { code, out } of refused) expect([code > 0, out]).toEqual([true, ''])
})

test('the trial balance has two columns that agree', async () => {
  const { out, code } = await run('trial-balance')
  expect(code).toBe(0)
  expect(out).toMatch(/Expenses:PartnerShare:spring .* 24\.60 .*\n/)
  expect(out).toMatch(/total .* CNY\/2 .* 24\.60 .* 24\.60/)
})

test('a statement opens, runs and closes, and goes on by its cursor', async () => {
  const { out } = await run('statement', 'Partner:Accrued:harbour', '--from', '2026-02-01T00:00:00Z')
  expect(out).toMatch(/opening balance .*-12\.30[\s\S]*second .*-12\.30 .*-24\.60[\s\S]*closing balance .*-24\.60/)
  type Page = { readonly lines: { readonly edges: readonly { readonly cursor: string }[] } }
  const page = (await json('statement', 'Partner:Accrued:harbour', '--limit', '1')) as Page
  const next = await json('statement', 'Partner:Accrued:harbour', '--after', page.lines.edges[0]?.cursor ?? '')
  expect(next).toMatchObject({ lines: { edges: [{ node: { reference: 'second', balance: '-2460' } }] } })
  expect((await run('statement', 'No:Such')).code).toBeGreaterThan(0)
})

test('accounts show the chart and what exists of it', async () => {
  expect(await json('accounts')).toContainEqual(
    expect.objectContaining({ account: 'Partner:Accrued', type: 'liability', per: 'partner', exist: 1 }),
  )
  expect(await json('accounts', '--prefix', 'Expenses')).toEqual([
    { path: 'Expenses:PartnerShare:spring', chart: 'Expenses:PartnerShare', type: 'expense' },
  ])
})

test('a reversal is posted once by whoever runs the command', async () => {
  const first = await json('reverse', entry, '--reason', 'typed twice')
  expect(first).toMatchObject({ reference: `reversal:${entry}`, replayed: false })
  expect(await json('reverse', entry, '--reason', 'typed twice')).toEqual({ ...(first as object), replayed: true })
  const other = await run('reverse', entry, '--reason', 'another')
  expect(other.code).toBeGreaterThan(0)
  expect(other.err).toContain('ALREADY_REVERSED')
  const [row] = await world.owner<{ actor: string }[]>`
    select r.body::jsonb ->> 'actor' as actor from records r join journal_entries e on e.record_id = r.id
    where e.reverses is not null`
  expect(row?.actor).toMatch(/^staff:/)
})

test('verify names what statements do not tell of, and is content when it is taken back', async () => {
  const { code, out } = await run('verify')
  expect([code, out]).toEqual([1, expect.stringMatching(/come to 0\.00, and the journal has -12\.30[^\n]*Accrued/)])
  await json('reverse', second, '--reason', 'no statement has it')
  expect(await json('verify')).toMatchObject({ sound: true, findings: [] })
})

test('verify names a folded balance that is wrong, and rebuilding mends it', async () => {
  expect(await json('verify')).toMatchObject({ sound: true, findings: [] })
  await behindGuards(world.owner, `update balance_totals set amount = 0 where kind = 'DAY'`)
  const wrong = await run('verify')
  expect(wrong.code).toBe(1)
  expect(wrong.out).toContain('balance of Partner:Accrued:harbour in CNY/2, 2026-01-10')
  expect(await json('rebuild-balances')).toEqual({ records: 2 })
  expect(await json('verify')).toMatchObject({ sound: true, findings: [] })
})
