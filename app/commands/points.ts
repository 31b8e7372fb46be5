import type { Command } from 'commander'
import { act } from './act.ts'

type Whose = { readonly account?: string; readonly partner?: string }

/** `tributary points …`. */
export function addPoints(program: Command): void {
  const points = program.command('points').description('points that customers and partners have')
  whose(points.command('balance'))
    .description('points that can be used now')
    .action(({ account, partner }: Whose, command: Command) =>
      act(command, async (context) => {
        const { chooseHolder } = await import('../../ledger/points/choose-holder.ts')
        const { pointsBalance } = await import('../../ledger/points/points-balance.ts')
        return { result: await pointsBalance(context, chooseHolder({ accountKey: account, partner })) }
      }),
    )
  whose(points.command('list'))
    .description('what became of them, the last first, up to a hundred')
    .action(({ account, partner }: Whose, command: Command) =>
      act(command, async (context) => {
        const { chooseHolder } = await import('../../ledger/points/choose-holder.ts')
        const { listPoints } = await import('../../ledger/points/list-points.ts')
        const named = chooseHolder({ accountKey: account, partner })
        const moves = (await listPoints(context, named, { first: 100 })).edges.map(({ node }) => node)
        const rows = moves.map(({ at, kind, points: moved, expiresAt, reward, reason }) => {
          return { at, kind, points: moved, expiresAt, about: reward?.code ?? reason }
        })
        return { result: moves, rows }
      }),
    )
  addRedeem(points)
  addExpire(points)
  addReverse(points)
}

function whose(command: Command): Command {
  return command
    .option('--account <key>', "of a customer, by the broker's key")
    .option('--partner <code>', 'of a partner')
}

type RedeemOptions = Whose & { readonly reward: string; readonly key: string }

function addRedeem(points: Command): void {
  whose(points.command('redeem'))
    .requiredOption('--reward <code>', 'what for')
    .requiredOption('--key <text>', 'idempotency key: the same again has one effect')
    .description('gives points for a reward, of the oldest ones first')
    .action(({ account, partner, reward, key }: RedeemOptions, command: Command) =>
      act(command, async (context) => {
        const { chooseHolder } = await import('../../ledger/points/choose-holder.ts')
        const { redeemPoints } = await import('../../ledger/points/redeem-points.ts')
        const named = chooseHolder({ accountKey: account, partner })
        return { result: await redeemPoints(context, { whose: named, reward, idempotencyKey: key }) }
      }),
    )
}

function addExpire(points: Command): void {
  points
    .command('expire')
    .description('lets go all points that are past their end; safe to run again')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { expirePoints } = await import('../../ledger/points/expire-points.ts')
        return { result: await expirePoints(context) }
      }),
    )
}

function addReverse(points: Command): void {
  points
    .command('reverse')
    .argument('<contribution>', 'id of the referral, ctr_…')
    .requiredOption('--reason <text>', 'why; who had the points reads it')
    .description('takes back all points that a referral earned; a balance may go below zero')
    .action((contribution: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { reversePoints } = await import('../../ledger/points/reverse-points.ts')
        const moves = await reversePoints(context, { contribution, reason })
        return { result: moves, rows: moves.map(({ id, points: moved, at }) => ({ id, points: moved, at })) }
      }),
    )
}
