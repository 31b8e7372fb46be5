import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { customer, defineCatalogue, grant, inDays, liveParty, type Party, read } from '../customers/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const disclosure = useCli(world, 'disclosure')
const evidence = useCli(world, 'evidence')
const alone = useCli(undefined, 'evidence')
const span = ['--from', inDays(-1).toISOString(), '--to', inDays(1).toISOString()]
let folder = ''
let account = ''
let party: Party

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-evidence-cli-'))
  // the master key of the world
  vi.stubEnv('TRIBUTARY_MASTER_KEY', Buffer.alloc(32, 7).toString('base64'))
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
  account = await customer(world.owner)
  await read(world.context, party, await grant(world.context, party, account))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

test('an officer lists and exports disclosures on the command line', { timeout: 60_000 }, async () => {
  const listed = await disclosure('list', ...span, '--partner', party.partner.code, '--tag', 'age')
  expect([listed.code, listed.out]).toEqual([0, expect.stringMatching(new RegExp(`${account}.*age:exact`))])
  const exported = await disclosure('export', ...span, '--format', 'csv')
  expect([exported.code, exported.out]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^id,at,.*\r\ndis_.*,${account},`)),
  ])
  const refused = await disclosure('list', '--from', 'x', '--to', 'y')
  expect([refused.code > 0, refused.err]).toEqual([true, expect.stringContaining('INVALID_INPUT')])
})

test('a pack that is written is checked without a database', { timeout: 60_000 }, async () => {
  const out = path.join(folder, 'pack')
  const packed = await evidence('--json', 'pack', ...span, '--profile', 'auditor', '--out', out)
  expect(packed.err).toBe('')
  expect(JSON.parse(packed.out)).toMatchObject({ profile: 'auditor', exceptions: 0 })
  expect(await alone('verify', out)).toMatchObject({ code: 0, out: expect.stringContaining('disclosures.ndjson') })
  await writeFile(path.join(out, 'disclosures.ndjson'), '')
  expect(await alone('verify', out)).toMatchObject({ code: 1, out: expect.stringContaining('not what was signed') })
})
