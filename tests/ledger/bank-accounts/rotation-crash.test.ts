import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openBankAccount } from '../../../ledger/bank-accounts/open-bank-account.ts'
import { rotateBankKeys } from '../../../ledger/bank-accounts/rotate-bank-keys.ts'
import { useWorld } from '../../support/database.ts'
import { as, entered, ours, partnerIn } from './scene.ts'

const world = useWorld()

/** Lets a process begin, and kills it where it stands after its first batch. Gives how far it came. */
async function killedRotation(): Promise<number> {
  const file = fileURLToPath(new URL('./rotating-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(world.address)], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    for await (const line of createInterface({ input: child.stdout })) return Number(line)
    throw new Error('the process ended by itself')
  } finally {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}

test('a rotation that was killed is finished by the next one, and every account opens all the while', async () => {
  const { context } = world
  const partner = await partnerIn(context)
  const accounts = await Promise.all(Array.from({ length: 130 }, () => entered(context, partner)))
  await ours(context)
  expect(await killedRotation()).toBe(100)
  const versions = await world.owner`
    select key_version, count(*)::integer as count from bank_accounts group by 1 order by 1`
  expect(versions.map((row) => [row['key_version'], row['count']])).toEqual([
    [1, 30],
    [2, 100],
  ])
  const opened = await Promise.all(accounts.map(({ id }) => openBankAccount(context, id)))
  expect(new Set(opened.map(({ number }) => number))).toEqual(new Set(['6222021200112233445']))
  expect(await rotateBankKeys(as(context, 'bo'))).toEqual({ version: 2, resealed: 31, resumed: true })
  const old = await world.owner`select from bank_accounts where key_version < 2`
  expect(old.count).toBe(0)
}, 60_000)
