import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walletOn } from '../contracts/deploy.ts'
import { freshAccount, type Member, settled } from '../ledger/distribution/scene.ts'
import { FUNDED_KEYS, useAnvil } from '../support/anvil.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const anvil = useAnvil()
const run = promisify(execFile)
let folder = ''
let environment: NodeJS.ProcessEnv = {}
let member: Member
let other: Member

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-distribution-'))
  const [first, second] = await settled(world, [1_500_000, 20])
  if (first === undefined || second === undefined) throw new Error('two members were settled')
  ;[member, other] = [first, second]
  const { host = '', user = '', database = '', port = 5432 } = world.ownerAddress
  environment = {
    ...process.env,
    ...{ DATABASE_URL: `postgres://${user}@localhost:${port}/${database}?host=${host}`, TRIBUTARY_DATA_DIR: folder },
    ...{ TRIBUTARY_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'), TRIBUTARY_PAYOUT_CONFIRMATIONS: '1' },
    ...{ TRIBUTARY_PAYOUT_RPC: anvil.url, TRIBUTARY_PAYOUT_KEY: FUNDED_KEYS[0] },
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a command as somebody; gives what it printed as JSON, or the code of its fault. */
async function tributary(who: string, ...words: readonly string[]): Promise<Printed> {
  try {
    const command = ['app/cli.ts', ...words, '--json']
    const { stdout } = await run(process.execPath, command, { env: { ...environment, USER: who } })
    return JSON.parse(stdout)
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: number }
    return { exit: code, fault: /[A-Z_]{5,}/.exec(stderr)?.[0], stderr }
  }
}

type Printed = {
  readonly exit?: number | undefined
  readonly fault?: string | undefined
  readonly stderr?: string
  readonly contract?: string
  readonly round?: Printed & { readonly id: string }
  readonly id?: string
  readonly status?: string
  readonly outcome?: string
  readonly amount?: string
  readonly account?: string
  readonly call?: { readonly to: string; readonly data: string }
}

test('a month is paid out from the command line by two persons, and claimed with any wallet', {
  timeout: 180_000,
}, async () => {
  const tool = ['tools/local-token.ts', '--rpc', anvil.url, '--key', FUNDED_KEYS[0]]
  const token = (await run(process.execPath, tool)).stdout.trim()
  expect((await tributary('alice', 'distribution', 'plan', '--asset', 'USDC/6')).fault).toBe('CONFIG_INVALID')
  const { contract = '' } = await tributary('alice', 'distribution', 'deploy', '--token', token)
  environment['TRIBUTARY_PAYOUT_CONTRACT'] = contract

  const moved = freshAccount()
  expect(await tributary('alice', 'partner', 'set-payout-address', member.code, moved)).toMatchObject({
    account: moved,
  })
  expect((await tributary('alice', 'partner', 'verify-payout-address', member.code, moved)).fault).toBe('FORBIDDEN')
  await tributary('bob', 'partner', 'verify-payout-address', member.code, moved)
  const suspension = { partner: other.code, reason: 'a test' } as const
  await changePartnerStatus(world.context, { ...suspension, status: 'SUSPENDED' })

  const planned = await tributary('alice', 'distribution', 'plan', '--asset', 'USDC/6', '--days', '30')
  expect(planned).toMatchObject({
    round: { status: 'PLANNED', total: '1500000', claims: 1, token },
    leftOut: [{ partner: other.partner, hindrance: 'PARTNER_NOT_PAID' }],
  })
  const round = planned.round?.id ?? ''
  expect((await tributary('alice', 'distribution', 'approve', round)).fault).toBe('FORBIDDEN')
  expect((await tributary('alice', 'distribution', 'fund', round)).fault).toBe('WRONG_STATE')
  expect(await tributary('bob', 'distribution', 'approve', round)).toMatchObject({ status: 'APPROVED' })
  expect(await tributary('alice', 'distribution', 'fund', round)).toMatchObject({ outcome: 'SENT' })
  expect(await tributary('alice', 'distribution', 'sync')).toMatchObject([{ round: { status: 'FUNDED' }, claimed: 0 }])

  const [row] = await world.owner<{ id: string }[]>`
    select 'sta_' || replace(statement_id::text, '-', '') as id from payout_claims where live`
  const file = await tributary('alice', 'distribution', 'claim-file', row?.id ?? '')
  expect(file).toMatchObject({ contract, account: moved, amount: '1500000', index: 0, call: { to: contract } })
  const anybody = walletOn(anvil, FUNDED_KEYS[2])
  await (await anybody.sendTransaction(file.call ?? {})).wait()
  anybody.provider?.destroy()
  expect(await tributary('alice', 'distribution', 'sync')).toMatchObject([{ round: { status: 'CLOSED' }, claimed: 1 }])
  expect(await tributary('alice', 'distribution', 'status')).toMatchObject([{ id: round, status: 'CLOSED' }])
  expect((await tributary('alice', 'distribution', 'sweep', round)).fault).toBe('WRONG_STATE')
  expect(await tributary('alice', 'ledger', 'verify')).toMatchObject({ sound: true })
})
