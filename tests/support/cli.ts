import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { TestWorld } from './database.ts'

const CLI = fileURLToPath(new URL('../../app/cli.ts', import.meta.url))

/** What a command said, and with which code it ended. */
export type Ran = { readonly code: number; readonly out: string; readonly err: string }

/** Where nobody listens: what needs no database does not notice. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nowhere'

/** The commands of one noun, on the world's database if they need one, with a data folder of their own. */
export function useCli(
  world: Pick<TestWorld, 'ownerAddress'> | undefined,
  noun: string,
): (...words: readonly string[]) => Promise<Ran> {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tributary-cli-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return (...words) => {
    const address = world === undefined ? NOWHERE : addressOf(world)
    const env = { ...process.env, DATABASE_URL: address, TRIBUTARY_DATA_DIR: folder }
    return new Promise((resolve) =>
      execFile(process.execPath, [CLI, noun, ...words], { env }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      ),
    )
  }
}

/** The world's database as an address for a process. */
export function addressOf({ ownerAddress }: Pick<TestWorld, 'ownerAddress'>): string {
  const { url, host = '', port, user, database } = ownerAddress
  return url ?? `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}
