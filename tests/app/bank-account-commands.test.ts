import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { CHINESE, GERMAN, partnerIn } from '../ledger/bank-accounts/scene.ts'
import { fapiao, payable } from '../ledger/invoices/scene.ts'
import { type Ran, useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const bank = useCli(world, 'bank')
const payout = useCli(world, 'payout')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-details-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllEnvs()
})

/** As a person of this name would run it. */
function as(name: string, run: typeof bank, ...words: readonly string[]): Promise<Ran> {
  vi.stubEnv('USER', name)
  return run('--json', ...words)
}

async function fileOf(content: object | string): Promise<string> {
  const file = path.join(folder, `${Math.random()}`)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test('a partner’s account is entered from a file, verified by another person, and revoked', {
  timeout: 180_000,
}, async () => {
  const partner = await partnerIn(world.context)
  vi.stubEnv('TRIBUTARY_ACCOUNT_CHANGE_HOLD_HOURS', '2')
  const details = await fileOf(CHINESE)
  const proposal = ['account', 'propose', partner, '--asset', 'CNY/2', '--details', details, '--key', 'k']
  const proposed = await as('ann', bank, ...proposal)
  const { id } = JSON.parse(proposed.out)
  expect(JSON.parse((await as('ann', bank, ...proposal)).out).id).toBe(id)
  const said = ['--number-file', await fileOf(`${CHINESE.number}\n`), '--checked', 'called the office']
  const alone = await as('ann', bank, 'account', 'verify', id, ...said)
  expect([alone.code, alone.out, alone.err]).toEqual([1, '', expect.stringContaining('FORBIDDEN')])
  const verified = await as('bo', bank, 'account', 'verify', id, ...said)
  expect(JSON.parse(verified.out)).toMatchObject({ status: 'VERIFIED', verifiedBy: 'staff:bo' })
  const { usableFrom, verifiedAt } = JSON.parse(verified.out)
  expect(usableFrom).toBe(verifiedAt)
  const listed = await bank('account', 'list', '--partner', partner)
  expect(listed.out).toMatch(/\*{4}3445 .* VERIFIED/)
  const rotated = await as('ann', bank, 'rotate-keys')
  expect(JSON.parse(rotated.out)).toEqual({ version: 2, resealed: 1, resumed: false })
  const again = await as('ann', bank, ...proposal.slice(0, -1), 'k2')
  const next = await as('bo', bank, 'account', 'verify', JSON.parse(again.out).id, ...said)
  const held = JSON.parse(next.out)
  expect(Date.parse(held.usableFrom) - Date.parse(held.verifiedAt)).toBe(7_200_000)
  const revoked = await as('cy', bank, 'account', 'revoke', held.id, '--reason', 'not theirs')
  expect(JSON.parse(revoked.out)).toMatchObject({ status: 'REVOKED', reason: 'not theirs' })
  const everything = [proposed, alone, verified, listed, rotated, again, next, revoked].map(({ out, err }) => out + err)
  expect(everything.join()).not.toMatch(/6222|杭州/)
})

test('an account of ours is added and verified', { timeout: 120_000 }, async () => {
  const details = await fileOf(GERMAN)
  const words = ['own-account', 'add', 'main', '--asset', 'EUR/2', '--name', 'Main', '--details', details]
  expect(JSON.parse((await as('ann', bank, ...words)).out)).toMatchObject({ code: 'main', status: 'PROPOSED' })
  const said = ['--number-file', await fileOf(GERMAN.number), '--checked', 'letter of the bank']
  expect(JSON.parse((await as('bo', bank, 'own-account', 'verify', 'main', ...said)).out).status).toBe('VERIFIED')
  const rejected = await as('ann', bank, 'own-account', 'reject', 'main', '--reason', 'x')
  expect([rejected.code, rejected.err]).toEqual([1, expect.stringContaining('WRONG_STATE')])
  expect((await bank('own-account', 'list')).out).toMatch(/main .* \*{4}3000/)
})

test('invoices are asked for, registered, withdrawn and listed', { timeout: 180_000 }, async () => {
  world.clock.set('2026-08-02T00:00:00Z')
  const { programme, statement } = await payable(world)
  const required = await as('ann', payout, 'invoice', 'require', programme, '--from', '2026-02')
  expect(JSON.parse(required.out)).toMatchObject({ version: 1, from: '2026-02' })
  expect((await as('ann', payout, 'invoice', 'require', programme)).err).toContain('--never')
  const { number, code } = fapiao(statement)
  const words = ['invoice', 'register', statement.number, '--kind', 'FAPIAO', '--code', code, '--number', number]
  const rest = ['--issued', '2026-03-12', '--gross', '200.00']
  const differs = await as('ann', payout, ...words, ...rest, '--vat', '0')
  expect([differs.code, JSON.parse(differs.out)]).toMatchObject([1, { status: 'DIFFERS', differs: ['VAT'] }])
  const taken = await as('ann', payout, 'invoice', 'withdraw', JSON.parse(differs.out).id, '--reason', 'typed wrongly')
  expect(JSON.parse(taken.out)).toMatchObject({ status: 'WITHDRAWN' })
  const matched = await as('ann', payout, ...words, ...rest, '--vat', '12.00')
  expect([matched.code, JSON.parse(matched.out)]).toMatchObject([0, { status: 'MATCHED', gross: '20000' }])
  const listed = await payout('invoice', 'list', '--statement', statement.id)
  expect(listed.out).toMatch(/200\.00 \+ 12\.00 .* MATCHED/)
  expect(listed.out).toMatch(/WITHDRAWN/)
})
