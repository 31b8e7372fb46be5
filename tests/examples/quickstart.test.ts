import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stopEmbedded } from '../../database/embedded/start-embedded.ts'
import { checkoutRoot } from '../../tools/checkout-root.ts'
import { Browser } from '../gateway/browser.ts'
import { decide, formOf, signIn } from '../gateway/consent-flow.ts'

// The guide itself is run: its files and its commands, with other ports and another folder in the place of its own.
const folder = path.join('.data', `quickstart-${process.pid}`)
let guide = ''
let origin = ''
let environment: NodeJS.ProcessEnv = {}
let server: ChildProcess | undefined
let clientId = ''

beforeAll(async () => {
  const [port, site] = [await freePort(), await freePort()]
  origin = `http://localhost:${port}`
  guide = (await readFile(path.join(checkoutRoot, 'docs', 'partner-quickstart.md'), 'utf8'))
    .replaceAll('http://localhost:4000', origin)
    .replaceAll('4300', String(site))
    .replaceAll('.data/partner', folder)
    .replaceAll('npm run -s tributary --', `${process.execPath} bin/tributary.js`)
    .replaceAll(/^node /gm, `${process.execPath} `)
  environment = {
    ...process.env,
    PORT: String(port),
    TRIBUTARY_DATA_DIR: path.join(checkoutRoot, folder, 'data'),
    TRIBUTARY_ORIGIN: origin,
    DATABASE_URL: '',
  }
  await mkdir(path.join(checkoutRoot, folder), { recursive: true })
  server = spawn(process.execPath, ['bin/start.js'], { cwd: checkoutRoot, env: environment, stdio: 'ignore' })
  await vi.waitUntil(async () => (await fetch(`${origin}/readyz`).catch(() => undefined))?.ok === true, {
    timeout: 90_000,
    interval: 200,
  })
  for (const [, name = '', text = ''] of guide.matchAll(/as `[^`\n]*\/([\w.-]+)`.*?```\w+\n(.*?)```/gs)) {
    await writeFile(path.join(checkoutRoot, folder, name), text)
  }
}, 120_000)
afterAll(async () => {
  server?.kill('SIGKILL')
  await stopEmbedded({ dataDir: path.join(checkoutRoot, folder, 'data') })
  await rm(path.join(checkoutRoot, folder), { recursive: true, force: true })
})

describe('the quickstart, as it is written', { timeout: 120_000 }, () => {
  test('registers a partner and brings in customers', async () => {
    await run('## 2.')
    const said = await run('## 3.')
    clientId = /cli_[0-9a-f]{32}/.exec(said)?.[0] ?? ''
    expect(clientId).not.toBe('')
    expect(await run('## 4.')).toMatch(/created.*│ 2 +│ 2 +│ 0 /s)
  })

  test('lets the broker record a consent, and the partner read by client credentials', async () => {
    expect(await run('## 5.')).toContain('"status":"AUTHORISED"')
    const said = await run('## 6.')
    expect(said).toMatch(/"key": "life_stage",\s+"granularity": "BAND",\s+"value": "middle"/)
    expect(said).toContain('"outcome": "RECORDED"')
  })

  test('asks a customer, reads what was granted, refreshes and revokes', async () => {
    const program = spawn('bash', ['-c', commandOf('## 7.')], { cwd: checkoutRoot, env: environment })
    const lines: string[] = []
    const reader = createInterface({ input: program.stdout })
    reader.on('line', (line) => lines.push(line))
    await vi.waitUntil(() => lines.some((line) => line.startsWith('open ')), { timeout: 30_000 })
    const address = lines.find((line) => line.startsWith('open '))?.slice('open '.length) ?? ''
    const browser = new Browser({ origin, fetch: (where, init) => fetch(where, { redirect: 'manual', ...init }) })
    const page = await signIn(browser, address, 'bank-3')
    const back = await decide(browser, page, [...formOf(page), ['decision', 'agree']])
    const site = /http:\/\/localhost:\d+\/back/.exec(guide)?.[0]
    await fetch(`${site}?${back}`)
    await once(program, 'close')
    const said = lines.join('\n')
    expect(said).toMatch(/"consent_id": "cns_[0-9a-f]{32}"/)
    expect(said).toMatch(/"key": "life_stage",\s+"granularity": "BAND",\s+"value": "early"/)
    expect(said).toContain('refreshed true')
    expect(said).toContain('after revocation invalid_grant')
    expect(program.exitCode).toBe(0)
  })
})

/** The commands of a step, in their order. */
function commandOf(heading: string): string {
  const from = guide.indexOf(`\n${heading}`)
  const step = guide.slice(from, guide.indexOf('\n## ', from + 1))
  const blocks = [...step.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block)
  return ['set -e', ...blocks].join('\n').replaceAll('cli_…', clientId)
}

/** What was needed before stays set, as in one terminal. */
async function run(heading: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', commandOf(heading)], {
    cwd: checkoutRoot,
    env: environment,
  })
  return stdout
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
