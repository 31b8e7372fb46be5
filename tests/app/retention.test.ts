import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { RETENTION } from '../../app/retention.ts'

test('the guide has the table that the program prints', async () => {
  const guide = await readFile('docs/retention.md', 'utf8')
  const rows = [...guide.matchAll(/^\| (?!data |---)(.*) \|$/gm)].map(([, row]) => row)
  expect(rows).toEqual(RETENTION.map(({ data, kept, why, by }) => [data, kept, why, by].join(' | ')))
})
