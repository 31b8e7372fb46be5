import { describe, expect, test } from 'vitest'
import { openPayoutContract } from '../../../contracts/payout-contract.ts'
import { buildPayoutTree } from '../../../contracts/payout-tree.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { approveRound } from '../../../ledger/distribution/approve-round.ts'
import { cancelRound } from '../../../ledger/distribution/cancel-round.ts'
import { findClaim } from '../../../ledger/distribution/find-claim.ts'
import { fundRound } from '../../../ledger/distribution/fund-round.ts'
import { listRounds } from '../../../ledger/distribution/list-rounds.ts'
import { planRound } from '../../../ledger/distribution/plan-round.ts'
import { sweepRound } from '../../../ledger/distribution/sweep-round.ts'
import { verifyJournal } from '../../../ledger/journal/verify-journal.ts'
import { deploy } from '../../contracts/deploy.ts'
import { recordsNaming } from '../../partners/factories.ts'
import { FUNDED_KEYS, useAnvil } from '../../support/anvil.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import {
  ASSET,
  as,
  BUDGET_WEI,
  booked,
  call,
  claim,
  claimsOf,
  DAY_SECONDS,
  freshAccount,
  fund,
  fundedRound,
  plan,
  setAccount,
  settled,
  sync,
  useChainScene,
} from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const scene = useChainScene(anvil)
const status = async (id: string) => (await listRounds(world.context)).find((round) => round.id === id)?.status

async function passDeadline(): Promise<void> {
  await anvil.send('evm_increaseTime', [DAY_SECONDS + 1])
  await anvil.mine()
}

test('a locked month goes all the way: planned, approved, funded, claimed, closed, and the journal says so', async () => {
  const members = await settled(world, [1_000_000, 2_500_000], { tax: { vatPpm: 60_000, withholdingPpm: 100_000 } })
  const { round, leftOut } = await plan(world.context, scene.now())
  expect(leftOut).toEqual([])
  // 0.96 of each payout: 6 % VAT on top, 10 % withheld
  expect(round).toMatchObject({ status: 'PLANNED', claims: 2, total: 3_360_000n, asset: ASSET })
  await approveRound(as(world.context, 'bob'), round.id)
  expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'SENT' })
  expect(await status(round.id)).toBe('FUNDING')
  await sync(world.context, scene.now())
  expect(await status(round.id)).toBe('FUNDED')
  expect(await booked(world.context, 'Clearing')).toEqual({ 'Clearing:Payouts': -3_360_000n })
  expect(await booked(world.context, 'Tax')).toEqual({ 'Tax:InputVAT': 210_000n, 'Tax:Withholding': -350_000n })
  expect(await booked(world.context, 'Partner')).toEqual({})

  const claims = await claimsOf(world.context, round)
  for (const each of claims) await claim(scene.now(), round, each)
  expect(await sync(world.context, scene.now())).toMatchObject([{ claimed: 2, round: { status: 'CLOSED' } }])
  const { token, distributor } = scene.now()
  const held = await Promise.all(members.map(({ account }) => token.getFunction('balanceOf')(account)))
  expect(held).toEqual([960_000n, 2_400_000n])
  expect(await booked(world.context, 'Clearing')).toEqual({})
  expect(await booked(world.context, 'Bank')).toEqual({ [`Bank:Chain:${await distributor.getAddress()}`]: -3_360_000n })
  expect(await verifyJournal(world.context)).toEqual([])

  const records = await recordsNaming(world.context, { kind: 'payout_round', id: round.id })
  expect(records.map(({ event }) => event)).toEqual(['PLANNED', 'APPROVED', 'FUNDING', 'FUNDED', 'CLOSED'])
  const own = await recordsNaming(world.context, { kind: 'payout_claim', id: claims[0]?.statement ?? '' })
  expect(own).toMatchObject([
    { event: 'PLANNED', account: claims[0]?.account, salt: claims[0]?.salt, proof: claims[0]?.proof },
    { event: 'CLAIMED', round: round.id },
  ])
})

