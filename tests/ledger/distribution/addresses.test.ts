import { describe, expect, test } from 'vitest'
import { parseAccount } from '../../../contracts/account.ts'
import { listPayoutAddresses } from '../../../ledger/distribution/list-payout-addresses.ts'
import { proposePayoutAddress } from '../../../ledger/distribution/propose-payout-address.ts'
import { verifyPayoutAddress } from '../../../ledger/distribution/verify-payout-address.ts'
import { livePartner, recordsNaming } from '../../partners/factories.ts'
import { useWorld } from '../../support/database.ts'
import { as, freshAccount, setAccount } from './scene.ts'

const world = useWorld()
const input = (partner: string, account: string) => ({ partner, account, readAccount: parseAccount })

async function partnerCode(): Promise<string> {
  return (await livePartner(world.context)).partner.code
}

async function inForce(code: string): Promise<string | undefined> {
  const [row] = await world.owner<{ account: string }[]>`
    select v.account from verified_payout_addresses v join partners p on p.id = v.partner_id where p.code = ${code}`
  return row?.account
}

describe('a payout address', () => {
  test('is in force once a second person has entered the same', async () => {
    const code = await partnerCode()
    const account = freshAccount()
    const proposed = await proposePayoutAddress(as(world.context, 'alice'), input(code, account))
    expect(proposed).toMatchObject({ account, proposedBy: 'staff:alice', verifiedBy: undefined })
    expect(await inForce(code)).toBeUndefined()
    const verified = await verifyPayoutAddress(as(world.context, 'bob'), input(code, account))
    expect(verified).toMatchObject({ id: proposed.id, account, verifiedBy: 'staff:bob' })
    expect(await inForce(code)).toBe(account)
    const records = await recordsNaming(world.context, { kind: 'payout_address', id: proposed.id })
    expect(records).toMatchObject([
      { event: 'PROPOSED', account, code },
      { event: 'VERIFIED', account, code },
    ])
  })

  test('is not verified by the one who entered it, by a system, twice, or with another account', async () => {
    const code = await partnerCode()
    const account = freshAccount()
    const alice = as(world.context, 'alice')
    await expect(verifyPayoutAddress(alice, input(code, account))).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await proposePayoutAddress(alice, input(code, account))
    await expect(verifyPayoutAddress(alice, input(code, account))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(verifyPayoutAddress(world.context, input(code, account))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const other = input(code, freshAccount())
    await expect(verifyPayoutAddress(as(world.context, 'bob'), other)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await inForce(code)).toBeUndefined()
    await verifyPayoutAddress(as(world.context, 'bob'), input(code, account))
    const again = verifyPayoutAddress(as(world.context, 'carol'), input(code, account))
    await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('that was changed by one person leaves the old one in force until another verifies it', async () => {
    const code = await partnerCode()
    const [first, second] = [freshAccount(), freshAccount()]
    await setAccount(world.context, code, first)
    await proposePayoutAddress(as(world.context, 'bob'), input(code, second))
    expect(await inForce(code)).toBe(first)
    await verifyPayoutAddress(as(world.context, 'alice'), input(code, second))
    expect(await inForce(code)).toBe(second)
    expect((await listPayoutAddresses(world.context, code)).map(({ account }) => account)).toEqual([second, first])
  })

  test('is refused without its checksum, of another form, and for nobody', async () => {
    const code = await partnerCode()
    const alice = as(world.context, 'alice')
    const good = freshAccount()
    const last = good.endsWith('0') ? '1' : '0'
    for (const account of [
      good.toLowerCase(),
      `${good.slice(0, -1)}${last}`,
      `0x${'0'.repeat(40)}`,
      good.slice(2),
      '',
    ]) {
      await expect(proposePayoutAddress(alice, input(code, account))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
    await expect(proposePayoutAddress(alice, input('nobody', good))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(proposePayoutAddress(world.context, input(code, good))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('is guarded by the database: neither the same person nor a later change passes', async () => {
    const code = await partnerCode()
    const { id } = await proposePayoutAddress(as(world.context, 'alice'), input(code, freshAccount()))
    const uuid = id.slice(4)
    await expect(
      world.owner`update payout_addresses set verified_by = 'staff:alice', verified_at = now() where id = ${uuid}`,
    ).rejects.toMatchObject({ constraint_name: 'payout_addresses_two_persons' })
    await expect(
      world.owner`update payout_addresses set account = ${freshAccount()} where id = ${uuid}`,
    ).rejects.toThrow('refused')
    await world.owner`update payout_addresses set verified_by = 'staff:bob', verified_at = now() where id = ${uuid}`
    await expect(world.owner`update payout_addresses set verified_by = 'staff:eve' where id = ${uuid}`).rejects.toThrow(
      'refused',
    )
    await expect(world.owner`delete from payout_addresses`).rejects.toThrow('refused')
  })
})
