import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { findMember } from '../agreements/store/agreements.ts'
import { amount } from '../agreements/terms-fields.ts'
import { REWARD_STATUSES, type Reward, type RewardSupply } from './reward.ts'
import { insertRewards, lockReward, selectReward } from './store/rewards.ts'

const defineRewardInput = z.strictObject({
  /** Small letters, digits and `-`, up to 40; it names the reward for good. */
  code: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'it is no code such as coffee-voucher'),
  nameEn: lineOfText(100),
  nameZh: lineOfText(100),
  /** Whole points that it takes. */
  points: amount.refine((points) => points > 0n, 'it takes at least one point'),
  /** Who supplies it (code or id) and what is owed for each, in minor units; the house without it. */
  supply: z.strictObject({ partner: lineOfText(60), asset: assetText, minor: amount }).nullish(),
  status: z.enum(REWARD_STATUSES).default('ACTIVE'),
})

export type DefineRewardInput = z.input<typeof defineRewardInput>
type Wanted = z.output<typeof defineRewardInput>

/**
 * Says what a reward takes and gives from now on; what was redeemed before stands as it was. What is so already is left as
 * it is. Throws `INVALID_INPUT` with the path, and `NOT_FOUND` for the partner.
 */
export async function defineReward(context: Context, input: DefineRewardInput): Promise<Reward> {
  const wanted = parseExactly(defineRewardInput, input, 'reward')
  return context.database.transaction(async (tx) => {
    const supply = await supplyOf(tx, wanted)
    await lockReward(tx, wanted.code)
    const before = await selectReward(tx, wanted.code)
    if (before !== undefined && sameReward(before, { ...wanted, supply })) return before
    const version = (before?.version ?? 0) + 1
    const data = { ...wanted, supply: supply && { partner: supply.partner, price: supply.price } }
    const [record] = await appendRecords(context, tx, [{ kind: 'reward', data: { ...data, version: BigInt(version) } }])
    invariant(record, 'a record was appended')
    await insertRewards(tx, [{ ...wanted, supply, version, record }])
    const defined = await selectReward(tx, wanted.code)
    invariant(defined, 'a reward that was defined is there')
    return defined
  })
}

async function supplyOf(tx: Transaction, { supply }: Wanted): Promise<RewardSupply | undefined> {
  if (supply === undefined || supply === null) return undefined
  const member = await findMember(tx, supply.partner)
  if (member === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'supply.partner' })
  const { asset, minor } = supply
  return { partner: member.partner, partnerCode: member.code, price: { asset, minor } }
}

type Described = Omit<Reward, 'version' | 'available'>

function sameReward(one: Described, other: Described): boolean {
  return canonicalJson(describe(one)) === canonicalJson(describe(other))
}

function describe({ code, nameEn, nameZh, points, supply, status }: Described) {
  return { code, nameEn, nameZh, points, status, supply: supply && { partner: supply.partner, price: supply.price } }
}
