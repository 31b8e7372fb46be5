import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'

const TABLE = await readFile('docs/attacks.md', 'utf8')
const rows = [...TABLE.matchAll(/^\| (\d+) \|.*\| ([^|]*) \|$/gm)]

describe('the table of attacks', () => {
  it('has a line for each attack once, in order', () => {
    const numbers = rows.map(([, number]) => Number(number))
    expect(numbers.length).toBeGreaterThan(20)
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
  })

  it.each(rows.map(([, number = '', files = '']) => [number, files]))(
    'names tests that there are: %s',
    async (_, files) => {
      const named = [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)
      expect(named.length).toBeGreaterThan(0)
      for (const file of named) expect(await readFile(file, 'utf8')).toMatch(/\b(it|test)(\.each)?\(/)
    },
  )
})
