import type { Context } from '../../database/context.ts'
import { type DefineRewardInput, defineReward } from '../../ledger/points/define-reward.ts'
import type { DemoPartner } from './demo-partners.ts'
import { PROGRAMME } from './demo-plan.ts'

/** Defines what points are given for: money of the house, and what a shop supplies. */
export async function loadRewards(context: Context, partners: readonly DemoPartner[]): Promise<void> {
  const supplier = partners.find(({ code }) => code === 'pearl-market')
  const rewards: readonly DefineRewardInput[] = [
    { code: 'cash-back', nameEn: 'Half a yuan', nameZh: '五角钱', points: 100 },
    {
      code: 'coffee-voucher',
      nameEn: 'A coffee voucher',
      nameZh: '咖啡券',
      points: 200,
      supply: supplier && { partner: supplier.code, asset: PROGRAMME.asset, minor: 90 },
    },
  ]
  for (const reward of rewards) await defineReward(context, reward)
}
