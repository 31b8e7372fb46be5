import type { Context } from '../../database/context.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import type { Reward } from './reward.ts'
import { selectRewards } from './store/rewards.ts'

export type ListRewardsInput = { readonly availableOnly: boolean; readonly page: PageInput }

/** What points are given for, by code; those alone that are given now, or all. Throws `INVALID_INPUT` for a page that is none. */
export async function listRewards(
  context: Context,
  { availableOnly, page }: ListRewardsInput,
): Promise<PageResult<Reward>> {
  const parsed = parsePage(page, 1)
  const rewards = await selectRewards(context.database.reads, { availableOnly, page: parsed })
  return pageOf(parsed, rewards, ({ code }) => [code])
}
