import { expect, test } from 'vitest'
import type { Caller } from '../../kernel/caller.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { claim, claimsOf, fundedRound, settled, sync, useChainScene } from '../ledger/distribution/scene.ts'
import { useAnvil } from '../support/anvil.ts'
import { useWorld } from '../support/database.ts'
import { ask } from './asking.ts'

const world = useWorld()
const scene = useChainScene(useAnvil())
const QUERY = `{ statements(first: 1) { edges { node { id transfer { minor } onChainClaim {
  chainId contract token round index account salt proof amount { amount asset } claimedTransaction } } } } }`

const asked = (caller: Caller, source = QUERY) => ask({ schema: partnerSchema, context: world.context, caller }, source)

test('a partner reads how to claim its own statement, and nobody else does', async () => {
  const [member, other] = await settled(world, [100, 200])
  if (member === undefined || other === undefined) throw new Error('two members were settled')
  expect((await asked(member)).data).toMatchObject({
    statements: { edges: [{ node: { transfer: { minor: '100' }, onChainClaim: null } }] },
  })
  const round = await fundedRound(world.context, scene.now())
  const own = (await claimsOf(world.context, round)).find(({ partner }) => partner === member.partner)
  if (own === undefined) throw new Error('the member’s claim was planned')
  const { index, account, salt, proof } = own
  const told = {
    ...{ chainId: '31337', contract: round.contract, token: round.token, round: String(round.number) },
    ...{ index, account, salt, proof, amount: { amount: '0.000100', asset: 'USDC/6' } },
  }
  const { data, codes } = await asked(member)
  expect(codes).toEqual([])
  expect(data).toMatchObject({ statements: { edges: [{ node: { onChainClaim: told } }] } })
  const byId = `{ statement(id: "${own.statement}") { onChainClaim { salt } } }`
  expect(await asked(other, byId)).toEqual({ codes: [], data: { statement: null } })
  const staff: Caller = { kind: 'staff', name: 'alice', roles: new Set(['finance']), requestId: 'r-1' }
  const refused = await ask({ schema: operationsSchema, context: world.context, caller: staff }, byId)
  expect(refused.codes[0]).toContain('Cannot query field "onChainClaim"')
  const hash = await claim(scene.now(), round, own)
  await sync(world.context, scene.now())
  expect((await asked(member)).data).toMatchObject({
    statements: { edges: [{ node: { onChainClaim: { claimedTransaction: hash } } }] },
  })
})
