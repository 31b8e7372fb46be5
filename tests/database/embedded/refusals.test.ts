import * as fs from 'node:fs'
import * as path from 'node:path'
import { expect, test } from 'vitest'
import { describeEmbedded, startEmbedded, stopEmbedded } from '../../../database/embedded/start-embedded.ts'
import { Fault } from '../../../kernel/fault.ts'
import { makeScratch } from './scratch.ts'

test('a data folder that is a file is refused', async () => {
  const { folder, dataDir } = makeScratch()
  fs.writeFileSync(path.join(folder, 'file'), '')
  expect(await refusalOf(path.join(folder, 'file'))).toContain('does not serve')
  expect(await refusalOf(path.join(folder, 'file', 'deeper'))).toContain('a part of the path is a file')
  expect(fs.existsSync(dataDir)).toBe(false)
})

test('a folder named pg that holds something else is refused and not touched', async () => {
  const { dataDir } = makeScratch()
  fs.mkdirSync(path.join(dataDir, 'pg'), { recursive: true })
  fs.writeFileSync(path.join(dataDir, 'pg', 'letter.txt'), 'dear all')
  expect(await refusalOf(dataDir)).toContain('is not a database')
  expect(fs.readdirSync(path.join(dataDir, 'pg'))).toEqual(['letter.txt'])
})

test('a database of another version is refused and not touched', async () => {
  const { dataDir } = makeScratch()
  await stopEmbedded(await startEmbedded({ dataDir }))
  fs.writeFileSync(path.join(dataDir, 'pg', 'PG_VERSION'), '15\n')
  expect(await refusalOf(dataDir)).toMatch(/is a database of PostgreSQL 15, and \d+ is installed/)
  expect(describeEmbedded(dataDir)).toEqual({ running: false })
})

test('a flag that PostgreSQL does not know is refused in its own words', async () => {
  const { dataDir } = makeScratch()
  expect(await refusalOf(dataDir, ['-c', 'no_such_setting=1'])).toContain('no_such_setting')
  expect((await startEmbedded({ dataDir })).adopted).toBe(false)
})

test('an empty folder named pg is taken', async () => {
  const { dataDir } = makeScratch()
  fs.mkdirSync(path.join(dataDir, 'pg'), { recursive: true })
  expect((await startEmbedded({ dataDir })).adopted).toBe(false)
})

async function refusalOf(dataDir: string, flags: readonly string[] = []): Promise<string> {
  const outcome: unknown = await startEmbedded({ dataDir, flags }).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(Fault)
  expect(outcome).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  return outcome instanceof Error ? outcome.message : ''
}
