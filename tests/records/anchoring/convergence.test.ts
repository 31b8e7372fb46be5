import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRpc } from '../../../contracts/rpc.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { broadcast, nonces, sign } from '../../../contracts/transactions.ts'
import { verifyAnchors } from '../../../records/anchoring/verify-anchors.ts'
import { FUNDED_KEYS, useAnvil } from '../../support/anvil.ts'
import { useWorld } from '../../support/database.ts'
import { useAnchoring } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const anchoring = useAnchoring(world, anvil)
const { grow, anchored } = anchoring
const turn = () => anchoring.turn({ budgetWei: 10n ** 20n })

/** What may happen to a chain, an account and an outbox, besides turns. */
const HAPPENINGS = {
  grow: () => grow(1),
  turn: () => turn(),
  'two turns at once': () => Promise.all([turn(), turn()]),
  mine: () => anvil.mine(),
  'pool lost': () => anvil.send('anvil_dropAllTransactions'),
  reorganised: () => anvil.reorganise(1),
  'time passes': async () => world.clock.set(new Date(world.clock.now().getTime() + 130_000)),
  'number taken': sendForeign,
  'outbox lost': () => world.owner`truncate anchor_attempts, anchor_intents, anchor_contracts`,
} as const
type Happening = keyof typeof HAPPENINGS

/** Another transaction of the account, under the next number; one that pays as much may wait there already. */
async function sendForeign(): Promise<void> {
  const rpc = openRpc(anvil.url)
  const signer = signerOfKey(FUNDED_KEYS[0])
  const { mined } = await nonces(rpc, signer.address)
  const fees = { gasLimit: 21_000n, maxFee: 50n * 10n ** 9n, priorityFee: 50n * 10n ** 9n }
  const { bytes } = await sign(signer, {
    call: { to: signer.address, data: '0x' },
    fees,
    nonce: mined,
    chainId: 31_337n,
  })
  expect(['ACCEPTED', 'UNDERPRICED']).toContain((await broadcast(rpc, bytes)).outcome)
  rpc.close()
}

test('whatever happens, the chain ends up with our latest checkpoint, and every anchor on it is ours', {
  timeout: 240_000,
}, async () => {
  const names = fc.constantFrom<Happening[]>(...(Object.keys(HAPPENINGS) as Happening[]))
  // some blocks that a reorganisation may take, so that it never takes the contract's own
  await anvil.mine(20)
  await fc.assert(
    fc.asyncProperty(fc.array(names, { minLength: 4, maxLength: 14 }), async (happenings) => {
      await anvil.automine(false)
      for (const each of happenings) await HAPPENINGS[each]()
      const { size } = await grow(1)
      for (let rounds = 0; rounds < 12 && (await anchored()) !== size; rounds++) {
        await turn()
        await anvil.mine()
        await HAPPENINGS['time passes']()
      }
      expect(await turn()).toMatchObject({ state: 'CURRENT' })
      expect(await anchored()).toBe(size)
      expect(await verifyAnchors(world.context, anchoring.chain)).toEqual([])
    }),
    { numRuns: 15 },
  )
})
