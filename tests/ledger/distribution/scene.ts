import { type Contract, Wallet } from 'ethers'
import { afterAll, beforeAll } from 'vitest'
import { parseAccount } from '../../../contracts/account.ts'
import { openPayoutContract, type PayoutContract } from '../../../contracts/payout-contract.ts'
import { buildPayoutTree } from '../../../contracts/payout-tree.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import type { Context } from '../../../database/context.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { approveRound } from '../../../ledger/distribution/approve-round.ts'
import { fundRound } from '../../../ledger/distribution/fund-round.ts'
import { type PlannedRound, planRound } from '../../../ledger/distribution/plan-round.ts'
import { proposePayoutAddress } from '../../../ledger/distribution/propose-payout-address.ts'
import type { Claim, Round } from '../../../ledger/distribution/round.ts'
import { selectClaimsToPost } from '../../../ledger/distribution/store/claims.ts'
import { type SyncedRound, syncRounds } from '../../../ledger/distribution/sync-rounds.ts'
import { verifyPayoutAddress } from '../../../ledger/distribution/verify-payout-address.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { deploy, deployFixture, walletOn } from '../../contracts/deploy.ts'
import { type Anvil, FUNDED_KEYS } from '../../support/anvil.ts'
import type { TestWorld } from '../../support/database.ts'
import { customersIn, earn, freshCode, liveMember, refer, termsFor } from '../settlement/scene.ts'

export const ASSET = 'USDC/6'
export const BUDGET_WEI = 10n ** 17n
export const DAY_SECONDS = 86_400

export type Member = PartnerCaller & { readonly code: string; readonly account: string }

/** The same world, in the hands of a member of the staff. */
export function as(context: Context, name: string): Context {
  return { ...context, actor: `staff:${name}` }
}

/** An account on the chain that nobody has used, with its checksum. */
export function freshAccount(): string {
  return Wallet.createRandom().address
}

/** A token with money for the owner, and a distributor; made anew for each file. */
export type ChainScene = {
  readonly owner: Wallet
  readonly token: Contract
  readonly distributor: Contract
  readonly chain: PayoutContract
}

/** A chain scene for all tests of a file; read it inside tests and hooks. */
export function useChainScene(anvil: Anvil): { readonly now: () => ChainScene } {
  let scene: ChainScene | undefined
  beforeAll(async () => {
    const owner = walletOn(anvil)
    const token = await deployFixture(owner, 'TestToken', [])
    const distributor = await deploy(owner, 'PayoutDistributor', [await token.getAddress(), owner.address])
    await call(token, 'mint', [owner.address, 10n ** 12n])
    const contract = await distributor.getAddress()
    const chain = openPayoutContract({ rpcUrl: anvil.url, contract, signer: signerOfKey(FUNDED_KEYS[0]) })
    scene = { owner, token, distributor, chain }
  })
  afterAll(() => {
    scene?.owner.provider?.destroy()
    scene?.chain.close()
  })
  return {
    now: () => {
      if (scene === undefined) throw new Error('the chain is set in beforeAll: read it inside a test')
      return scene
    },
  }
}

/** Sends a transaction to a contract, and waits for its block. */
export async function call(contract: Contract, name: string, parameters: readonly unknown[]): Promise<string> {
  const sent = await contract.getFunction(name)(...parameters)
  await sent.wait()
  return sent.hash
}

/** Members of one programme in USDC with a verified account each, and their locked statements of January. */
export async function settled(
  world: TestWorld,
  amounts: readonly number[],
  terms: object = {},
): Promise<readonly Member[]> {
  const { context } = world
  world.clock.set(new Date())
  const programme = freshCode('coins')
  await createProgramme(context, { code: programme, name: 'Coins', asset: ASSET, timeZone: 'Asia/Shanghai' })
  const published = termsFor(programme, { asset: ASSET, disputeDays: 0, ...terms })
  await publishTerms(context, { programme, terms: published })
  const members: Member[] = []
  for (const minor of amounts) {
    const member = await liveMember(context, [programme])
    const [customer = ''] = await customersIn(world, 1)
    await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
    // a fifth of it is the member's
    await earn(context, customer, [['t', minor * 5, '2026-01-10T00:00:00Z']], { asset: ASSET })
    const account = freshAccount()
    await setAccount(context, member.code, account)
    members.push({ ...member, account })
  }
  await closePeriod(context, { programme, month: '2026-01' })
  return members
}

/** One person enters a partner's account, another verifies it. */
export async function setAccount(context: Context, partner: string, account: string): Promise<void> {
  const input = { partner, account, readAccount: parseAccount }
  await proposePayoutAddress(as(context, 'alice'), input)
  await verifyPayoutAddress(as(context, 'bob'), input)
}

/** Plans a round of all that waits; it ends a day from now. */
export async function plan(context: Context, { owner, chain }: ChainScene): Promise<PlannedRound> {
  const chainTime = ((await owner.provider?.getBlock('latest'))?.timestamp ?? 0) * 1000
  const deadline = new Date(Math.max(chainTime, context.clock.now().getTime()) + DAY_SECONDS * 1000)
  return planRound(as(context, 'alice'), { asset: ASSET, deadline, chain, buildTree: buildPayoutTree })
}

/** Plans, approves and funds a round, and books that. */
export async function fundedRound(context: Context, scene: ChainScene): Promise<Round> {
  const { round } = await plan(context, scene)
  await approveRound(as(context, 'bob'), round.id)
  await fund(context, scene, round)
  await sync(context, scene)
  return round
}

export function fund(context: Context, { chain }: ChainScene, { id }: Pick<Round, 'id'>) {
  return fundRound(as(context, 'alice'), { round: id, chain, budgetWei: BUDGET_WEI, waitSeconds: 10 })
}

export function sync(context: Context, { chain }: ChainScene, confirmations = 1): Promise<readonly SyncedRound[]> {
  return syncRounds(context, { chain, confirmations })
}

/** Claims of a round by index. */
export async function claimsOf(context: Context, { id }: Pick<Round, 'id'>): Promise<readonly Claim[]> {
  return selectClaimsToPost(context.database.reads, id)
}

/** The partner claims, or anybody for it. */
export async function claim(scene: ChainScene, round: Round, { index, account, amount, salt, proof }: Claim) {
  return call(scene.distributor, 'claim', [round.number, index, account, amount, salt, proof])
}

/** Balances in USDC of accounts that begin so, by what follows. */
export async function booked(context: Context, prefix: string): Promise<Readonly<Record<string, bigint>>> {
  const found = await balances(context, { prefix, asset: ASSET })
  return Object.fromEntries(found.map(({ account, minor }) => [account, minor]))
}
