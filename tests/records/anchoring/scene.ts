import { afterAll, afterEach, beforeEach } from 'vitest'
import { type AnchorContract, openAnchorContract } from '../../../contracts/anchor-contract.ts'
import { deployContract } from '../../../contracts/deploy-contract.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { type AnchorOutcome, anchorLog } from '../../../records/anchoring/anchor-log.ts'
import type { AnchorPolicy } from '../../../records/anchoring/chain.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import type { Checkpoint } from '../../../records/store/checkpoints.ts'
import { type Anvil, FUNDED_KEYS } from '../../support/anvil.ts'
import type { TestWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'

/** Anchors at once, with money enough, and calls an anchor final when it is in a block. */
export const POLICY: AnchorPolicy = {
  everySeconds: 0,
  budgetWei: 10n ** 17n,
  replaceAfterSeconds: 120,
  confirmations: 1,
}

/** Where a `LedgerAnchor` that the first funded account publishes to was made. */
export async function deployAnchor(url: string, key: string = FUNDED_KEYS[0]): Promise<string> {
  const signer = signerOfKey(key)
  const { contract } = await deployContract({
    rpcUrl: url,
    signer,
    contract: 'LedgerAnchor',
    parameters: [signer.address, signer.address],
    budgetWei: 10n ** 18n,
    waitSeconds: 10,
  })
  return contract
}

/** A contract that is made anew for each test, and turns of anchoring to it. */
export type Anchoring = {
  readonly chain: AnchorContract
  /** One turn. */
  readonly turn: (policy?: Partial<AnchorPolicy>) => Promise<AnchorOutcome>
  /** Appends records, seals them and signs for them. */
  readonly grow: (count: number) => Promise<Checkpoint>
  /** Size of the head on the chain. */
  readonly anchored: () => Promise<number>
}

export function useAnchoring(world: TestWorld, anvil: Anvil): Anchoring {
  let chain: AnchorContract | undefined
  const opened: AnchorContract[] = []
  beforeEach(async () => {
    await anvil.automine(true)
    chain = openAnchorContract({
      rpcUrl: anvil.url,
      contract: await deployAnchor(anvil.url),
      signer: signerOfKey(FUNDED_KEYS[0]),
    })
    opened.push(chain)
  })
  afterEach(() => anvil.automine(true))
  afterAll(() => {
    for (const each of opened) each.close()
  })
  const present = (): AnchorContract => {
    if (chain === undefined) throw new Error('the contract is made before each test: read it inside one')
    return chain
  }
  return {
    get chain() {
      return present()
    },
    turn: (policy = {}) => anchorLog(world.context, { chain: present(), policy: { ...POLICY, ...policy } }),
    grow: async (count) => {
      await appendSome(world.context, count)
      await sealAll(world.context, world.owner)
      return signCheckpoint(world.context, { origin: 'log.example' })
    },
    anchored: async () => Number((await present().head()).size),
  }
}
