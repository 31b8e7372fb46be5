import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Door, doorAt, ORIGIN } from '../gateway/gateway.ts'
import { addressOf } from '../support/cli.ts'
import { TEST_MASTER_KEY, type TestWorld } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { untilReady } from '../support/ready.ts'

/** `npm start` in a process of its own, on a database that others use as well. */
export type GatewayProcess = Door & { readonly child: ChildProcess; readonly close: () => Promise<void> }

/** Starts the whole program on the world's database, under {@link ORIGIN}. It is ready when this returns. */
export async function startGatewayProcess(
  world: Pick<TestWorld, 'ownerAddress'>,
  settings: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-gateway-'))
  const port = await freePort()
  const env = {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: addressOf(world),
    TRIBUTARY_DATA_DIR: folder,
    TRIBUTARY_ORIGIN: ORIGIN,
    TRIBUTARY_MASTER_KEY: TEST_MASTER_KEY.toString('base64'),
    TRIBUTARY_DEVELOPMENT_ISSUER: 'on',
    ...settings,
  }
  const child = spawn(process.execPath, ['bin/start.js'], { env, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const door = doorAt(port)
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  const ready = untilReady(
    () => door.fetch('/readyz'),
    () => child.exitCode !== null,
  )
  await ready.catch(async (error) => {
    await close()
    throw error
  })
  return { ...door, child, close }
}
