import { describe, expect, it, test } from 'vitest'
import { LIFE_STATUSES } from '../../customers/consent.ts'
import { CONSENT_MOVES, mayMove } from '../../customers/consent-moves.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue, grant, liveParty } from './factories.ts'

const world = useWorld()

test('the moves of a consent are the same in the code and in the database', async () => {
  const rows = await world.owner<
    { from_status: string; to_status: string }[]
  >`select from_status, to_status from consent_moves`
  const told = rows.map((row) => `${row.from_status} ${row.to_status}`)
  const coded = Object.entries(CONSENT_MOVES).flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`))
  expect(told.toSorted()).toEqual(coded.toSorted())
})

test('nobody may add to them', async () => {
  const added = world.context.database.transaction(
    (tx) => tx`insert into consent_moves values ('REVOKED', 'AUTHORISED')`,
  )
  await expect(added).rejects.toThrow(/permission denied/)
})

describe('the database lets a consent', () => {
  const given = LIFE_STATUSES.filter((status) => !['AWAITING', 'REJECTED', 'LAPSED'].includes(status))
  const pairs = given.flatMap((from) => given.filter((to) => to !== from).map((to) => [from, to] as const))

  it.each(pairs)('go from %s to %s if the table says so', async (from, to) => {
    const { context, owner } = world
    await defineCatalogue(context)
    const { id } = await grant(context, await liveParty(context), await customer(owner))
    const put = (status: string) => {
      const suspendedBy = status === 'SUSPENDED' ? 'CUSTOMER' : null
      const endedAt = status === 'AUTHORISED' || status === 'SUSPENDED' ? null : new Date()
      return owner`
        update consents set status = ${status}, ended_at = ${endedAt}, suspended_by = ${suspendedBy} where id = ${uuidOf(id)}`
    }
    if (from !== 'AUTHORISED') await put(from)
    if (mayMove(from, to)) await put(to)
    else await expect(put(to)).rejects.toThrow(/does not go from|cannot change any more/)
    const [row] = await owner`select status from consents where id = ${uuidOf(id)}`
    expect(row?.['status']).toBe(mayMove(from, to) ? to : from)
  })
})