test('what nobody claimed is swept after the deadline, owed again, given out again, and taxed once', async () => {
  const terms = { tax: { vatPpm: 60_000 } }
  const [prompt, late] = await settled(world, [100, 200], terms)
  const before = await booked(world.context, 'Tax')
  const round = await fundedRound(world.context, scene.now())
  const [first, second] = await claimsOf(world.context, round)
  if (first === undefined || second === undefined) throw new Error('two claims were planned')
  await claim(scene.now(), round, first)
  const sweeping = { round: round.id, chain: scene.now().chain, budgetWei: BUDGET_WEI }
  const alice = as(world.context, 'alice')
  await expect(sweepRound(alice, sweeping)).rejects.toThrow('DeadlineNotPassed')
  await passDeadline()
  expect(await sweepRound(alice, sweeping)).toMatchObject({ outcome: 'SENT' })
  expect(await sweepRound(alice, sweeping)).toMatchObject({ outcome: 'SWEPT' })
  expect(await sync(world.context, scene.now())).toMatchObject([{ claimed: 1, round: { status: 'SWEPT' } }])
  expect(await booked(world.context, 'Partner:Payable')).toEqual({ [`Partner:Payable:${late?.code}`]: -212n })
  expect(await booked(world.context, 'Clearing')).toEqual({})
  await expect(sweepRound(alice, sweeping)).rejects.toMatchObject({ code: 'WRONG_STATE' })

  world.clock.set(new Date(Date.now() + (DAY_SECONDS + 1) * 1000))
  const again = await fundedRound(world.context, scene.now())
  expect(again).toMatchObject({ claims: 1, total: 212n })
  const [retry] = await claimsOf(world.context, again)
  if (retry === undefined) throw new Error('one claim was planned')
  expect(retry).toMatchObject({ statement: second.statement, partner: late?.partner })
  await claim(scene.now(), again, retry)
  await sync(world.context, scene.now())
  expect(await status(again.id)).toBe('CLOSED')
  expect(await booked(world.context, 'Partner:Payable')).toEqual({})
  expect(await booked(world.context, 'Tax')).toEqual({
    ...before,
    'Tax:InputVAT': (before['Tax:InputVAT'] ?? 0n) + 18n,
  })
  expect(prompt?.account).toBe(first.account)
  expect(await verifyJournal(world.context)).toEqual([])
})

