import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { vi } from 'vitest'
import { addPartner } from '../../../app/commands/partner.ts'
import { REDIRECT_URI } from '../../gateway/consent-flow.ts'
import { addressOf } from '../../support/cli.ts'
import { TEST_MASTER_KEY, type TestWorld } from '../../support/database.ts'
import { CLIENT_SCOPES, type Manager, PAPER, type Said } from './manager.ts'

const WHY = ['--reason', 'as it was agreed']

/** Members of the staff at the command line, whose commands run in this process: on the world's database all the same. */
export function byCli(world: TestWorld, folder: string): Manager {
  const run = async (who: string, ...words: readonly string[]): Promise<Ran> => {
    const settings = {
      ...{ USER: who, DATABASE_URL: addressOf(world), TRIBUTARY_DATA_DIR: folder },
      TRIBUTARY_MASTER_KEY: TEST_MASTER_KEY.toString('base64'),
    }
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
    const [out, err] = [heard(process.stdout), heard(process.stderr)]
    try {
      const program = new Command('tributary').option('--json').exitOverride()
      addPartner(program)
      await program.parseAsync(['--json', ...words], { from: 'user' })
      return { failed: process.exitCode === 1, out: out.text(), err: err.text() }
    } finally {
      process.exitCode = undefined
      out.spy.mockRestore()
      err.spy.mockRestore()
      vi.unstubAllEnvs()
    }
  }
  const step = async (who: string, ...words: readonly string[]): Promise<Said> => {
    const { failed, out, err } = await run(who, ...words)
    return failed ? { refused: /^[A-Z_]+(?=:)/.exec(err)?.[0] ?? err } : JSON.parse(out)
  }
  const fileOf = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name)
    await writeFile(file, text)
    return file
  }
  return {
    applications: async (who) => {
      const { out } = await run(who, 'partner', 'application', 'list')
      const found = JSON.parse(out) as readonly { code: string; status: string; contact?: { email: string } }[]
      return found.map(({ code, status, contact }) => ({ code, status, email: contact?.email }))
    },
    reject: (who, partner) => step(who, 'partner', 'application', 'reject', partner, ...WHY),
    open: (who, partner) => step(who, 'partner', 'assessment', 'open', partner),
    score: async (who, assessment, criterion, points) => {
      const file = await fileOf('licence.pdf', 'a licence')
      return step(who, 'partner', 'assessment', 'score', assessment, criterion, `${points}`, '--evidence', file)
    },
    propose: (who, assessment) => step(who, 'partner', 'assessment', 'propose', assessment),
    approve: (who, assessment) => step(who, 'partner', 'assessment', 'approve', assessment),
    createClient: async (who, partner, jwks) => {
      const file = await fileOf('keys.json', JSON.stringify(jwks))
      const given = ['--partner', partner, '--name', 'Portal', '--jwks', file, '--redirect-uris', REDIRECT_URI]
      return step(who, 'client', 'create', ...given, '--scopes', ...CLIENT_SCOPES)
    },
    revokeClient: (who, client) => step(who, 'client', 'revoke', client, ...WHY),
    goLive: (who, partner) => step(who, 'partner', 'go-live', partner),
    allow: (who, partner, permille) => {
      const capability = ['QUOTA', 'granted', 'ACTIVE', '--permille', `${permille}`, ...WHY]
      return step(who, 'partner', 'capability', 'set', partner, ...capability)
    },
    suspend: (who, partner, key) => step(who, 'partner', 'suspend', partner, ...WHY, '--key', key),
    resume: (who, partner) => step(who, 'partner', 'resume', partner, ...WHY),
    leave: (who, partner, at) => step(who, 'partner', 'offboard', 'plan', partner, '--at', at, ...WHY),
    attest: async (who, partner) =>
      step(who, 'partner', 'offboard', 'attest', partner, '--paper', await fileOf(PAPER.name, PAPER.text)),
    close: (who, partner) => step(who, 'partner', 'offboard', 'close', partner, ...WHY),
  }
}

type Ran = { readonly failed: boolean; readonly out: string; readonly err: string }

/** What is written to a stream from now on, in the place of writing it. */
function heard(stream: NodeJS.WriteStream) {
  const parts: string[] = []
  const spy = vi.spyOn(stream, 'write').mockImplementation((part) => {
    parts.push(String(part))
    return true
  })
  return { spy, text: () => parts.join('') }
}
