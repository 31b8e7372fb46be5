import { randomBytes } from 'node:crypto'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type Asset, decimalsOf } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { inBatches } from '../in-batches.ts'
import { holdStatements } from '../store/hold-statements.ts'
import type { BuildTree, Distributor, PayoutChain } from './chain.ts'
import { type Claim, type Round, secondsOf } from './round.ts'
import { insertClaims } from './store/claims.ts'
import { type Payable, selectPayable } from './store/payable.ts'
import { insertRound, takeNextNumber } from './store/rounds.ts'

export type PlanRoundInput = {
  readonly asset: Asset
  /** Statements of this programme only, by code or id. */
  readonly programme?: string | undefined
  readonly month?: Month | undefined
  /** Until when partners may claim. */
  readonly deadline: Date
  readonly chain: Pick<PayoutChain, 'describe'>
  readonly buildTree: BuildTree
}

export type PlannedRound = {
  readonly round: Round
  /** Statements that wait, and why. */
  readonly leftOut: readonly Payable[]
}

/**
 * Plans a round of all statements of locked periods in an asset that are accepted (also by silence), have something to
 * transfer, are in no other round and not paid by bank, whose partner is paid in its status and has a verified account, and
 * whose invoice came where one is asked for. Each of them stands in one live round at most. The root is fixed with the round; nothing is sent.
 *
 * Throws `NOT_FOUND` (programme), `NOT_READY` when there is nothing to give out, `ASSET_MISMATCH` when the token has other
 * decimals than the asset, `INVALID_INPUT` for a deadline that is over, `FORBIDDEN` unless a member of the staff acts.
 */
export async function planRound(context: Context, input: PlanRoundInput): Promise<PlannedRound> {
  requireStaff(context)
  if (input.deadline <= context.clock.now()) {
    throw new Fault('INVALID_INPUT', 'the deadline of a round lies ahead', { field: 'deadline' })
  }
  const distributor = await input.chain.describe()
  refuseOtherDecimals(input.asset, distributor)
  const programme =
    input.programme === undefined ? undefined : (await requireProgramme(context.database.reads, input.programme)).id
  return context.database.transaction(async (tx) => {
    const number = await takeNextNumber(tx, distributor)
    const filter = { asset: input.asset, programme, month: input.month, now: context.clock.now() }
    const seen = (await selectPayable(tx, filter)).map(({ statement }) => statement)
    await holdStatements(tx, seen)
    // what another round or a bank was given meanwhile is gone now
    const waiting = await selectPayable(tx, { ...filter, statements: seen })
    const leftOut = waiting.filter(({ hindrance }) => hindrance !== undefined)
    const round = await writeRound(context, tx, { input, distributor, number, waiting })
    return { round, leftOut }
  })
}

function refuseOtherDecimals(asset: Asset, { decimals, token }: Distributor): void {
  if (decimals === decimalsOf(asset)) return
  throw new Fault('ASSET_MISMATCH', `the token ${token} has ${decimals} decimals, ${asset} has ${decimalsOf(asset)}`)
}

type Planning = {
  readonly input: PlanRoundInput
  readonly distributor: Distributor
  readonly number: bigint
  readonly waiting: readonly Payable[]
}

async function writeRound(context: Context, tx: Transaction, planning: Planning): Promise<Round> {
  const { input, distributor, number } = planning
  const id = newId('pyr')
  const { claims, root, total } = claimsOf(id, planning)
  const { chainId, contract, token, block } = distributor
  // the contract counts whole seconds
  const deadline = new Date(Number(secondsOf(input.deadline)) * 1000)
  const [record] = await appendRecords(context, tx, [
    {
      kind: 'payout_round',
      data: {
        event: 'PLANNED',
        round: id,
        asset: input.asset,
        ...{ chainId, contract, token, number, root, total },
        claims: BigInt(claims.length),
        deadline: deadline.toISOString(),
        seenBlock: block,
      },
    },
  ])
  invariant(record, 'a round is planned with its record')
  const round: Round = {
    ...{ id, asset: input.asset, chainId, contract, token, number, root, total, claims: claims.length, deadline },
    ...{ status: 'PLANNED', plannedBy: context.actor, plannedAt: record.at, seenBlock: block },
    ...{ approvedBy: undefined, approvedAt: undefined },
  }
  await insertRound(tx, round, record.id)
  await inBatches(claims, (batch) =>
    appendRecords(
      context,
      tx,
      batch.map((claim) => claimRecord(claim, planning)),
    ),
  )
  await inBatches(claims, (batch) => insertClaims(tx, batch))
  return round
}

function claimsOf(
  round: Id<'pyr'>,
  { input, distributor, number, waiting }: Planning,
): { readonly claims: readonly Claim[]; readonly root: string; readonly total: bigint } {
  const leaves = waiting.flatMap(({ hindrance, account, statement, partner, transfer: amount }) =>
    hindrance !== undefined || account === undefined
      ? []
      : [{ statement, partner, account, amount, salt: `0x${randomBytes(32).toString('hex')}` }],
  )
  if (leaves.length === 0) throw new Fault('NOT_READY', `no statement in ${input.asset} can be given out now`)
  const { root, proofOf } = input.buildTree({ ...distributor, number }, leaves)
  const open = { claimedAt: undefined, claimedTx: undefined, returnedAt: undefined }
  return {
    claims: leaves.map((leaf, index) => ({ round, index, ...leaf, proof: proofOf(index), ...open })),
    root,
    total: leaves.reduce((all, { amount }) => all + amount, 0n),
  }
}

/** The partner's own: all it needs to claim, and to show that we owed it. */
function claimRecord(
  { round, index, statement, partner, account, amount, salt, proof }: Claim,
  { input, distributor: { chainId, contract }, number }: Planning,
): NewRecord {
  return {
    kind: 'payout_claim',
    partner,
    data: {
      event: 'PLANNED',
      ...{ round, statement, chainId, contract, number, account, amount, salt, proof },
      index: BigInt(index),
      asset: input.asset,
    },
  }
}