describe('planning', () => {
  test('takes each statement once, also when two plan at the same moment', async () => {
    await settled(world, [10, 20, 30])
    const plans = await Promise.allSettled([1, 2, 3].map(() => plan(world.context, scene.now())))
    const made = plans.flatMap((each) => (each.status === 'fulfilled' ? [each.value.round] : []))
    expect(made).toMatchObject([{ claims: 3, total: 60n }])
    const refused = plans.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(refused).toEqual(['NOT_READY', 'NOT_READY'])
    await cancelRound(as(world.context, 'alice'), { round: made[0]?.id ?? '', reason: 'a test' })
    const next = await plan(world.context, scene.now())
    expect(next.round.claims).toBe(3)
    expect(next.round.number).toBe((made[0]?.number ?? 0n) + 1n)
    await cancelRound(as(world.context, 'alice'), { round: next.round.id, reason: 'a test' })
    await giveAway()
  })

  test('leaves out whom it may not pay, and says why', async () => {
    const [suspended, homeless, paid] = await settled(world, [10, 20, 30])
    const nowhere = { partner: suspended?.code ?? '', status: 'SUSPENDED', reason: 'a test' } as const
    await changePartnerStatus(world.context, nowhere)
    await world.owner.unsafe('alter table payout_addresses disable trigger user')
    await world.owner`delete from payout_addresses where account = ${homeless?.account ?? ''}`
    await world.owner.unsafe('alter table payout_addresses enable trigger user')
    const { round, leftOut } = await plan(world.context, scene.now())
    expect(leftOut.map(({ partner, hindrance }) => [partner, hindrance])).toEqual([
      [suspended?.partner, 'PARTNER_NOT_PAID'],
      [homeless?.partner, 'NO_ADDRESS'],
    ])
    expect((await claimsOf(world.context, round)).map(({ partner }) => partner)).toEqual([paid?.partner])
    await cancelRound(as(world.context, 'alice'), { round: round.id, reason: 'a test' })
    await changePartnerStatus(world.context, { ...nowhere, status: 'LIVE' })
    await setAccount(world.context, homeless?.code ?? '', freshAccount())
    await giveAway()
  })

  test('waits until a statement can no longer be disputed, and leaves out a disputed one', async () => {
    const [member] = await settled(world, [10], { disputeDays: 10 })
    await expect(plan(world.context, scene.now())).rejects.toMatchObject({ code: 'NOT_READY' })
    world.clock.set(new Date(world.clock.now().getTime() + 10 * DAY_SECONDS * 1000))
    await world.owner`update statements set status = 'DISPUTED' where partner_id = ${(member?.partner ?? '').slice(4)}`
    const far = { deadline: new Date(world.clock.now().getTime() + 1000), buildTree: buildPayoutTree }
    const input = { asset: ASSET, chain: scene.now().chain, ...far } as const
    await expect(planRound(as(world.context, 'alice'), input)).rejects.toMatchObject({ code: 'NOT_READY' })
    await world.owner`update statements set status = 'ISSUED' where partner_id = ${(member?.partner ?? '').slice(4)}`
    const { round } = await planRound(as(world.context, 'alice'), input)
    expect(round.claims).toBe(1)
    await cancelRound(as(world.context, 'alice'), { round: round.id, reason: 'a test' })
    await giveAway()
  })

  test('is refused for a deadline that is over, another number of decimals, and a system', async () => {
    const { chain } = scene.now()
    const input = {
      asset: ASSET,
      deadline: new Date(Date.now() + 10 ** 10),
      chain,
      buildTree: buildPayoutTree,
    } as const
    const alice = as(world.context, 'alice')
    await expect(planRound(alice, { ...input, deadline: world.clock.now() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(planRound(alice, { ...input, asset: 'USDC/2' })).rejects.toMatchObject({ code: 'ASSET_MISMATCH' })
    await expect(planRound(world.context, input)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('two persons', () => {
  test('are needed before a round is funded; the same person is refused by code and by the database', async () => {
    await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await expect(fund(world.context, scene.now(), round)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(approveRound(as(world.context, 'alice'), round.id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(approveRound(world.context, round.id)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(
      world.owner`update payout_rounds set status = 'APPROVED', approved_by = planned_by, approved_at = now()
        where id = ${round.id.slice(4)}`,
    ).rejects.toMatchObject({ constraint_name: 'payout_rounds_two_persons' })
    await expect(
      world.owner`update payout_rounds set status = 'APPROVED' where id = ${round.id.slice(4)}`,
    ).rejects.toMatchObject({ constraint_name: 'payout_rounds_approved' })
    expect(await status(round.id)).toBe('PLANNED')
    const both = await Promise.allSettled(
      ['bob', 'carol'].map((name) => approveRound(as(world.context, name), round.id)),
    )
    expect(both.map((each) => each.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await cancelRound(as(world.context, 'bob'), { round: round.id, reason: 'a test' })
    expect(await status(round.id)).toBe('CANCELLED')
    await giveAway()
  })

  test('do not help a round whose partner was suspended or moved meanwhile', async () => {
    const [member] = await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    await setAccount(world.context, member?.code ?? '', freshAccount())
    await expect(fund(world.context, scene.now(), round)).rejects.toThrow('cancelled and planned again')
    expect(await status(round.id)).toBe('APPROVED')
    await cancelRound(as(world.context, 'alice'), { round: round.id, reason: 'another account' })
    await giveAway()
  })
})

describe('funding', () => {
  test('again, or by two at once, opens the round once', async () => {
    await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    await Promise.all([fund(world.context, scene.now(), round), fund(world.context, scene.now(), round)])
    expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'OPENED' })
    const opened = await scene
      .now()
      .distributor.queryFilter(scene.now().distributor.filters['RoundOpened']?.(round.number) ?? '')
    expect(opened).toHaveLength(1)
    await expect(cancelRound(as(world.context, 'alice'), { round: round.id, reason: 'late' })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await sync(world.context, scene.now())
    expect(await status(round.id)).toBe('FUNDED')
  })

  test('is refused when another contract is configured than the round was planned for', async () => {
    await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    const { owner, token } = scene.now()
    const contract = await (
      await deploy(owner, 'PayoutDistributor', [await token.getAddress(), owner.address])
    ).getAddress()
    const elsewhere = openPayoutContract({ rpcUrl: anvil.url, contract, signer: signerOfKey(FUNDED_KEYS[0]) })
    const input = { round: round.id, chain: elsewhere, budgetWei: BUDGET_WEI }
    const refused = fundRound(as(world.context, 'alice'), input)
    await expect(refused).rejects.toMatchObject({ code: 'WRONG_STATE', message: expect.stringContaining(contract) })
    elsewhere.close()
    expect(await status(round.id)).toBe('APPROVED')
    expect(await fund(world.context, scene.now(), round)).toMatchObject({ outcome: 'SENT' })
    await sync(world.context, scene.now())
  })

  test('by hand hands out the calls that the owner makes from any wallet', async () => {
    await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    const { chain, owner } = scene.now()
    const funding = await fundRound(as(world.context, 'alice'), {
      round: round.id,
      chain: { ...chain, sender: undefined },
      byHand: true,
      budgetWei: 0n,
    })
    if (funding.outcome !== 'BY_HAND') throw new Error('the calls were asked for')
    await sync(world.context, scene.now())
    expect(await status(round.id)).toBe('FUNDING')
    for (const each of funding.calls) await (await owner.sendTransaction(each)).wait()
    await sync(world.context, scene.now())
    expect(await status(round.id)).toBe('FUNDED')
  })

  test('is refused without the money, above the budget, and without a key', async () => {
    await settled(world, [10 ** 12])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    await expect(fund(world.context, scene.now(), round)).rejects.toThrow('of 1000000.000000 USDC/6')
    const { chain, token, owner } = scene.now()
    const alice = as(world.context, 'alice')
    const input = { round: round.id, chain, budgetWei: BUDGET_WEI }
    await expect(fundRound(alice, { ...input, chain: { ...chain, sender: undefined } })).rejects.toMatchObject({
      code: 'NOT_READY',
    })
    await call(token, 'mint', [owner.address, 10n ** 12n])
    await expect(fundRound(alice, { ...input, budgetWei: 1n })).rejects.toMatchObject({ code: 'CHAIN_REFUSED' })
    // nothing is lost: the round may still be funded until its deadline, and is given up after it
    await passDeadline()
    expect(await sync(world.context, scene.now())).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ round: expect.objectContaining({ status: 'CANCELLED' }) })]),
    )
    world.clock.set(new Date(Date.now() + 3 * DAY_SECONDS * 1000))
    await giveAway()
  })

  test('of another round under the number by somebody else is found, and nothing is booked', async () => {
    await settled(world, [10])
    const { round } = await plan(world.context, scene.now())
    await approveRound(as(world.context, 'bob'), round.id)
    const { chain, distributor, token } = scene.now()
    await call(token, 'approve', [await distributor.getAddress(), 5n])
    const deadline = BigInt(Math.floor(round.deadline.getTime() / 1000))
    await call(distributor, 'openRound', [round.number, `0x${'11'.repeat(32)}`, 5n, deadline])
    await expect(fund(world.context, scene.now(), round)).rejects.toMatchObject({ code: 'CHAIN_DIFFERS' })
    await expect(sync(world.context, scene.now())).rejects.toMatchObject({ code: 'CHAIN_DIFFERS' })
    expect(await status(round.id)).toBe('FUNDING')
    expect(chain.sender?.account).toBe(scene.now().owner.address)
    await world.owner`update payout_rounds set status = 'CANCELLED' where id = ${round.id.slice(4)}`
  })
})

test('a claim is found once the contract has the money, by its own partner alone', async () => {
  const [member, other] = await settled(world, [10, 20])
  const { round } = await plan(world.context, scene.now())
  const [first] = await claimsOf(world.context, round)
  if (first === undefined) throw new Error('two claims were planned')
  const { statement } = first
  expect(await findClaim(world.context, { statement, partner: member?.partner })).toBeUndefined()
  await approveRound(as(world.context, 'bob'), round.id)
  await fund(world.context, scene.now(), round)
  await sync(world.context, scene.now())
  expect(await findClaim(world.context, { statement, partner: other?.partner })).toBeUndefined()
  expect(await findClaim(world.context, { statement, partner: member?.partner })).toMatchObject({
    claim: { account: member?.account, amount: 10n, index: 0 },
    round: { number: round.number },
  })
})

/** Statements that wait are put into a round that is funded, so that they are in nobody's way. */
async function giveAway(): Promise<void> {
  await fundedRound(world.context, scene.now())
}
