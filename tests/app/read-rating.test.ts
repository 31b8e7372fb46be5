import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRating } from '../../app/read-rating.ts'
import { DEFAULT_RATING } from '../../partners/ratings/rating-settings.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-rating-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(text: string): Promise<string> {
  const file = path.join(folder, 'rating.json')
  await writeFile(file, text)
  return file
}

test('the guide shows the defaults, and a file takes their place', async () => {
  expect(await readRating(undefined)).toEqual(DEFAULT_RATING)
  const guide = await readFile(new URL('../../docs/rating.md', import.meta.url), 'utf8')
  const shown = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
  expect(await readRating(await fileOf(shown))).toEqual(DEFAULT_RATING)
  const other = await readRating(await fileOf(shown.replace('"A": 85', '"A": 90')))
  expect(other.grades).toEqual({ A: 90, B: 70, C: 50 })
})

test('a file that cannot be is refused with what is wrong', async () => {
  await expect(readRating(path.join(folder, 'none.json'))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: /cannot be read/,
  })
  await expect(readRating(await fileOf('{'))).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /not JSON/ })
  const text = JSON.stringify({ ...DEFAULT_RATING, grades: { A: 1, B: 2, C: 3 } })
  await expect(readRating(await fileOf(text))).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /grades/ })
})
