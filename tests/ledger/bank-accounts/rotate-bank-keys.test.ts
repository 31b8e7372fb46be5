import { expect, test } from 'vitest'
import { uuidOf } from '../../../kernel/ids.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { openBankAccount } from '../../../ledger/bank-accounts/open-bank-account.ts'
import { openOwnAccount } from '../../../ledger/bank-accounts/open-own-account.ts'
import { bankAccountProjector } from '../../../ledger/bank-accounts/project-bank-accounts.ts'
import { rotateBankKeys } from '../../../ledger/bank-accounts/rotate-bank-keys.ts'
import { verifyBankAccounts } from '../../../ledger/bank-accounts/verify-bank-accounts.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { createWorld } from '../../support/database.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import { as, CHINESE, entered, GERMAN, ours, partnerIn, verified } from './scene.ts'

test('a new key seals what is there and what comes, while accounts are opened and entered', async () => {
  const world = await createWorld()
  try {
    const { context } = world
    const partner = await partnerIn(context)
    const before = await verified(context, partner)
    const own = await ours(context)
    await Promise.all(Array.from({ length: 100 }, () => entered(context, partner)))
    const steps: string[] = []
    const rotation = rotateBankKeys(as(context, 'ann'), {
      onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
    })
    const meanwhile = await Promise.all([
      entered(context, partner),
      openBankAccount(context, before.id),
      openOwnAccount(context, own.code),
    ])
    expect(meanwhile[1].holder).toBe(CHINESE.holder)
    const { version, resealed } = await rotation
    expect(version).toBe(2)
    expect(resealed).toBeGreaterThanOrEqual(102)
    expect(steps.at(-1)).toMatch(/^(\d+)\/\1$/)
    const versions = await world.owner`
      select distinct key_version from bank_accounts union select key_version from own_accounts`
    expect(versions.map(({ key_version }) => key_version)).toEqual([2])
    expect((await openBankAccount(context, meanwhile[0].id)).number).toBe('6222021200112233445')
    expect((await openOwnAccount(context, own.code)).details.holder).toBe(GERMAN.holder)
    expect(await rotateBankKeys(as(context, 'ann'))).toEqual({ version: 3, resealed: 103, resumed: false })
    const records = await recordsOf(context, world.owner, [bankAccountProjector])
    expect(await projectIntoCopies(context, [bankAccountProjector], [records])).toEqual({
      differences: [],
      waiting: [],
    })
  } finally {
    await world.close()
  }
})

test('what was broken off is finished first, and a row that does not open stops it by name', async () => {
  const world = await createWorld()
  try {
    const { context } = world
    const partner = await partnerIn(context)
    const [one, two] = [await verified(context, partner), await verified(context, partner, { details: GERMAN })]
    const swap = `update bank_accounts a set sealed = b.sealed from bank_accounts b where a.id <> b.id`
    await behindGuards(world.owner, swap)
    for (const { id } of [one, two]) {
      await expect(openBankAccount(context, id)).rejects.toMatchObject({ code: 'SEAL_BROKEN' })
    }
    await expect(rotateBankKeys(as(context, 'ann'))).rejects.toMatchObject({
      ...{ code: 'SEAL_BROKEN', message: expect.stringContaining(one.id) },
    })
    const found = await verifyBankAccounts(context)
    const broken = { what: 'its details do not open' }
    expect(found).toEqual([one, two].map(({ id }) => ({ where: `bank account ${id}`, ...broken })))
    await behindGuards(world.owner, swap)
    await ours(context)
    expect(await verifyBankAccounts(context)).toEqual([])
    await behindGuards(world.owner, `update own_accounts set bank_code = 'DEUTDEFF'`)
    expect(await verifyBankAccounts(context)).toMatchObject([{ what: 'its details are not what it shows' }])
    expect((await openBankAccount(context, two.id)).number).toBe('DE89370400440532013000')
    expect(await rotateBankKeys(as(context, 'bo'))).toEqual({ version: 2, resealed: 2, resumed: true })
    const claimed = `update bank_accounts set key_version = 1 where id = '${uuidOf(one.id)}'`
    await behindGuards(world.owner, claimed)
    await expect(openBankAccount(context, one.id)).rejects.toMatchObject({ code: 'SEAL_BROKEN' })
  } finally {
    await world.close()
  }
})

test('under another master key nothing opens, and the application cannot take a seal back to an older key', async () => {
  const world = await createWorld()
  try {
    const { context } = world
    const account = await verified(context, await partnerIn(context))
    const stranger = { ...context, keyring: keyringOf(Buffer.alloc(32, 9)) }
    await expect(openBankAccount(stranger, account.id)).rejects.toMatchObject({ code: 'SEAL_BROKEN' })
    await expect(rotateBankKeys(context)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const back = context.database.transaction((tx) => tx`update bank_accounts set sealed = sealed || 'x'::bytea`)
    await expect(back).rejects.toMatchObject({ constraint_name: 'accounts_go_forwards' })
  } finally {
    await world.close()
  }
})
