import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../kernel/digest.ts'
import { countersignAgreement } from '../../ledger/agreements/countersign-agreement.ts'
import { programmeOf, signer } from '../ledger/agreements/contract-scene.ts'
import { someProgramme, termsInput } from '../ledger/agreements/factories.ts'
import { type Ran, useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const terms = useCli(world, 'terms')
const agreement = useCli(world, 'agreement')
const document = useCli(world, 'document')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-contracts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const write = async (name: string, text: string): Promise<string> => {
  const file = path.join(folder, name)
  await writeFile(file, text)
  return file
}
const of = <T>({ code, out, err }: Ran): T => {
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out)
}
type Told = { readonly id: string; readonly hash: string; readonly status: string }

test('terms come into force step by step', { timeout: 120_000 }, async () => {
  const member = await signer(world.context)
  const { code } = await programmeOf(world.context, [member])
  const file = await write('terms.json', JSON.stringify(termsInput(code)))
  const draft = of<Told>(await terms('--json', 'draft', file, '--programme', code))
  expect(draft).toMatchObject({ status: 'DRAFT', version: 1 })
  const mended = await write('mended.json', JSON.stringify(termsInput(code, { minimumPayout: '7000' })))
  const edited = of<Told>(await terms('--json', 'draft', mended, '--programme', code, '--proposal', draft.id))
  expect(edited.id).toBe(draft.id)
  const stale = await terms('propose', draft.id, '--hash', draft.hash)
  expect([stale.code > 0, stale.out, stale.err]).toEqual([true, '', expect.stringContaining('HASH_MISMATCH')])
  of(await terms('--json', 'propose', draft.id, '--hash', edited.hash))
  expect((await terms('proposals', '--programme', code)).out).toMatch(new RegExp(`PROPOSED.*${member.code}`))
  const early = await terms('activate', draft.id)
  expect([early.code > 0, early.err]).toEqual([true, expect.stringContaining(`NOT_READY`)])
  const paper = await write('signed.pdf', 'a signed paper')
  const signature = ['--partner', member.code, '--hash', edited.hash, '--document', paper]
  of(await terms('--json', 'sign-on-paper', draft.id, ...signature))
  expect(of<Told>(await terms('--json', 'activate', draft.id))).toMatchObject({ status: 'ACTIVATED' })
  const [version] = of<(Told & { readonly state: string })[]>(await terms('--json', 'list', '--programme', code))
  expect(version).toMatchObject({ version: 1, state: 'IN_FORCE', hash: edited.hash })
  const late = await terms('withdraw', draft.id, '--reason', 'too late')
  expect([late.code > 0, late.err]).toEqual([true, expect.stringContaining('WRONG_STATE')])
  const attached = of(await document('--json', 'attach', paper, '--to', version?.id ?? ''))
  const sha256 = sha256Hex('a signed paper')
  expect(attached).toMatchObject({ sha256, name: 'signed.pdf', sizeBytes: '14', mediaType: 'application/pdf' })
  const missing = await document('attach', path.join(folder, 'none.pdf'), '--to', version?.id ?? '')
  expect([missing.code > 0, missing.err]).toEqual([true, expect.stringContaining('NOT_FOUND')])
})

test('a membership is offered, and ends', { timeout: 120_000 }, async () => {
  const [member, { code }] = [await signer(world.context), await someProgramme(world.context)]
  const membership = ['--programme', code, '--partner', member.code, '--from', '2026-01-01T00:00:00+08:00']
  const first = of<Told>(await agreement('--json', 'propose', ...membership, '--to', '2026-02-01T00:00:00+08:00'))
  of(await agreement('--json', 'withdraw', first.id, '--reason', 'for good instead'))
  const { id: proposal, hash } = of<Told>(await agreement('--json', 'propose', ...membership))
  expect((await agreement('list', '--programme', code)).out).toBe('(none)\n')
  const signing = { caller: member, proposal, hash, idempotencyKey: 'k' }
  const { agreement: id = '' } = await countersignAgreement(world.context, signing)
  expect((await agreement('proposals', '--programme', code)).out).toMatch(/ACTIVATED[\s\S]*WITHDRAWN/)
  const end = ['--at', '2026-06-01T00:00:00+08:00', '--reason', 'notice was given']
  expect(of(await agreement('--json', 'end', id, ...end))).toMatchObject({ id, status: 'ENDED' })
  expect((await agreement('list', '--programme', code)).out).toMatch(new RegExp(`${id}.*${member.code}.*ENDED`))
  const unknown = await agreement('list', '--programme', 'nowhere')
  expect([unknown.code > 0, unknown.err]).toEqual([true, expect.stringContaining('NOT_FOUND')])
})
