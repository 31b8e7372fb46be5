import { type Command, Option } from 'commander'
import type { DefineRewardInput } from '../../ledger/points/define-reward.ts'
import { REWARD_STATUSES, type Reward, type RewardStatus } from '../../ledger/points/reward.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type AddOptions = Pick<DefineRewardInput, 'nameEn' | 'nameZh' | 'points'> & {
  readonly supplier?: string
  readonly asset: string
  readonly price?: string
  readonly status: RewardStatus
}

/** `tributary reward add`, `reward list`. */
export function addReward(program: Command): void {
  const reward = program.command('reward').description('what points are given for')
  reward
    .command('add')
    .argument('<code>', 'small letters, digits and -; it names the reward for good')
    .requiredOption('--name-en <name>')
    .requiredOption('--name-zh <name>')
    .requiredOption('--points <number>', 'how many it takes')
    .option('--supplier <code>', 'the partner who supplies it; the house without one')
    .option('--price <minor>', 'what the supplier is owed for each, in minor units')
    .option('--asset <asset>', 'what the supplier is paid in', 'CNY/2')
    .addOption(new Option('--status <status>', 'RETIRED to end it').choices(REWARD_STATUSES).default('ACTIVE'))
    .description('says what a reward takes and gives from now on: a new one, or the next version')
    .action((code: string, { supplier, price, asset, ...options }: AddOptions, command: Command) =>
      act(command, async (context) => {
        const { defineReward } = await import('../../ledger/points/define-reward.ts')
        const supply = supplier === undefined ? undefined : { partner: supplier, asset, minor: price ?? '' }
        const defined = await defineReward(context, { ...options, code, supply })
        return { result: defined, rows: [rowOf(defined)] }
      }),
    )
  reward
    .command('list')
    .description('all rewards as they stand, up to a hundred')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listRewards } = await import('../../ledger/points/list-rewards.ts')
        const { edges } = await listRewards(context, { availableOnly: false, page: { first: 100 } })
        const rewards = edges.map(({ node }) => node)
        return { result: rewards, rows: rewards.map(rowOf) }
      }),
    )
}

function rowOf({ code, version, nameEn, nameZh, points, supply, status, available }: Reward): Row {
  const { partnerCode: supplier, price } = supply ?? {}
  return {
    code,
    version,
    nameEn,
    nameZh,
    points,
    supplier,
    price: price?.minor,
    status,
    given: available ? 'yes' : 'no',
  }
}
