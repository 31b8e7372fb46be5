import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkoutRoot } from '../../tools/checkout-root.ts'
import { compileContracts } from '../../tools/solidity.ts'

const HEADER = '// SPDX-License-Identifier: UNLICENSED\npragma solidity ^0.8.28;\n'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-solidity-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function compile(name: string, body: string): Promise<ReturnType<typeof compileContracts>> {
  const sources = await mkdtemp(join(folder, 'sources-'))
  await writeFile(join(sources, name), HEADER + body)
  return compileContracts(sources)
}

test('the sources give what is committed, to the letter', async () => {
  const compiled = compileContracts(join(checkoutRoot, 'contracts', 'sources'))
  expect(compiled.map(({ contract }) => contract)).toContain('LedgerAnchor')
  for (const each of compiled) {
    const committed = await readFile(join(checkoutRoot, 'contracts', 'artifacts', `${each.contract}.json`), 'utf8')
    expect(committed).toBe(`${JSON.stringify(each, null, 2)}\n`)
  }
})

test('a comment changes the source hash and not the bytecode; a statement changes both', async () => {
  const [plain] = await compile('Thing.sol', 'contract Thing { uint256 public kept = 1; }')
  const [commented] = await compile('Thing.sol', 'contract Thing { uint256 public kept = 1; } // why')
  const [changed] = await compile('Thing.sol', 'contract Thing { uint256 public kept = 2; }')
  expect(commented?.bytecode).toBe(plain?.bytecode)
  expect(commented?.sourceHash).not.toBe(plain?.sourceHash)
  expect(changed?.bytecode).not.toBe(plain?.bytecode)
})

test('errors, warnings, missing imports and files without their contract are refused', async () => {
  await expect(compile('Thing.sol', 'contract Thing { uint256 kept = "text"; }')).rejects.toThrow('TypeError')
  await expect(compile('Thing.sol', 'contract Thing { uint256 at; }')).rejects.toThrow('Warning')
  await expect(compile('Thing.sol', 'import "./Absent.sol"; contract Thing {}')).rejects.toThrow(
    'Absent.sol is not found',
  )
  await expect(compile('Thing.sol', 'contract Other {}')).rejects.toThrow('Thing.sol has no contract Thing')
})
